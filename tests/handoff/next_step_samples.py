"""Situations of a chat, previews of the policy, and the steps that are suggested for them."""

from dataclasses import replace
from datetime import date
from typing import Any

from amends.cases.model import Case, CaseStatus, Category, Order, OrderLine, OrderState, Wish
from amends.compensation.clauses import Part, Recovery, Role
from amends.compensation.decision import Decision, Outcome, RemedyGrant
from amends.compensation.grants import Preview
from amends.compensation.ground import GrantOption
from amends.compensation.model import Step
from amends.conversations.model import Message
from amends.conversations.model import Role as Speaker
from amends.handoff.approval_model import Approval
from amends.handoff.model import Handoff, HandoffState
from amends.handoff.next_steps import NextStep, StepKind, next_steps
from amends.handoff.queue import Summary
from amends.values import Money
from tests.storage.samples import DAY, NOW, case, conversation, handoff, offer, remedy

ORDER = Order(
    number="10045",
    customer_id="cus-1",
    state=OrderState.LATE,
    currency="GBP",
    lines=(OrderLine("TABLE", "Bistro table", 1, 9900),),
    shipping_paid_minor=495,
    placed_at=NOW - 12 * DAY,
    due_on=date(2026, 2, 23),
)
COMPLETE = case(
    category=Category.NOT_RECEIVED,
    status=CaseStatus.WITH_STAFF,
    order_number="10045",
    what_happened="It never came, and nobody answers.",
    wish=Wish.REFUND,
)
MINE = handoff(state=HandoffState.CLAIMED, claimed_by="s-ana", claimed_at=NOW)
ANSWERED = replace(MINE, first_answer_at=NOW)


def said(*speakers: Speaker) -> tuple[Message, ...]:
    return tuple(Message("c1", seq, who, "words", NOW) for seq, who in enumerate(speakers, 1))


def summary(
    taken: Handoff = ANSWERED,
    on_table: Case | None = COMPLETE,
    speakers: tuple[Speaker, ...] = (Speaker.CUSTOMER, Speaker.STAFF),
    **facts: Any,
) -> Summary:
    plain = Summary(
        handoff=taken,
        conversation=conversation(),
        case=on_table,
        customer=None,
        order=ORDER if on_table and on_table.order_number else None,
        earlier_cases=(),
        offers=(),
        promises=(),
        timeline=(),
        moods=(),
        messages=said(*speakers),
    )
    return replace(plain, **facts)


def grant(kind: str = "voucher", amount: int | None = 500) -> RemedyGrant:
    corrective = kind in ("replacement", "resend")
    return RemedyGrant(
        kind=kind,
        recovery=Recovery.CORRECTIVE if corrective else Recovery.COMPENSATORY,
        part=Part.GOODWILL,
        amount=Money(amount, "GBP") if amount else None,
        clauses=(f"late-{kind}",),
        title={"en": kind.title()},
    )


def decision(outcome: Outcome = Outcome.REMEDY) -> Decision:
    return Decision(outcome, (), (), (), {}, (), {}, 1, 0, "retail", "2026-01")


def option(*grants: RemedyGrant) -> GrantOption:
    return GrantOption(grants or (grant(),), decision())


def preview(
    *options: GrantOption,
    beyond: tuple[GrantOption, ...] = (),
    outcome: Outcome = Outcome.REMEDY,
    on_table: Case = COMPLETE,
) -> Preview:
    role = Role.SUPERVISOR if beyond else None
    return Preview(on_table, Role.AGENT, options, beyond, role, decision(outcome))


NOTHING = preview(outcome=Outcome.NONE)
REQUEST = Approval("a1", "h1", "k1", "key", (grant(),), "s-ana", NOW, "A present")
GIVEN = offer("o1", remedy(state=Step.ACCEPTED))


def steps(
    known: Summary, seen: Preview | None = NOTHING, *approvals: Approval
) -> tuple[NextStep, ...]:
    return next_steps(known, seen, approvals, NOW)


def kinds(known: Summary, seen: Preview | None = NOTHING, *approvals: Approval) -> list[StepKind]:
    return [one.kind for one in steps(known, seen, *approvals)]

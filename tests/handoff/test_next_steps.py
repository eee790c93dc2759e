"""What is suggested next, in many situations; never more than four steps, never an own remedy."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.cases.model import Case, CaseStatus, Category, Order, OrderLine, OrderState, Wish
from amends.cases.model import PromiseState as State
from amends.compensation.clauses import Part, Recovery, Role
from amends.compensation.decision import Decision, Outcome, RemedyGrant
from amends.compensation.grants import GrantOption, Preview
from amends.compensation.model import Step
from amends.conversations.model import Message
from amends.conversations.model import Role as Speaker
from amends.handoff.approval_model import Approval, ApprovalState
from amends.handoff.model import Channel, Contact, Handoff, HandoffState
from amends.handoff.next_steps import MOST_STEPS, NextStep, StepKind, next_steps
from amends.handoff.queue import Summary
from amends.values import Money
from tests.storage.samples import (
    DAY,
    HOUR,
    NOW,
    case,
    conversation,
    handoff,
    offer,
    promise,
    remedy,
    understanding,
)

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


class TestFirstThings:
    @pytest.mark.parametrize("flag", ["safety", "self_harm", "violence_threat"])
    def test_given_danger_then_help_comes_before_all_else(self, flag: str) -> None:
        in_danger = replace(COMPLETE, flags=frozenset({flag}))

        assert kinds(summary(MINE, in_danger))[0] is StepKind.HELP_FIRST

    def test_given_danger_in_a_message_without_a_case_then_help_first(self) -> None:
        moods = ((1, understanding(flags=frozenset({"self_harm"}))),)

        assert kinds(summary(MINE, None, moods=moods), None) == [
            StepKind.HELP_FIRST,
            StepKind.ANSWER,
        ]

    def test_given_harmless_flag_then_no_first_help(self) -> None:
        flagged = replace(COMPLETE, flags=frozenset({"legal", "media"}))

        assert StepKind.HELP_FIRST not in kinds(summary(MINE, flagged))

    def test_given_danger_that_a_person_has_answered_then_not_repeated(self) -> None:
        in_danger = replace(COMPLETE, flags=frozenset({"safety"}))

        assert StepKind.HELP_FIRST not in kinds(summary(ANSWERED, in_danger))

    def test_given_no_answer_yet_then_answer_by_the_time_promised(self) -> None:
        (first, *_) = steps(summary(MINE))

        assert (first.kind, first.due_at) == (StepKind.ANSWER, MINE.answer_due_at)

    def test_given_customer_wrote_last_then_answer(self) -> None:
        speakers = (Speaker.CUSTOMER, Speaker.STAFF, Speaker.CUSTOMER)

        first = steps(summary(speakers=speakers))[0]

        assert (first.kind, first.due_at) == (StepKind.ANSWER, None)

    def test_given_notice_after_our_answer_then_the_answer_still_counts(self) -> None:
        speakers = (Speaker.CUSTOMER, Speaker.STAFF, Speaker.SYSTEM)

        assert StepKind.ANSWER not in kinds(summary(speakers=speakers))

    @pytest.mark.parametrize("channel", list(Channel))
    def test_given_address_left_then_answer_there_instead(self, channel: Channel) -> None:
        left = replace(MINE, contact=Contact(channel, "somewhere"))

        first = steps(summary(left))[0]

        assert (first.kind, first.channel) == (StepKind.ANSWER_ELSEWHERE, channel)
        assert (first.address, first.due_at) == ("somewhere", MINE.answer_due_at)
        assert StepKind.ANSWER not in kinds(summary(left))

    def test_given_contact_wished_for_without_an_address_then_answer_here(self) -> None:
        left = replace(MINE, contact=Contact(Channel.PHONE))

        assert kinds(summary(left))[0] is StepKind.ANSWER


class TestPromises:
    @pytest.mark.parametrize(
        "late",
        [
            promise(due_at=NOW - HOUR),
            promise(due_at=NOW - HOUR, state=State.BROKEN),
        ],
    )
    def test_given_promise_not_kept_then_own_up_to_it(self, late: Any) -> None:
        (first, *_) = steps(summary(promises=(late,)))

        assert (first.kind, first.due_at) == (StepKind.OWN_UP, NOW - HOUR)

    @pytest.mark.parametrize(
        "fine",
        [
            promise(due_at=NOW + HOUR),
            promise(due_at=NOW - HOUR, state=State.KEPT),
            promise(due_at=NOW - HOUR, state=State.RELEASED),
            promise(due_at=NOW - HOUR, what="staff_answer"),
        ],
    )
    def test_given_promise_that_stands_then_nothing_to_own_up_to(self, fine: Any) -> None:
        assert StepKind.OWN_UP not in kinds(summary(promises=(fine,)))


class TestRepeatComplaints:
    AGAIN = replace(COMPLETE, repeat_complaint=True)

    def test_given_number_known_and_answered_once_then_call(self) -> None:
        left = replace(ANSWERED, contact=Contact(Channel.PHONE, "+44 20 7946 0018"))

        found = steps(summary(left, self.AGAIN))

        assert (found[0].kind, found[0].address) == (StepKind.CALL, "+44 20 7946 0018")

    def test_given_no_number_then_speak_of_it_with_the_first_answer(self) -> None:
        assert kinds(summary(MINE, self.AGAIN))[:2] == [
            StepKind.ANSWER,
            StepKind.SPEAK_OF_REPEAT,
        ]
        assert StepKind.SPEAK_OF_REPEAT not in kinds(summary(ANSWERED, self.AGAIN))


class TestMissingDetails:
    @pytest.mark.parametrize(
        ("gap", "kind"),
        [
            ({"order_number": None}, StepKind.ASK_ORDER),
            ({"wish": None}, StepKind.ASK_WISH),
            (
                {"category": Category.DAMAGED_ITEM, "what_happened": None},
                StepKind.ASK_WHAT_HAPPENED,
            ),
        ],
    )
    def test_given_detail_missing_then_asked_for(self, gap: Any, kind: StepKind) -> None:
        assert kind in kinds(summary(on_table=replace(COMPLETE, **gap)))

    def test_given_several_items_then_asked_which(self) -> None:
        damaged = replace(COMPLETE, category=Category.DAMAGED_ITEM)
        two = replace(ORDER, lines=ORDER.lines * 2)

        assert StepKind.ASK_ITEM in kinds(summary(on_table=damaged, order=two))

    def test_given_several_gaps_then_one_question_at_a_time(self) -> None:
        bare = replace(COMPLETE, order_number=None, wish=None, what_happened=None)

        asked = [one for one in kinds(summary(on_table=bare)) if one.value.startswith("ask_")]

        assert asked == [StepKind.ASK_ORDER]

    def test_given_no_order_then_no_remedy_is_suggested_on_it(self) -> None:
        bare = replace(COMPLETE, order_number=None)

        found = kinds(summary(on_table=bare), preview(option(), beyond=(option(grant("refund")),)))

        assert not {StepKind.GRANT, StepKind.ASK_SUPERVISOR} & set(found)

    def test_given_the_policy_wants_a_person_to_see_it_then_a_photo_is_asked_for(self) -> None:
        damaged = replace(COMPLETE, category=Category.DAMAGED_ITEM)
        looked_at = preview(outcome=Outcome.PERSON)

        assert StepKind.ASK_PHOTO in kinds(summary(on_table=damaged), looked_at)
        assert StepKind.ASK_PHOTO not in kinds(summary(), looked_at)
        assert StepKind.ASK_PHOTO not in kinds(summary(on_table=damaged), NOTHING)


class TestRemedies:
    def test_given_options_then_the_kind_wished_for_is_suggested(self) -> None:
        seen = preview(option(), option(grant("refund", 9900), grant()))

        step = next(one for one in steps(summary(), seen) if one.kind is StepKind.GRANT)

        assert step.fits_wish
        assert step.option == seen.options[1]

    def test_given_no_option_of_the_kind_wished_for_then_the_first_of_the_ladder(self) -> None:
        seen = preview(option(), option(grant(amount=900)))

        step = next(one for one in steps(summary(), seen) if one.kind is StepKind.GRANT)

        assert not step.fits_wish
        assert step.option == seen.options[0]

    def test_given_only_beyond_ones_authority_then_a_supervisor_is_asked(self) -> None:
        seen = preview(beyond=(option(grant("refund", 9900)),))

        assert StepKind.ASK_SUPERVISOR in kinds(summary(), seen)
        assert StepKind.GRANT not in kinds(summary(), seen)

    def test_given_only_the_kind_wished_for_is_beyond_then_both_are_suggested(self) -> None:
        seen = preview(option(), beyond=(option(grant("refund", 9900)),))

        found = [
            one
            for one in kinds(summary(), seen)
            if one in (StepKind.GRANT, StepKind.ASK_SUPERVISOR)
        ]

        assert found == [StepKind.GRANT, StepKind.ASK_SUPERVISOR]

    def test_given_own_authority_is_enough_for_the_wish_then_nobody_is_asked(self) -> None:
        seen = preview(option(grant("refund", 500)), beyond=(option(grant("refund", 9900)),))

        assert StepKind.ASK_SUPERVISOR not in kinds(summary(), seen)

    def test_given_asked_already_then_await_the_decision(self) -> None:
        seen = preview(option(), beyond=(option(grant("refund", 9900)),))

        found = kinds(summary(), seen, REQUEST)

        assert StepKind.AWAIT_DECISION in found
        assert not {StepKind.ASK_SUPERVISOR, StepKind.GRANT, StepKind.RESOLVE} & set(found)

    def test_given_refused_request_then_it_holds_up_nothing(self) -> None:
        ended = replace(REQUEST, state=ApprovalState.REFUSED)

        assert StepKind.AWAIT_DECISION not in kinds(summary(), NOTHING, ended)

    def test_given_role_that_grants_nothing_then_no_remedy_is_suggested(self) -> None:
        assert not {StepKind.GRANT, StepKind.ASK_SUPERVISOR} & set(kinds(summary(), None))

    def test_given_policy_gives_nothing_then_the_wish_is_answered(self) -> None:
        assert StepKind.ANSWER_WISH in kinds(summary(MINE))
        assert StepKind.ANSWER_WISH not in kinds(summary(ANSWERED))


class TestResolving:
    def test_given_granted_and_answered_then_resolve_as_such(self) -> None:
        (only,) = steps(summary(offers=(GIVEN,)))

        assert (only.kind, only.outcome) == (StepKind.RESOLVE, "remedy_granted")

    def test_given_nothing_owed_and_answered_then_resolve_as_explained(self) -> None:
        (only,) = steps(summary())

        assert (only.kind, only.outcome) == (StepKind.RESOLVE, "explained")

    @pytest.mark.parametrize(
        "unfinished",
        [
            summary(MINE),
            summary(speakers=(Speaker.STAFF, Speaker.CUSTOMER)),
            summary(on_table=None),
            summary(on_table=replace(COMPLETE, status=CaseStatus.RESOLVED)),
            summary(on_table=replace(COMPLETE, wish=None)),
        ],
    )
    def test_given_something_left_then_not_resolved(self, unfinished: Summary) -> None:
        assert StepKind.RESOLVE not in kinds(unfinished)

    def test_given_chat_that_has_ended_then_nothing_is_suggested(self) -> None:
        ended = replace(ANSWERED, state=HandoffState.ENDED)

        assert not steps(summary(ended), preview(option()))


situations = st.builds(
    summary,
    st.sampled_from([MINE, ANSWERED, replace(MINE, contact=Contact(Channel.EMAIL, "a@b.example"))]),
    st.one_of(
        st.none(),
        st.builds(
            replace,
            st.just(COMPLETE),
            wish=st.sampled_from([None, *Wish]),
            order_number=st.sampled_from([None, "10045"]),
            category=st.sampled_from(Category),
            repeat_complaint=st.booleans(),
            flags=st.frozensets(st.sampled_from(["safety", "legal"])),
            status=st.sampled_from(CaseStatus),
        ),
    ),
    st.lists(st.sampled_from(Speaker), max_size=4).map(tuple),
    promises=st.lists(
        st.builds(promise, due_at=st.just(NOW - timedelta(hours=1)), state=st.sampled_from(State)),
        max_size=2,
    ).map(tuple),
    offers=st.sampled_from([(), (GIVEN,)]),
)
options = st.lists(
    st.builds(
        lambda kind, amount: option(grant(kind, amount)),
        st.sampled_from(["refund", "voucher", "replacement"]),
        st.integers(1, 9999),
    ),
    max_size=3,
).map(tuple)


@given(situations, options, options, st.booleans(), st.booleans())
def test_given_any_situation_then_few_steps_and_only_remedies_of_the_preview(
    known: Summary,
    own: tuple[GrantOption, ...],
    above: tuple[GrantOption, ...],
    is_asked_for: bool,
    may_grant: bool,
) -> None:
    seen = preview(*own, beyond=above) if may_grant else None

    found = steps(known, seen, *([REQUEST] if is_asked_for else []))

    assert len(found) <= MOST_STEPS
    assert len({one.kind for one in found}) == len(found)
    for one in found:
        if one.kind is StepKind.GRANT:
            assert may_grant
            assert one.option in own
        elif one.kind is StepKind.ASK_SUPERVISOR:
            assert may_grant
            assert one.option in above
        else:
            assert one.option is None
    assert found == steps(known, seen, *([REQUEST] if is_asked_for else []))

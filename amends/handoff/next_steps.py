"""What to do next in a chat: at most four steps, each with its reason, the most urgent first.

Pure. A remedy is suggested only as the policy's preview lists it for the person's own authority,
or, to be asked for, for the authority above.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from amends.cases.details import Detail, needed
from amends.cases.model import OPEN_STATUSES, Case, Category, PromiseState
from amends.compensation.bargaining import suits
from amends.compensation.decision import Outcome
from amends.compensation.grants import Preview
from amends.compensation.ground import GrantOption
from amends.compensation.model import GIVEN
from amends.conversations.model import Role
from amends.handoff.approval_model import Approval, ApprovalState
from amends.handoff.model import Channel, HandoffState
from amends.handoff.queue import Summary
from amends.handoff.use_cases import STAFF_ANSWER

MOST_STEPS = 4

DANGER = frozenset({"safety", "self_harm", "violence_threat"})
"""Flags with which a person may be hurt."""

SHOWN_BY_A_PHOTO = frozenset(
    {
        Category.DAMAGED_ITEM,
        Category.WRONG_ITEM,
        Category.FAULTY_PRODUCT,
        Category.NOT_AS_DESCRIBED,
    }
)


class StepKind(StrEnum):
    HELP_FIRST = "help_first"  # somebody may be in danger
    ANSWER = "answer"  # the customer waits for words of a person
    ANSWER_ELSEWHERE = "answer_elsewhere"  # by e-mail or phone, as the customer asked
    CALL = "call"  # complained before within 30 days, and left a number
    SPEAK_OF_REPEAT = "speak_of_repeat"  # complained before, and no number is known
    OWN_UP = "own_up"  # a promise was not kept: say so, and what comes of it
    ASK_ORDER = "ask_order"
    ASK_ITEM = "ask_item"
    ASK_WHAT_HAPPENED = "ask_what_happened"
    ASK_WISH = "ask_wish"
    ASK_PHOTO = "ask_photo"  # the policy wants a person to look at it
    GRANT = "grant"
    ASK_SUPERVISOR = "ask_supervisor"
    AWAIT_DECISION = "await_decision"  # it was asked for already
    ANSWER_WISH = "answer_wish"  # the policy gives nothing of the kind wished for
    RESOLVE = "resolve"


@dataclass(frozen=True, slots=True)
class NextStep:
    """One suggestion; which of the facts are set depends on the kind."""

    kind: StepKind
    due_at: datetime | None = None  # by when the customer was promised it
    option: GrantOption | None = None  # of GRANT and ASK_SUPERVISOR
    fits_wish: bool = False  # of the option: it is of the kind wished for
    address: str | None = None  # of ANSWER_ELSEWHERE and CALL
    channel: Channel | None = None
    outcome: str | None = None  # of RESOLVE: a key of the outcomes


@dataclass(frozen=True, slots=True)
class _Sight:
    """What the suggestions are drawn from."""

    summary: Summary
    preview: Preview | None
    approvals: Sequence[Approval]
    now: datetime

    @property
    def open_case(self) -> Case | None:
        case = self.summary.case
        return case if case and case.status in OPEN_STATUSES else None

    @property
    def missing(self) -> tuple[Detail, ...]:
        case = self.open_case
        return needed(case, self.summary.order) if case else ()

    @property
    def options(self) -> tuple[GrantOption, ...]:
        return self.preview.options if self.preview and self.open_case else ()

    @property
    def beyond(self) -> tuple[GrantOption, ...]:
        return self.preview.beyond if self.preview and self.open_case else ()

    @property
    def is_asked_for(self) -> bool:
        return any(one.state is ApprovalState.PENDING for one in self.approvals)

    @property
    def was_given(self) -> bool:
        offers = self.summary.offers
        return any(remedy.state in GIVEN for offer in offers for remedy in offer.remedies)

    @property
    def staff_spoke(self) -> bool:
        return self.summary.handoff.first_answer_at is not None

    @property
    def customer_spoke_last(self) -> bool:
        speakers = (Role.CUSTOMER, Role.BOT, Role.STAFF)
        said = [one.role for one in self.summary.messages if one.role in speakers]
        return bool(said) and said[-1] is Role.CUSTOMER


def next_steps(
    summary: Summary, preview: Preview | None, approvals: Sequence[Approval], now: datetime
) -> tuple[NextStep, ...]:
    """Return what to do next, the most urgent first; nothing in a chat that has ended.

    Args:
        preview: What the person may grant in the case; None when there is no open case, or their
            role grants nothing.
        approvals: All requests of the case.
    """
    if summary.handoff.state is HandoffState.ENDED:
        return ()
    sight = _Sight(summary, preview, approvals, now)
    steps = [step for find in _IN_ORDER for step in find(sight)]
    return tuple(steps[:MOST_STEPS])


def _help_first(sight: _Sight) -> Iterator[NextStep]:
    case = sight.summary.case
    heard = {flag for _, found in sight.summary.moods for flag in found.flags}
    if not sight.staff_spoke and DANGER & (heard | (case.flags if case else frozenset())):
        yield NextStep(StepKind.HELP_FIRST)


def _answer(sight: _Sight) -> Iterator[NextStep]:
    handoff = sight.summary.handoff
    contact = handoff.contact
    if contact and contact.address and not sight.staff_spoke:
        yield NextStep(
            StepKind.ANSWER_ELSEWHERE,
            due_at=handoff.answer_due_at,
            address=contact.address,
            channel=contact.channel,
        )
    elif not sight.staff_spoke:
        yield NextStep(StepKind.ANSWER, due_at=handoff.answer_due_at)
    elif sight.customer_spoke_last:
        yield NextStep(StepKind.ANSWER)


def _own_up(sight: _Sight) -> Iterator[NextStep]:
    moved = {one.replaces for one in sight.summary.promises}  # the customer was told already
    late = [
        one.due_at
        for one in sight.summary.promises
        if one.what != STAFF_ANSWER
        and one.id not in moved
        and (
            one.state is PromiseState.BROKEN
            or (one.state is PromiseState.OPEN and one.due_at < sight.now)
        )
    ]
    if late:
        yield NextStep(StepKind.OWN_UP, due_at=min(late))


def _repeat(sight: _Sight) -> Iterator[NextStep]:
    case, contact = sight.open_case, sight.summary.handoff.contact
    if case is None or not case.repeat_complaint or sight.was_given:
        return
    if contact and contact.channel is Channel.PHONE and contact.address:
        if sight.staff_spoke:  # before that, answering elsewhere says the same
            yield NextStep(StepKind.CALL, address=contact.address)
    elif not sight.staff_spoke:
        yield NextStep(StepKind.SPEAK_OF_REPEAT)


def _ask(sight: _Sight) -> Iterator[NextStep]:
    asking = {
        Detail.ORDER_NUMBER: StepKind.ASK_ORDER,
        Detail.ITEM: StepKind.ASK_ITEM,
        Detail.WHAT_HAPPENED: StepKind.ASK_WHAT_HAPPENED,
        Detail.WISH: StepKind.ASK_WISH,
    }
    for detail in sight.missing[:1]:  # one question at a time
        yield NextStep(asking[detail])


def _photo(sight: _Sight) -> Iterator[NextStep]:
    case, preview = sight.open_case, sight.preview
    if case is None or preview is None or sight.missing or sight.was_given:
        return
    if preview.decision.outcome is Outcome.PERSON and case.category.like in SHOWN_BY_A_PHOTO:
        yield NextStep(StepKind.ASK_PHOTO)


def _grant(sight: _Sight) -> Iterator[NextStep]:
    if sight.is_asked_for:  # granting less now would make what was asked for stale
        return
    if sight.options and Detail.ORDER_NUMBER not in sight.missing:
        option, fits = _best(sight, sight.options)
        yield NextStep(StepKind.GRANT, option=option, fits_wish=fits)


def _ask_supervisor(sight: _Sight) -> Iterator[NextStep]:
    if sight.is_asked_for:
        yield NextStep(StepKind.AWAIT_DECISION)
        return
    if not sight.beyond or Detail.ORDER_NUMBER in sight.missing:
        return
    option, fits = _best(sight, sight.beyond)
    own_fits = bool(sight.options) and _best(sight, sight.options)[1]
    if not sight.options or (fits and not own_fits):
        yield NextStep(StepKind.ASK_SUPERVISOR, option=option, fits_wish=fits)


def _wish(sight: _Sight) -> Iterator[NextStep]:
    case, preview = sight.open_case, sight.preview
    if case is None or case.wish is None or preview is None or sight.missing:
        return
    if sight.options or sight.beyond or sight.is_asked_for or sight.was_given:
        return
    if not sight.staff_spoke and preview.decision.outcome is not Outcome.REMEDY:
        yield NextStep(StepKind.ANSWER_WISH)


def _resolve(sight: _Sight) -> Iterator[NextStep]:
    if sight.open_case is None or not sight.staff_spoke or sight.customer_spoke_last:
        return
    if sight.missing or sight.is_asked_for:
        return
    if sight.was_given:
        yield NextStep(StepKind.RESOLVE, outcome="remedy_granted")
    elif not sight.options and not sight.beyond:
        yield NextStep(StepKind.RESOLVE, outcome="explained")


def _best(sight: _Sight, options: Sequence[GrantOption]) -> tuple[GrantOption, bool]:
    """Return the first option of the kind wished for, or else the first, which the ladder names."""
    wish = sight.open_case.wish if sight.open_case else None
    if wish is not None:
        for option in options:
            if any(suits(one, wish) for one in option.grants):
                return option, True
    return options[0], False


_IN_ORDER: tuple[Callable[[_Sight], Iterator[NextStep]], ...] = (
    _help_first,
    _answer,
    _own_up,
    _repeat,
    _ask,
    _photo,
    _grant,
    _ask_supervisor,
    _wish,
    _resolve,
)

"""Some days after closing: ask by mail whether it is solved, and open the case again if not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from amends.cases import use_cases as cases
from amends.cases.mail import Mail
from amends.cases.model import OPEN_STATUSES, Case, CaseStatus, NextStep
from amends.cases.use_cases import NOT_SOLVED
from amends.conversations import use_cases as log
from amends.conversations.model import Draft, Mode, Role
from amends.conversations.use_cases import Posting
from amends.handoff import contacts, notices, waits
from amends.handoff import use_cases as handoffs
from amends.handoff.clock import wait_words
from amends.handoff.model import Channel as Way
from amends.handoff.model import Contact, Handoff, HandoffState
from amends.handoff.thresholds import Thresholds
from amends.satisfaction.ports import UnitOfWork
from amends.satisfaction.surveys import asking
from amends.satisfaction.surveys.errors import UnknownAsk
from amends.satisfaction.surveys.links import LASTS
from amends.satisfaction.surveys.mail_words import check_in_mail
from amends.satisfaction.surveys.model import Channel, Question, SurveyAsk, with_answers
from amends.satisfaction.surveys.use_cases import note_ask, situation_of
from amends.values import new_id

SOLVED = "found_solved"
"""Kind of the entry of a case whose customer says that it is solved."""

_OPEN_AGAIN = {
    "en": (
        "You told us that the problem is not solved, and we are sorry. Case {number} is open "
        "again, and I have asked a colleague to take it up. {wait}"
    ),
    "zh": "您告诉我们问题还没有解决，非常抱歉。工单{number}已重新打开，我已请同事跟进。{wait}",
}


@dataclass(frozen=True, slots=True)
class Asking:
    """How check-in mails are made."""

    company: str
    servqual_share: float
    link: Callable[[str, datetime], str]  # to an asking, from its id and the present moment


def may_invite(uow: UnitOfWork, asking_: Asking, case_id: str) -> bool:
    """Whether the customer of a case may be asked by mail, and can be; changes nothing."""
    return _plan(uow, asking_, cases.case_of(uow, case_id)) is not None


def invite(uow: UnitOfWork, asking_: Asking, case_id: str, now: datetime) -> bool:
    """Queue the mail about a closed case, if its customer may be asked and can be reached.

    Returns:
        Whether a mail was queued.
    """
    conversation = uow.conversations.lock(cases.case_of(uow, case_id).conversation_id)
    case = cases.case_of(uow, case_id)
    plan = _plan(uow, asking_, case)
    if plan is None:
        return False
    to, questions = plan
    ask = note_ask(uow, conversation.id, case, Channel.MAIL, questions, now)
    subject, body = check_in_mail(
        conversation.language,
        asking_.company,
        case.number,
        asking_.link(ask.id, now),
        LASTS.days,
    )
    uow.mails.add(Mail(new_id(), to, subject, body, now, now + LASTS))
    return True


def _plan(uow: UnitOfWork, asking_: Asking, case: Case) -> tuple[str, tuple[Question, ...]] | None:
    """Return to whom a mail goes and what it asks; None when there is to be none."""
    to = address_of(uow, case)
    if to is None or _is_being_helped(uow, case.conversation_id):
        return None
    situation = situation_of(uow, case.conversation_id, case)
    questions = asking.by_mail(situation, asking_.servqual_share)
    return (to, questions) if questions else None


def address_of(uow: UnitOfWork, case: Case) -> str | None:
    """Return where the customer of a case is reached by mail.

    The customer who signed in comes first, then an address that was left in the chat, then the
    one on the order.
    """
    return next(_addresses(uow, case), None)


def _addresses(uow: UnitOfWork, case: Case) -> Iterator[str]:
    customer = uow.orders.customer(case.customer_id) if case.customer_id else None
    if customer is not None:
        yield customer.email
    for handoff in reversed(uow.handoffs.of_conversation(case.conversation_id)):
        if handoff.contact and handoff.contact.channel is Way.EMAIL and handoff.contact.address:
            yield handoff.contact.address
    order = cases.order_of(uow, case)
    owner = uow.orders.customer(order.customer_id) if order else None
    if owner is not None:
        yield owner.email


def _is_being_helped(uow: UnitOfWork, conversation_id: str) -> bool:
    """Whether somebody works on another problem of this customer; then is no time to ask."""
    open_case = cases.current_case(uow, conversation_id)
    return open_case is not None or uow.handoffs.open_of(conversation_id) is not None


def say_solved(uow: UnitOfWork, ask_id: str, now: datetime) -> None:
    """The customer says that the problem is solved; said again, nothing changes."""
    ask, case = _locked(uow, ask_id)
    if Question.SOLVED in ask.answered or case.status in OPEN_STATUSES:
        return
    cases.add_entry(uow, case, now, "customer", SOLVED, {"ask_id": ask.id})
    _answered(uow, ask, now)


def say_not_solved(
    uow: UnitOfWork, thresholds: Thresholds, ask_id: str, words: str, now: datetime
) -> None:
    """The customer says that it is not: open the case again and ask for a person.

    Said again while the case is open, nothing changes.

    Args:
        uow: the open transaction.
        thresholds: the handoff table.
        ask_id: which asking is answered.
        words: what is still wrong, as `cleaning.accept` returns it, or empty. It enters the log as
            any message does, so that the assistant reads it and danger is met.
        now: the present moment.
    """
    ask, case = _locked(uow, ask_id)
    if case.status in OPEN_STATUSES:
        return
    to = address_of(uow, case)
    again = cases.reopen(
        uow, case.id, "customer", now, NOT_SOLVED, waits.resolution_due(thresholds, now)
    )
    handoff = _ask_person(uow, thresholds, again, now)
    if to is not None and handoff.contact is None:
        contacts.note_contact(uow, case.conversation_id, Contact(Way.EMAIL, to), now)
    _tell(uow, thresholds, again, handoff, now)
    if words:
        times = sum(entry.kind == "reopened" for entry in uow.cases.entries(case.id))
        posting = Posting(f"feedback:{ask.id}:{times}", words)
        log.post_message(uow, case.conversation_id, posting, limit=len(words), now=now)
    _answered(uow, ask, now)


def _ask_person(uow: UnitOfWork, thresholds: Thresholds, case: Case, now: datetime) -> Handoff:
    conversation = uow.conversations.lock(case.conversation_id)
    if conversation.mode is Mode.CLOSED:
        log.start_visit(uow, conversation, now)  # the assistant begins at the case
    handoff = handoffs.request(uow, thresholds, conversation.id, (NOT_SOLVED,), now)
    handoffs.adopt_case(uow, case, now)
    claimed = handoff.state is HandoffState.CLAIMED
    owner = (handoff.claimed_by if claimed else None) or "bot"
    cases.set_progress(
        uow, case.id, CaseStatus.WITH_STAFF, NextStep.STAFF_ANSWERS, now, owner=owner
    )
    return handoff


def _tell(
    uow: UnitOfWork, thresholds: Thresholds, case: Case, handoff: Handoff, now: datetime
) -> None:
    """Say in the chat what happens next, for when the customer comes back to it."""
    conversation = uow.conversations.lock(case.conversation_id)
    spoken = _OPEN_AGAIN.get(conversation.language, _OPEN_AGAIN["en"])
    if handoff.state is HandoffState.CLAIMED:
        notice = Draft(Role.SYSTEM, spoken.format(number=case.number, wait="").strip())
    else:
        wait = waits.wait_of(uow, thresholds, conversation.id, now)
        words = wait_words(wait, conversation.language)
        text = spoken.format(number=case.number, wait=words)
        choices = notices.contact_choices(wait, conversation.language)
        notice = Draft(Role.SYSTEM, text, choices, notices.card_of(wait))
    log.append_notice(uow, conversation.id, notice, now)


def _locked(uow: UnitOfWork, ask_id: str) -> tuple[SurveyAsk, Case]:
    ask = asked(uow, ask_id)
    uow.conversations.lock(ask.conversation_id)
    ask = asked(uow, ask_id)
    return ask, cases.case_of(uow, ask.case_id or "")


def asked(uow: UnitOfWork, ask_id: str) -> SurveyAsk:
    """Return the asking that a link leads to.

    Raises:
        UnknownAsk: there is none any more.
    """
    ask = uow.survey_asks.get(ask_id)
    if ask is None or ask.case_id is None:
        raise UnknownAsk(ask_id)
    return ask


def _answered(uow: UnitOfWork, ask: SurveyAsk, now: datetime) -> None:
    uow.survey_asks.save(with_answers(ask, frozenset({Question.SOLVED}), now))

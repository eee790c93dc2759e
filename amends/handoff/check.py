"""Look at a conversation after each message: does a row of the table ask for a person?"""

from collections.abc import Sequence
from datetime import datetime

from amends.cases import use_cases as cases
from amends.conversations.model import Conversation, Draft, Message, Mode, Seq, Understanding
from amends.handoff import notices, treatment, use_cases, waits
from amends.handoff.assess import assess, signal_of
from amends.handoff.circumstances import Past, circumstances, last_end, log_tells
from amends.handoff.contacts import read_contact
from amends.handoff.decide import rows_fired
from amends.handoff.first_help import Helpline, country_of_page, country_of_phone
from amends.handoff.model import Assessment, Channel, Handoff
from amends.handoff.ports import UnitOfWork
from amends.handoff.thresholds import ThresholdRow, Thresholds


def check(
    uow: UnitOfWork,
    thresholds: Thresholds,
    conversation: Conversation,
    seq: Seq,
    found: Understanding,
    now: datetime,
) -> tuple[Draft, ...]:
    """Look at the conversation after a message; ask for a person when a row of the table fires.

    Once somebody was asked for, whatever the customer says later only adds reasons and urgency.

    Returns:
        What the customer is told: first help in danger, and the place in the queue when a person
        was asked for now. Nothing when a person has the chat already.
    """
    if conversation.mode is Mode.STAFF:
        return ()
    before = uow.handoffs.open_of(conversation.id)
    fired = fired_now(uow, thresholds, conversation, now, found.intent)
    known = set(before.reasons) if before else set()
    new = tuple(row for row in fired if row.id not in known)
    if not new:
        return ()
    use_cases.request(uow, thresholds, conversation.id, tuple(row.id for row in new), now)
    return _told(uow, thresholds, conversation, seq, found, new, before, now)


def _told(
    uow: UnitOfWork,
    thresholds: Thresholds,
    conversation: Conversation,
    seq: Seq,
    found: Understanding,
    new: tuple[ThresholdRow, ...],
    before: Handoff | None,
    now: datetime,
) -> tuple[Draft, ...]:
    language = conversation.language
    said: list[Draft] = []
    kind = next((row.notice for row in new if row.notice), None)
    if kind is not None:
        there = _helpline(uow, thresholds, conversation, seq)
        said.append(notices.first_help(kind, language, seq, there))
    if before is None and found.intent != "ask_for_person":
        # Whoever asks for a person is told by the assistant's own answer.
        wait = waits.wait_of(uow, thresholds, conversation.id, now)
        said.append(notices.joining(wait, language, seq))
    return tuple(said)


def _helpline(
    uow: UnitOfWork, thresholds: Thresholds, conversation: Conversation, seq: Seq
) -> Helpline | None:
    """Return whom to call where the customer is; None when the country is not known."""
    case = cases.current_case(uow, conversation.id) or cases.latest_case(uow, conversation.id)
    order = cases.order_of(uow, case) if case else None
    customer = uow.orders.customer(conversation.customer_id) if conversation.customer_id else None
    known = (
        order.country if order else None,
        customer.country if customer else None,
        _country_of_phone(uow, conversation, seq),
        country_of_page(conversation.page),
    )
    country = next((one for one in known if one), None)
    return thresholds.helplines.get(country) if country else None


def _country_of_phone(uow: UnitOfWork, conversation: Conversation, seq: Seq) -> str | None:
    handoff = uow.handoffs.open_of(conversation.id)
    message = uow.conversations.message(conversation.id, seq)
    given = read_contact(message.text) if message else None
    known = given or (handoff.contact if handoff else None)
    return country_of_phone(known.address) if known and known.channel is Channel.PHONE else None


def fired_now(
    uow: UnitOfWork,
    thresholds: Thresholds,
    conversation: Conversation,
    now: datetime,
    intent: str | None = None,
) -> tuple[ThresholdRow, ...]:
    """Return the rows that fire as the conversation stands, most urgent first.

    Args:
        uow: the open transaction.
        thresholds: the table.
        conversation: the conversation.
        now: the present moment.
        intent: of the message that is looked at; None when it was answered already.
    """
    found = uow.understandings.without_parse(conversation.id)
    if not found:  # nothing was typed yet
        return ()
    return rows_fired(thresholds, _assessed(uow, thresholds, conversation, found, now, intent))


def assessed_now(
    uow: UnitOfWork, thresholds: Thresholds, conversation: Conversation, now: datetime
) -> Assessment | None:
    """Return the assessment of a conversation as it stands; None while nothing was typed."""
    found = uow.understandings.without_parse(conversation.id)
    return _assessed(uow, thresholds, conversation, found, now, None) if found else None


def _assessed(
    uow: UnitOfWork,
    thresholds: Thresholds,
    conversation: Conversation,
    found: Sequence[tuple[Seq, Understanding]],
    now: datetime,
    intent: str | None,
) -> Assessment:
    """Assess what was said and done since the last handoff ended."""
    handoffs = uow.handoffs.of_conversation(conversation.id)
    ended = last_end(handoffs)
    if ended:
        since = [(seq, one) for seq, one in found if _said_after(uow, conversation, seq, ended)]
        found = since or found[-1:]  # the latest may have been sent just before the end
    case = cases.current_case(uow, conversation.id)
    log_is_read = log_tells(conversation.last_seq, handoffs, intent)
    past = Past(
        handoffs=handoffs,
        said=_latest(uow, conversation) if log_is_read else (),
        case=case,
        order=cases.order_of(uow, case) if case else None,
        decisions=uow.ledger.decisions_of_case(case.id) if case else (),
    )
    about = circumstances(past, thresholds.hours, now, intent)
    return assess([signal_of(one) for _, one in found], about)


def _latest(uow: UnitOfWork, conversation: Conversation) -> Sequence[Message]:
    first = max(0, conversation.last_seq - treatment.LOOKED_AT)
    return uow.conversations.after(conversation.id, first, treatment.LOOKED_AT + 1)


def _said_after(uow: UnitOfWork, conversation: Conversation, seq: Seq, moment: datetime) -> bool:
    message = uow.conversations.message(conversation.id, seq)
    return message is not None and message.at > moment


def first_message_handoff(thresholds: Thresholds, found: Understanding) -> bool:
    """Whether a conversation that begins with this message goes to a person."""
    return bool(rows_fired(thresholds, assess([signal_of(found)])))

"""Look at a conversation after each message: does a row of the table ask for a person?"""

from datetime import datetime

from amends.cases import use_cases as cases
from amends.conversations.model import Conversation, Draft, Mode, Seq, Understanding
from amends.handoff import notices, use_cases
from amends.handoff.assess import assess, signal_of
from amends.handoff.decide import rows_fired
from amends.handoff.model import Assessment, Handoff
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

    Returns:
        What the customer is told: first help in danger, and the place in the queue when a person
        was asked for now. Nothing when a person has the chat already.
    """
    if conversation.mode is Mode.STAFF:
        return ()
    before = uow.handoffs.open_of(conversation.id)
    fired = rows_fired(thresholds, assess_conversation(uow, conversation))
    known = set(before.reasons) if before else set()
    new = tuple(row for row in fired if row.id not in known)
    if not new:
        return ()
    use_cases.request(uow, thresholds, conversation.id, tuple(row.id for row in new), now)
    return _told(uow, conversation, seq, found, new, before, now)


def _told(
    uow: UnitOfWork,
    conversation: Conversation,
    seq: Seq,
    found: Understanding,
    new: tuple[ThresholdRow, ...],
    before: Handoff | None,
    now: datetime,
) -> tuple[Draft, ...]:
    language = conversation.language
    help_first = [row.notice for row in new if row.notice]
    said = [notices.first_help(kind, language, seq) for kind in help_first[:1]]
    if before is None and found.intent != "ask_for_person":
        # Whoever asks for a person is told by the assistant's own answer.
        said.append(notices.joining(use_cases.wait_of(uow, conversation.id, now), language, seq))
    return tuple(said)


def assess_conversation(uow: UnitOfWork, conversation: Conversation) -> Assessment:
    """Assess what was said since the last handoff ended."""
    ended = [h.ended_at for h in uow.handoffs.of_conversation(conversation.id) if h.ended_at]
    found = uow.understandings.of_conversation(conversation.id)
    if ended:
        since = [
            (seq, one) for seq, one in found if _said_after(uow, conversation, seq, max(ended))
        ]
        found = since or found[-1:]  # the latest may have been sent just before the end
    case = cases.current_case(uow, conversation.id)
    order = cases.order_of(uow, case) if case else None
    return assess(
        [signal_of(one) for _, one in found],
        impact_minor=order.total.amount_minor if order else 0,
        # Once a person has looked at it, that it is a repeat asks for nobody a second time.
        repeat_complaint=case is not None and case.repeat_complaint and not ended,
    )


def _said_after(uow: UnitOfWork, conversation: Conversation, seq: Seq, moment: datetime) -> bool:
    message = uow.conversations.message(conversation.id, seq)
    return message is not None and message.at > moment


def first_message_handoff(thresholds: Thresholds, found: Understanding) -> bool:
    """Whether a conversation that begins with this message goes to a person."""
    return bool(rows_fired(thresholds, assess([signal_of(found)])))

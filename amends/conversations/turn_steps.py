"""The transactions of one turn. Each can be cut off anywhere and run again."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from amends.conversations import cleaning, decide, notices, use_cases
from amends.conversations.model import (
    Choice,
    Conversation,
    Delivery,
    Draft,
    Message,
    Mode,
    Reply,
    Role,
    Seq,
    TurnRequest,
    Understanding,
)
from amends.conversations.ports import UnitOfWork
from amends.values import new_id

type CheckHandoff[U] = Callable[[U, Conversation, Seq, Understanding, datetime], tuple[Draft, ...]]
"""Decides whether a person must take over; may set mode waiting; returns notices to append."""

type AskPerson[U] = Callable[[U, Conversation, str, datetime], tuple[Draft, ...]]
"""Puts the conversation in the queue for the given reason; returns notices to append."""

ENGINE_DOWN = "engine_down"
ENGINE_CANNOT_ANSWER = "engine_cannot_answer"


@dataclass(frozen=True, slots=True)
class Turn:
    """A customer's message on its way, and what is known about it so far."""

    conversation: Conversation
    message: Message
    understanding: Understanding | None

    @property
    def bot_answers(self) -> bool:
        return decide.bot_may_speak(self.conversation.mode)


def take(uow: UnitOfWork, conversation_id: str) -> Turn | None:
    """Return the oldest message without an answer; None when there is none.

    `bot_answers` tells whether it is the bot who may answer it.
    """
    message = uow.conversations.next_pending(conversation_id)
    conversation = uow.conversations.get(conversation_id) if message else None
    if message is None or conversation is None:
        return None
    # Before a first try there is nothing to find, but after a crash; then it is found later.
    tried = message.attempts > 0
    found = uow.understandings.get(conversation_id, message.seq) if tried else None
    return Turn(conversation, message, found)


def request_of(turn: Turn) -> TurnRequest:
    """Return what the engine is asked."""
    conversation, message, found = turn.conversation, turn.message, turn.understanding
    return TurnRequest(
        sender_id=conversation.sender_id,
        message_id=f"{conversation.id}:{message.seq}",
        text=cleaning.for_engine(message.text),
        parse=found.parse if found else None,
        payload=message.payload,
        metadata={
            "conversation_id": conversation.id,
            "seq": message.seq,
            "mode": conversation.mode.value,
            "language": conversation.language,
            "customer_id": conversation.customer_id,
        },
    )


def note_understanding[U: UnitOfWork](
    uow: U, turn: Turn, found: Understanding, check_handoff: CheckHandoff[U], now: datetime
) -> Turn | None:
    """Store what the engine understood together with the handoff it leads to.

    Help in danger enters the log at once, before the engine's replies. The place in the queue is
    kept for the end of the turn, where a turn driven again finds it. All of it, and the replies,
    are in the language the customer has changed to, if they have.

    Returns:
        The turn as it stands now; None when it is over (answered, or a person took over).
    """
    conversation = _lock_for(uow, turn)
    if conversation is None:
        return None
    cid, seq = conversation.id, turn.message.seq
    known = uow.understandings.get(cid, seq)
    if known is not None:
        return replace(turn, conversation=conversation, understanding=known)

    conversation, introduced = _follow_language(uow, conversation, turn.message, found)
    uow.understandings.add(cid, seq, found, now)
    before, after = decide.before_and_after(check_handoff(uow, conversation, seq, found, now))
    append_once(uow, turn, [*before, *introduced], now)
    if after:
        uow.action_runs.add(_after_key(turn), {"drafts": [_to_json(d) for d in after]}, now)
    current = uow.conversations.get(cid) or conversation
    if current.mode is Mode.STAFF:
        use_cases.hand_pending_to_staff(uow, cid)
        return None
    return replace(turn, conversation=current, understanding=found)


def _follow_language(
    uow: UnitOfWork, conversation: Conversation, message: Message, found: Understanding
) -> tuple[Conversation, list[Draft]]:
    """Go on in the customer's language; whoever now writes it first is told who answers."""
    language = decide.language_after(conversation.language, found.language, message.text)
    if language == conversation.language:
        return conversation, []
    uow.conversations.set_language(conversation.id, language)
    changed = replace(conversation, language=language)
    earlier = uow.understandings.of_conversation(conversation.id)
    if any(one.language == language for _, one in earlier):
        return changed, []
    return changed, [notices.introduction(language, message.seq)]


def finish(uow: UnitOfWork, turn: Turn, replies: list[Reply], now: datetime) -> bool:
    """Store the replies and mark the message answered, in one transaction.

    Returns:
        False when the replies were dropped: answered already, or a person took over meanwhile.
    """
    conversation = _lock_for(uow, turn)
    if conversation is None:
        return False
    for reply in replies:
        _append(uow, turn, _to_draft(reply), now)
    if conversation.mode is Mode.WAITING and not decide.tells_the_queue(replies):
        append_once(uow, turn, decide.beside(replies, _kept_for_after(uow, turn)), now)
    uow.conversations.set_delivery(conversation.id, turn.message.seq, Delivery.ANSWERED)
    # Whoever has written on meanwhile has not left: in a closed chat nobody would answer that.
    has_left = uow.conversations.next_pending(conversation.id) is None
    if conversation.mode is Mode.BOT and decide.ends_visit(replies) and has_left:
        uow.conversations.set_mode(conversation.id, Mode.CLOSED, at=now)
    return True


def note_failure[U: UnitOfWork](
    uow: U,
    turn: Turn,
    ask_person: AskPerson[U],
    person_after_seconds: float,
    now: datetime,
    *,
    crowded: bool = False,
) -> None:
    """Keep the message for a later try; tell the customer once; ask a person when it takes long.

    Where it failed only because the engine was crowded, it is tried again soon every time.

    Only the oldest pending message of a conversation is ever tried, so the first failure of a
    message is the first of its outage.
    """
    conversation = _lock_for(uow, turn)
    if conversation is None:
        return
    cid, seq, language = conversation.id, turn.message.seq, conversation.language
    message = uow.conversations.message(cid, seq) or turn.message
    tries = 1 if crowded else message.attempts + 1
    not_before = decide.next_try(tries, message.at, now, person_after_seconds)
    if uow.conversations.count_attempt(cid, seq, not_before) == 1:
        _append(uow, turn, notices.outage(language, seq), now)
        append_once(uow, turn, _kept_for_after(uow, turn), now)
    if decide.person_is_due(conversation.mode, message.at, now, person_after_seconds):
        append_once(uow, turn, [notices.person_asked(language, seq)], now)
        append_once(uow, turn, ask_person(uow, conversation, ENGINE_DOWN, now) or (), now)


def give_up[U: UnitOfWork](
    uow: U, turn: Turn, ask_person: AskPerson[U] | None, now: datetime
) -> None:
    """Let a person answer what the engine cannot, and go on with the next message.

    Args:
        uow: The open transaction.
        turn: The message.
        ask_person: None when asking failed too; then the customer is told to try other words.
        now: The present moment.
    """
    conversation = _lock_for(uow, turn)
    if conversation is None:
        return
    cid, seq, language = conversation.id, turn.message.seq, conversation.language
    if ask_person is None:
        _append(uow, turn, notices.not_answerable(language, seq), now)
    else:
        _append(uow, turn, notices.gave_up(language, seq), now)
        if conversation.mode is Mode.BOT:
            asked = ask_person(uow, conversation, ENGINE_CANNOT_ANSWER, now)
            append_once(uow, turn, asked or (), now)
    append_once(uow, turn, _kept_for_after(uow, turn), now)
    uow.conversations.set_delivery(cid, seq, Delivery.ANSWERED)


def append_once(uow: UnitOfWork, turn: Turn, drafts: Iterable[Draft], now: datetime) -> None:
    """Append what the log does not yet hold as a word about this message."""
    drafts = list(drafts)
    if not drafts:
        return
    said = {m.text for m in uow.conversations.replies_to(turn.conversation.id, turn.message.seq)}
    for draft in drafts:
        if draft.text not in said:
            _append(uow, turn, draft, now)


def _lock_for(uow: UnitOfWork, turn: Turn) -> Conversation | None:
    """Lock the conversation; None when the bot may say nothing more to this message."""
    conversation = uow.conversations.lock(turn.conversation.id)
    message = uow.conversations.message(conversation.id, turn.message.seq)
    if message is None or message.delivery is not Delivery.PENDING:
        return None
    if not decide.bot_may_speak(conversation.mode):
        use_cases.hand_pending_to_staff(uow, conversation.id)
        return None
    # In a later visit the message stays pending: it is taken again, for that visit's tracker.
    return conversation if conversation.visit == turn.conversation.visit else None


def _append(uow: UnitOfWork, turn: Turn, draft: Draft, now: datetime) -> None:
    choices = tuple(c if c.id else replace(c, id=new_id()) for c in draft.choices)
    answer = replace(draft, choices=choices, in_reply_to=turn.message.seq)
    uow.conversations.append(turn.conversation.id, answer, now)


def _to_draft(reply: Reply) -> Draft:
    choices = tuple(replace(choice, id="") for choice in reply.choices)  # ids are ours to give
    return Draft(Role.BOT, reply.text, choices=choices, card=reply.card)


def _after_key(turn: Turn) -> str:
    return f"{turn.conversation.id}:{turn.message.seq}:after"


def _kept_for_after(uow: UnitOfWork, turn: Turn) -> list[Draft]:
    kept = uow.action_runs.get(_after_key(turn)) or {"drafts": []}
    return [_from_json(stored) for stored in kept["drafts"]]


def _to_json(draft: Draft) -> dict[str, Any]:
    choices = [[choice.title, choice.payload] for choice in draft.choices]
    return {
        "role": draft.role.value,
        "text": draft.text,
        "card": draft.card,
        "choices": choices,
        "author": draft.author,
    }


def _from_json(stored: dict[str, Any]) -> Draft:
    choices = tuple(Choice("", title, payload) for title, payload in stored["choices"])
    role, text, card = Role(stored["role"]), stored["text"], stored["card"]
    return Draft(role, text, choices=choices, card=card, author=stored["author"])

"""Steps of a conversation. Each runs inside the caller's transaction; the caller commits."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from amends.conversations import cleaning, decide, notices
from amends.conversations.errors import ChoiceExpired, UnknownConversation
from amends.conversations.model import (
    Choice,
    Conversation,
    ConversationId,
    Delivery,
    Draft,
    Message,
    Mode,
    Role,
    Seq,
)
from amends.conversations.ports import UnitOfWork
from amends.values import new_id

TOKEN_BYTES = 32
PAGE_SIZE = 500


@dataclass(frozen=True, slots=True)
class Started:
    conversation: Conversation
    token: str  # shown once; the log keeps its hash


@dataclass(frozen=True, slots=True)
class Posting:
    """What a customer sends: typed text, or the id of a choice."""

    client_message_id: str
    text: str | None = None
    choice_id: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Messages after a place in the log, and how the conversation stands."""

    messages: Sequence[Message]
    mode: Mode
    last_seq: int


def hash_token(token: str) -> str:
    """Return what is stored of a token. It holds 256 random bits: a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def start_conversation(
    uow: UnitOfWork,
    *,
    language: str,
    company: str,
    now: datetime,
    customer_id: str | None = None,
    page: str | None = None,
) -> Started:
    """Open a conversation whose first message says that an automated assistant answers."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    conversation = Conversation(
        id=ConversationId(new_id()),
        mode=Mode.BOT,
        language=language,
        visit=1,
        last_seq=0,
        created_at=now,
        customer_id=customer_id,
        page=page,
    )
    uow.conversations.add(conversation, hash_token(token))
    uow.conversations.append(conversation.id, notices.disclosure(language, company), now)
    return Started(conversation, token)


def ensure_conversation(uow: UnitOfWork, conversation_id: str, now: datetime) -> Conversation:
    """Return the conversation of this id, opened if there is none.

    For dialogues that begin at the engine, such as `rasa shell`; no token opens such a one.
    """
    known = uow.conversations.get(conversation_id)
    if known is not None:
        return known
    opened = Conversation(ConversationId(conversation_id), Mode.BOT, "en", 1, 0, now)
    uow.conversations.add(opened, hash_token(secrets.token_urlsafe(TOKEN_BYTES)))
    return opened


def open_with_token(uow: UnitOfWork, conversation_id: str, token: str) -> Conversation:
    """Return the conversation that this token opens.

    Raises:
        UnknownConversation: There is none, or the token opens another one.
    """
    conversation = uow.conversations.get_by_token(conversation_id, hash_token(token))
    if conversation is None:
        raise UnknownConversation(conversation_id)
    return conversation


def post_message(
    uow: UnitOfWork, conversation_id: str, posting: Posting, *, limit: int, now: datetime
) -> Message:
    """Put a customer's message into the log, once per `client_message_id`.

    Args:
        uow: The open transaction.
        conversation_id: A conversation whose token was checked.
        posting: Text or choice.
        limit: Most characters of a text.
        now: The present moment.

    Raises:
        EmptyMessage: Nothing is left of the text.
        TextTooLong: The text is over the limit.
        ChoiceExpired: The choice is unknown, used, or of an older message.
    """
    conversation = uow.conversations.lock(conversation_id)
    known = uow.conversations.by_client_id(conversation_id, posting.client_message_id)
    if known is not None:
        return known

    payload: str | None = None
    if posting.choice_id is not None:
        choice = _usable_choice(uow, conversation, posting.choice_id)
        text, payload = choice.title, choice.payload
    else:
        text = cleaning.accept(posting.text or "", limit)
        payload = _typed_choice(uow, conversation, text)

    if conversation.mode is Mode.CLOSED:
        start_visit(uow, conversation, now)
    return uow.conversations.append(
        conversation_id,
        Draft(Role.CUSTOMER, text),
        now,
        client_message_id=posting.client_message_id,
        payload=payload,
        delivery=decide.route(conversation.mode),
    )


def _typed_choice(uow: UnitOfWork, conversation: Conversation, text: str) -> str | None:
    """Return the payload of the choice whose title the customer typed instead of tapping it."""
    offered = uow.conversations.last_choices_seq(conversation.id)
    message = uow.conversations.message(conversation.id, offered) if offered else None
    for choice in message.choices if message else ():
        if _letters(choice.title) == _letters(text):
            try:
                return _usable_choice(uow, conversation, choice.id).payload
            except ChoiceExpired:
                return None
    return None


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _usable_choice(uow: UnitOfWork, conversation: Conversation, choice_id: str) -> Choice:
    found = uow.conversations.choice(conversation.id, choice_id)
    if found is None or conversation.mode is Mode.CLOSED:
        raise ChoiceExpired(choice_id)
    choice, offered = found
    if offered <= _visit_starts_after(uow, conversation):
        raise ChoiceExpired(choice_id)
    if offered != uow.conversations.last_choices_seq(conversation.id):
        raise ChoiceExpired(choice_id)
    if any(_is_tap(message) for message in uow.conversations.after(conversation.id, offered)):
        raise ChoiceExpired(choice_id)
    return choice


def start_visit(uow: UnitOfWork, conversation: Conversation, now: datetime) -> None:
    """Begin a visit with an empty tracker, which must not be given choices of the one before.

    Args:
        uow: The open transaction.
        conversation: As `lock` returned it, before the new visit.
        now: The present moment.
    """
    uow.conversations.start_visit(conversation.id, now)
    key = _visit_key(conversation.id, conversation.visit + 1)
    uow.action_runs.add(key, {"after_seq": conversation.last_seq}, now)


def _visit_starts_after(uow: UnitOfWork, conversation: Conversation) -> int:
    start = uow.action_runs.get(_visit_key(conversation.id, conversation.visit))
    return int(start["after_seq"]) if start else 0


def _visit_key(conversation_id: str, visit: int) -> str:
    return f"{conversation_id}:visit:{visit}"


def _is_tap(message: Message) -> bool:
    return message.role is Role.CUSTOMER and message.payload is not None


def read_messages(uow: UnitOfWork, conversation_id: str, after: int) -> Page:
    """Return up to 500 messages after a seq.

    Raises:
        UnknownConversation: There is none of this id.
    """
    conversation = uow.conversations.get(conversation_id)
    if conversation is None:
        raise UnknownConversation(conversation_id)
    messages: Sequence[Message] = ()
    if conversation.last_seq > after:
        messages = uow.conversations.after(conversation_id, after, PAGE_SIZE)
    return Page(messages, conversation.mode, conversation.last_seq)


def append_staff_message(
    uow: UnitOfWork,
    conversation_id: str,
    text: str,
    staff_name: str,
    at: datetime,
    key: str | None = None,
) -> Message:
    """Put a staff member's message into the log; the page's `key` tells it when it comes again.

    Raises:
        EmptyMessage: Nothing is left of the text after cleaning.
    """
    cleaned = cleaning.accept_staff(text)
    uow.conversations.lock(conversation_id)
    said = Draft(Role.STAFF, cleaned, author=staff_name)
    return uow.conversations.append(conversation_id, said, at, client_message_id=key)


def staff_message_of(uow: UnitOfWork, conversation_id: str, key: str) -> Message | None:
    """Return the staff member's message that came with this key already; none is added meanwhile.

    Raises:
        UnknownConversation: there is none of this id.
    """
    uow.conversations.lock(conversation_id)
    known = uow.conversations.by_client_id(conversation_id, key)
    return known if known is not None and known.role is Role.STAFF else None


def append_notice(uow: UnitOfWork, conversation_id: str, notice: Draft, at: datetime) -> Message:
    """Put a word of the system's own into the log; its choices get their ids here."""
    choices = tuple(replace(choice, id=new_id()) for choice in notice.choices)
    return uow.conversations.append(conversation_id, replace(notice, choices=choices), at)


def change_mode(
    uow: UnitOfWork,
    conversation_id: str,
    mode: Mode,
    at: datetime,
    staff_id: str | None = None,
) -> Conversation:
    """Change who answers, and return the conversation as it was before.

    Messages the bot has not answered yet go to the person who takes over.
    """
    before = uow.conversations.lock(conversation_id)
    uow.conversations.set_mode(conversation_id, mode, at=at, staff_id=staff_id)
    if mode is Mode.STAFF:
        hand_pending_to_staff(uow, conversation_id)
    return before


def hand_pending_to_staff(uow: UnitOfWork, conversation_id: str) -> list[Seq]:
    """Move all unanswered messages to staff; return their seqs."""
    moved: list[Seq] = []
    while (message := uow.conversations.next_pending(conversation_id)) is not None:
        uow.conversations.set_delivery(conversation_id, message.seq, Delivery.TO_STAFF)
        moved.append(message.seq)
    return moved

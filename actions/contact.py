"""The customer would rather be answered by e-mail or phone than wait in the chat."""

from actions.base import Say
from actions.turn import Turn
from amends.handoff import contacts, waits
from amends.handoff.clock import wait_words
from amends.handoff.model import Channel, Contact, Handoff, HandoffState
from amends.satisfaction.ports import UnitOfWork
from amends.wiring.app import App


def contact_says(app: App, uow: UnitOfWork, turn: Turn) -> list[Say]:
    """Note where the waiting customer is reached, or ask; nothing if the message is about neither.

    The address is not repeated: it stays out of the log of what we said, and may be mistyped.
    """
    waiting = uow.handoffs.open_of(turn.conversation_id)
    if waiting is None or waiting.state is not HandoffState.WAITING:
        return []
    contact = _given(uow, turn, waiting) or _wished(uow, turn)
    if contact is None:
        return []
    known = contacts.note_contact(uow, turn.conversation_id, contact, app.clock())
    if known.address is None:
        return [Say(f"say_contact_ask_{known.channel.value}")]
    wait = waits.wait_of(uow, app.thresholds, turn.conversation_id, app.clock())
    return [Say("say_contact_noted", {"wait": wait_words(wait, turn.language)})]


def _given(uow: UnitOfWork, turn: Turn, waiting: Handoff) -> Contact | None:
    known = waiting.contact
    owed = known.channel if known and known.address is None else None
    return contacts.read_contact(
        turn.text, turn.values.get("email"), owed, besides=_orders(uow, turn)
    )


def _orders(uow: UnitOfWork, turn: Turn) -> list[str]:
    """Return the numbers in the message that are orders."""
    return [number for number in turn.order_numbers if uow.orders.find(number)]


def _wished(uow: UnitOfWork, turn: Turn) -> Contact | None:
    if turn.values.get("contact") not in set(Channel):
        return None
    channel = Channel(turn.values["contact"])
    return Contact(channel, _of_account(uow, turn) if channel is Channel.EMAIL else None)


def _of_account(uow: UnitOfWork, turn: Turn) -> str | None:
    """Return the address of a signed-in customer; an order's would be anybody's guess."""
    conversation = uow.conversations.get(turn.conversation_id)
    customer_id = conversation.customer_id if conversation else None
    customer = uow.orders.customer(customer_id) if customer_id else None
    return customer.email if customer else None

"""Plays dialogues on a running system, as customers whom nothing else is known of."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx

from amends.cases.model import Customer as Shopper
from amends.cases.model import Order
from amends.gateway import identity
from amends.values import utc_now
from tests.adversarial.dialogue import Dialogue, Turn
from tests.adversarial.shop import Shelf
from tests.support.customer import LONGEST_WAIT, Customer
from tests.support.system import System

AT_ONCE = 4


@dataclass
class Played:
    """A dialogue that was played: which conversations it led to, about which orders."""

    dialogue: Dialogue
    began_at: datetime
    orders: dict[str, Order]  # by their names in the texts: order, second_order, other_order
    customer_id: str | None  # of a signed-in customer
    chats: dict[int, Customer] = field(default_factory=dict)
    turns: int = 0

    def text(self, words: str) -> str:
        for name, order in self.orders.items():
            words = words.replace(f"{{{name}}}", order.number)
        return words


def play_all(system: System, dialogues: tuple[Dialogue, ...]) -> list[Played]:
    """Play every dialogue, several at once; in the order of the dialogues."""
    shelf = Shelf(system.db)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda dialogue: _named(system, shelf, dialogue), dialogues))


def _named(system: System, shelf: Shelf, dialogue: Dialogue) -> Played:
    try:
        return play(system, shelf, dialogue)
    except (AssertionError, httpx.HTTPError) as error:
        raise AssertionError(f"{dialogue.id} could not be played: {error}") from error


def play(system: System, shelf: Shelf, dialogue: Dialogue) -> Played:
    """Play one dialogue from the first turn to the last."""
    began_at = utc_now()
    played, owner = _place_orders(shelf, dialogue, began_at)
    with _client(system) as client:
        for turn in dialogue.turns:
            for number in turn.chats:
                if number not in played.chats:
                    vouched = _vouched(system, owner) if played.customer_id else None
                    played.chats[number] = Customer.start(client, vouched)
            played.turns += _take(played, turn)
    if utc_now().date() != began_at.date():  # past midnight an order is a day later: not the same
        return play(system, shelf, dialogue)
    return played


@contextmanager
def _client(system: System) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=system.url, timeout=60, trust_env=False) as client:
        yield client


def _place_orders(shelf: Shelf, dialogue: Dialogue, now: datetime) -> tuple[Played, Shopper]:
    setup = dialogue.setup
    own = shelf.place(setup.order, now)
    orders = {"order": own.order}
    if setup.second:
        orders["second_order"] = shelf.place(setup.second, now, own.owner).order
    if setup.other:
        orders["other_order"] = shelf.place(setup.other, now).order
    return Played(dialogue, now, orders, own.owner.id if setup.signed_in else None), own.owner


def _vouched(system: System, owner: Shopper) -> str:
    """Return the token with which the shop's site would vouch for this customer."""
    secret = (system.folder / "var/secret").read_text("ascii").strip()
    expires_at = utc_now() + timedelta(hours=1)
    return identity.sign(
        secret, customer_id=owner.id, email=owner.email, name=owner.name, expires_at=expires_at
    )


def _take(played: Played, turn: Turn) -> int:
    """Take one turn; returns in how many chats it was not left out."""
    customers = [played.chats[number] for number in turn.chats]
    if len(customers) == 1:
        return _do(played, customers[0], turn)
    with ThreadPoolExecutor(len(customers)) as pool:
        return sum(pool.map(lambda customer: _do(played, customer, turn), customers))


def _do(played: Played, customer: Customer, turn: Turn) -> int:
    if turn.text:
        customer.say(played.text(turn.text))
        return 1
    shown = _shown(customer, turn.tap)
    if turn.if_shown and len(shown) != 1:
        return 0
    assert len(shown) == 1, f"there is no single choice {turn.tap!r} in {customer.messages()[-1]}"
    answer = customer.post({"choice_id": shown[0]}, wait=LONGEST_WAIT)
    expired = answer.status_code == httpx.codes.CONFLICT  # a button of yesterday's offer
    assert expired or answer.status_code == httpx.codes.OK, answer.text
    return 1


def _shown(customer: Customer, words: str) -> list[str]:
    """Return the ids of the quick replies, among those shown last, with these words in them."""
    with_choices = (m["choices"] for m in reversed(customer.messages()) if m["choices"])
    shown: list[dict[str, str]] = next(with_choices, [])
    return [one["id"] for one in shown if words.lower() in one["title"].lower()]

"""A customer whom a load balancer sends to another gateway with each request; and who took them."""

from dataclasses import replace

from amends.storage.tracker import tracker_events
from amends.wiring.engines import ranked
from tests.support.customer import Customer
from tests.support.fleet import Fleet, Machine


class Wanderer:
    """Posts go to one gateway and the next in turn."""

    def __init__(self, at: list[Customer]) -> None:
        self.at = at
        self._requests = 0

    @classmethod
    def start(cls, fleet: Fleet) -> "Wanderer":
        first, *others = (fleet.client_of(gateway) for gateway in fleet.gateways)
        begun = Customer.start(first)
        return cls([begun, *(replace(begun, client=client) for client in others)])

    @property
    def id(self) -> str:
        return self.at[0].conversation_id

    @property
    def next(self) -> Customer:
        self._requests += 1
        return self.at[self._requests % len(self.at)]


def home_of(fleet: Fleet, conversation_id: str) -> list[Machine]:
    """Return the engines in the order in which they take a conversation."""
    by_url = {engine.url: engine for engine in fleet.engines}
    return [by_url[url] for url in ranked(conversation_id, by_url)]


def turns_of(engine: Machine, conversation_id: str) -> int:
    """Return how many turns of a conversation an engine has taken."""
    said = engine.output.read_text("utf-8", errors="replace")
    return said.count(f"amends.turn.done sender_id={conversation_id}.")


def taken_in(fleet: Fleet, conversation_id: str) -> list[str]:
    """Return the ids of the messages that the engines' dialogue state holds, in order."""
    events = tracker_events(fleet.postgres.url("tracker"), [f"{conversation_id}.1"])
    return [
        event["message_id"]
        for event in events.get(f"{conversation_id}.1", [])
        if event["event"] == "user" and event.get("message_id")
    ]

"""Two gateways and two engines on PostgreSQL and Redis, as customers meet them."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import httpx
import pytest

from amends.conversations.use_cases import Posting, post_message
from amends.values import new_id, utc_now
from tests.scale.wanderer import Wanderer, home_of, taken_in, turns_of
from tests.support.customer import LONGEST_WAIT, Customer
from tests.support.fleet import Fleet, running_fleet
from tests.support.orders import copy_order
from tests.support.system import PROJECT, START_SECONDS, until

pytestmark = [
    pytest.mark.skipif(
        not (PROJECT / ".venv-engine" / "bin" / "python").exists(),
        reason="the engine's environment is not set up: make install",
    ),
    pytest.mark.xdist_group("two-machines"),
]

LATE = "10045"
STORY = "My parcel has not arrived and nobody tells me anything."


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    with running_fleet(tmp_path_factory.mktemp("scale")) as running:
        yield running


@pytest.fixture
def two(whole: Fleet) -> Fleet:
    if whole.redis.process is None:
        whole.redis.start()
    until(lambda: {status(one.url) for one in whole.gateways} == {"ready"}, START_SECONDS)
    return whole


def status(gateway_url: str) -> str:
    try:
        answer = httpx.get(f"{gateway_url}/readyz", timeout=5, trust_env=False)
        return str(answer.json()["status"])
    except (httpx.HTTPError, ValueError):
        return "away"


def complains(two: Fleet, customer: Wanderer) -> list[str]:
    """Say what went wrong and with which order; an offer is made for it."""
    return talk(customer, [STORY, copy_order(two.db, LATE, utc_now())])


def talk(customer: Wanderer, texts: list[str]) -> list[str]:
    return [customer.next.say(text).text for text in texts]


def assert_each_answered_once(two: Fleet, customer: Wanderer) -> None:
    """Nothing is lost, nothing is doubled: in the log, and in the engines' dialogue state."""
    log = customer.at[0].messages()
    mine = [one["seq"] for one in log if one["role"] == "customer"]
    answers = Counter(one["in_reply_to"] for one in log if one["role"] == "bot")
    texts = Counter((one["in_reply_to"], one["text"]) for one in log if one["role"] == "bot")
    assert all(answers[seq] for seq in mine), "a message was not answered"
    assert max(texts.values()) == 1, "something was said twice"
    assert taken_in(two, customer.id) == [f"{customer.id}:{seq}" for seq in mine]
    # A notice may have come since the log was read at the first gateway.
    seqs = [one["seq"] for one in customer.at[1].messages()]
    assert seqs[: len(log)] == [one["seq"] for one in log]


class Listener:
    """A stream at one gateway, read by a thread of its own."""

    def __init__(self, customer: Customer) -> None:
        self.seqs: list[int] = []
        self._customer = customer
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(httpx.HTTPError):  # the end of the test
            self._read()

    def _read(self) -> None:
        path = f"/api/conversations/{self._customer.conversation_id}/stream"
        headers = self._customer.headers
        with self._customer.client.stream("GET", path, headers=headers, timeout=300) as stream:
            event = ""
            for line in stream.iter_lines():
                if line.startswith("event: "):
                    event = line.removeprefix("event: ")
                elif line.startswith("data: ") and event == "message":
                    self.seqs.append(json.loads(line.removeprefix("data: "))["seq"])


class TestTwoMachines:
    def test_given_posts_that_alternate_then_answered_in_order_by_one_engine(
        self, two: Fleet
    ) -> None:
        customer = Wanderer.start(two)

        said = complains(two, customer) + talk(customer, ["What about my case?", "Thank you."])

        assert all(said)
        assert_each_answered_once(two, customer)
        home, other = home_of(two, customer.id)
        assert (turns_of(home, customer.id), turns_of(other, customer.id)) == (4, 0)

    def test_given_a_stream_at_one_gateway_then_it_sees_what_is_posted_at_the_other(
        self, two: Fleet
    ) -> None:
        customer = Wanderer.start(two)
        listener = Listener(two_at(two, customer, 1))
        until(lambda: listener.seqs == [1], 60)

        two_at(two, customer, 0).say("My parcel has not arrived.")

        last = customer.at[0].page()["last_seq"]
        until(lambda: listener.seqs == list(range(1, last + 1)), 60)

    def test_given_the_engine_killed_then_the_next_message_is_answered_by_the_other(
        self, two: Fleet
    ) -> None:
        customer = Wanderer.start(two)
        complains(two, customer)
        home, other = home_of(two, customer.id)
        home.crash()

        said = talk(customer, ["What about my case?", "Thank you."])

        assert all(said)
        assert_each_answered_once(two, customer)
        assert (turns_of(home, customer.id), turns_of(other, customer.id)) == (2, 2)

    def test_given_the_engine_killed_in_the_middle_of_a_turn_then_answered_once(
        self, two: Fleet
    ) -> None:
        customer = Wanderer.start(two)
        complains(two, customer)
        home, _ = home_of(two, customer.id)
        posted = customer.next.post({"text": "What about my case?"})
        home.crash()

        customer.next.replies_to(posted.json()["seq"], START_SECONDS)

        talk(customer, ["Thank you."])
        assert_each_answered_once(two, customer)

    def test_given_the_gateway_killed_in_the_middle_of_a_turn_then_answered_once(
        self, two: Fleet
    ) -> None:
        customer = Wanderer.start(two)
        complains(two, customer)
        here, there = customer.at
        posted = here.post({"text": "What about my case?"})
        two.gateways[0].crash()

        there.replies_to(posted.json()["seq"], START_SECONDS)

        there.say("Thank you.")
        two.wait_ready()
        assert_each_answered_once(two, customer)

    def test_given_no_redis_when_one_message_is_driven_everywhere_at_once_then_done_once(
        self, two: Fleet
    ) -> None:
        """The hardest case: no locks anywhere, both gateways sweep, both engines are asked."""
        customer = Wanderer.start(two)
        complains(two, customer)
        customer.next.tap("A refund")
        accepting = customer.next.choice("Yes, I accept")
        two.redis.stop()
        message = leave_in_the_log(two, customer, accepting)

        with ThreadPoolExecutor(4) as pool:
            list(
                pool.map(
                    lambda url: ask_engine(url, customer, message),
                    [one.url for one in two.engines] * 2,
                )
            )
        customer.next.replies_to(message["seq"], START_SECONDS)

        assert_each_answered_once(two, customer)
        assert steps_of(two, customer) == {"offered": 1, "accepted": 1}


def two_at(two: Fleet, customer: Wanderer, number: int) -> Customer:
    """Return the customer at one gateway, with a connection of their own."""
    at = customer.at[number]
    return Customer(two.client_of(two.gateways[number]), at.conversation_id, at.token)


def leave_in_the_log(two: Fleet, customer: Wanderer, choice_id: str) -> dict[str, Any]:
    """Post as a gateway does that is cut off right after its commit."""
    with two.db.write() as uow:
        posting = Posting(new_id(), None, choice_id)
        message = post_message(uow, customer.id, posting, limit=2000, now=utc_now())
        uow.commit()
    return {"seq": message.seq, "text": message.text, "payload": message.payload}


def ask_engine(url: str, customer: Wanderer, message: dict[str, Any]) -> int:
    """Ask an engine for the turn as a gateway would; return the status."""
    intent = message["payload"].lstrip("/").partition("{")[0]
    entities = json.loads(message["payload"][len(intent) + 1 :] or "{}")
    body = {
        "sender_id": f"{customer.id}.1",
        "message_id": f"{customer.id}:{message['seq']}",
        "text": message["text"],
        "command": {"intent": intent, "entities": entities},
        "metadata": {
            "conversation_id": customer.id,
            "seq": message["seq"],
            "mode": "bot",
            "language": "en",
            "customer_id": None,
        },
    }
    return httpx.post(
        f"{url}/webhooks/amends/turn", json=body, timeout=LONGEST_WAIT, trust_env=False
    ).status_code


def steps_of(two: Fleet, customer: Wanderer) -> dict[str, int]:
    """Return how often each step was taken with the remedies of the customer's case, at most."""
    with two.db.read() as uow:
        (case,) = uow.cases.of_conversation(customer.id)
        remedies = [one for offer in uow.ledger.offers_of_case(case.id) for one in offer.remedies]
        taken = Counter((one.remedy_id, one.step) for one in uow.ledger.steps_of_case(case.id))
    return {step: max(taken[one.id, step] for one in remedies) for step in ("offered", "accepted")}

"""Every event is what its schema says, and holds nothing that a customer wrote."""

import json
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from amends.cases import use_cases as cases
from amends.cases.details import Detail
from amends.compensation import use_cases as compensation
from amends.compensation.model import Offer
from amends.handoff import new_dates
from amends.handoff import use_cases as handoff
from amends.satisfaction.surveys.model import Answers
from amends.storage.tables.outbox import OutboxRow
from amends.values import Json
from amends.webhooks.decide import SCHEMA_VERSION, body_of
from amends.webhooks.model import TEST_EVENT, Event, EventType
from amends.wiring import jobs
from tests.support.shop import ANA, Chat, Shop

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "schemas" / "webhooks-v1.json"
WORDS = "Zaphod wrote this himself and lives in Betelgeuse Street 42"
pytestmark = pytest.mark.usefixtures("log")


@cache
def schema() -> Json:
    return json.loads(SCHEMA.read_text(encoding="utf-8"))


def problems(body: bytes) -> list[str]:
    validator = Draft202012Validator(schema(), format_checker=FormatChecker())
    return [error.message for error in validator.iter_errors(json.loads(body))]


def bodies(shop: Shop, kind: EventType) -> list[bytes]:
    with shop.db.read() as uow:
        rows = uow.outbox._session.query(OutboxRow).filter_by(topic=kind).all()
        return [body_of(Event("evt_1", row.topic, row.at, row.payload)) for row in rows]


def accepted(shop: Shop, customer: str | None = None) -> tuple[Chat, Offer]:
    """A chat whose offer was accepted."""
    chat = shop.chat(customer)
    case = chat.complains(text=WORDS, order="10045")
    with shop.write() as uow:
        offer = compensation.decide_case(uow, shop.policy, case.id, shop.clock()).offer
        assert offer is not None
        compensation.accept(uow, offer.id, 0, shop.clock())
    return chat, offer


def answered_late(shop: Shop, customer: str | None) -> Chat:
    """A chat in which a person came too late, helped, and was rated."""
    chat = shop.chat(customer)
    case = chat.complains("damaged_item", text=WORDS, order="10046")
    with shop.write() as uow:
        asked = handoff.request(uow, shop.thresholds, chat.id, ("customer_asked",), shop.clock())
        cases.record_details(uow, case.id, {Detail.WHAT_HAPPENED: WORDS}, shop.clock())
        shop.clock.forward(hours=1)
        handoff.claim(uow, asked.id, ANA, shop.clock())
        handoff.answer(uow, asked.id, ANA, WORDS, shop.clock())
        handoff.resolve(uow, asked.id, ANA, "goodwill_given", shop.clock())
        shop.app.record_survey(uow, chat.id, Answers(csat=2, comment=WORDS), shop.clock())
    return chat


def whole_life(shop: Shop, customer: str | None) -> dict[str, Chat]:
    """All that can happen to a complaint, in two chats."""
    paid, _ = accepted(shop, customer)
    with shop.write() as uow:
        case = cases.latest_case(uow, paid.id)
        assert case is not None
        late, due_at = uow.promises.of_case(case.id)[0], shop.clock() + timedelta(days=12)
        new_dates.give(
            uow, shop.thresholds.hours, late.id, case.id, due_at, WORDS, ANA, shop.clock()
        )
    jobs.issue_remedies(shop.app)
    return {chat.id: chat for chat in (paid, answered_late(shop, customer))}


@pytest.mark.parametrize("customer", [None, "cus-collins"])
@pytest.mark.parametrize("kind", EventType)
class TestEvents:
    def test_given_a_case_from_complaint_to_rating_then_the_event_fits_its_schema(
        self, shop: Shop, kind: EventType, customer: str | None
    ) -> None:
        chats = whole_life(shop, customer)

        found = bodies(shop, kind)

        assert found, "it happened"
        assert [problems(body) for body in found] == [[] for _ in found]
        for body in found:
            data = json.loads(body)["data"]
            assert data["case_number"] == chats[data["conversation_id"]].case.number
            assert data["version"] == SCHEMA_VERSION

    def test_given_words_and_names_in_the_case_then_the_event_holds_none_of_them(
        self, shop: Shop, kind: EventType, customer: str | None
    ) -> None:
        whole_life(shop, customer)
        with shop.db.read() as uow:
            known = uow.orders.customer("cus-collins")
            codes = set(shop.till.done.values())
        assert known is not None
        private = {"Zaphod", "Betelgeuse", known.name, known.email, ANA.name, *codes}

        said = b"".join(bodies(shop, kind)).decode()

        assert [word for word in private if word in said] == []


class TestWithoutACase:
    def test_given_a_chat_without_a_case_when_a_person_is_asked_for_and_it_is_rated_then_it_fits(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        with shop.write() as uow:
            handoff.request(uow, shop.thresholds, chat.id, ("customer_asked",), shop.clock())
            shop.app.record_survey(uow, chat.id, Answers(csat=3), shop.clock())

        for kind in (EventType.HANDOFF_REQUESTED, EventType.SURVEY_RECEIVED):
            (body,) = bodies(shop, kind)
            assert problems(body) == []
            assert json.loads(body)["data"]["case_id"] is None

    def test_given_a_promise_of_a_remedy_when_it_is_broken_then_the_remedy_is_named(
        self, shop: Shop
    ) -> None:
        _, offer = accepted(shop)
        shop.clock.forward(days=30)

        jobs.mark_broken_promises(shop.app)

        found = bodies(shop, EventType.PROMISE_BROKEN)
        assert {one.id for one in offer.remedies} >= {
            json.loads(body)["data"]["remedy_id"] for body in found
        }
        assert found
        assert [problems(body) for body in found] == [[] for _ in found]


class TestSchema:
    def test_given_the_schema_then_it_is_one_and_knows_every_event(self) -> None:
        Draft202012Validator.check_schema(schema())
        named = {one["$ref"].removeprefix("#/$defs/") for one in schema()["oneOf"]}

        assert named == {*EventType, TEST_EVENT}

    @pytest.mark.parametrize(
        ("change", "problem"),
        [
            ({"type": "case.exploded"}, "not valid"),
            ({"data": {"version": 1}}, "not valid"),
            ({"timestamp": 5}, "is not of type"),
        ],
    )
    def test_given_something_else_then_the_schema_refuses_it(
        self, shop: Shop, change: Json, problem: str
    ) -> None:
        shop.chat().complains()
        (body,) = bodies(shop, EventType.CASE_OPENED)

        changed = json.dumps(json.loads(body) | change).encode()

        assert any(problem in one for one in problems(changed))


class TestLateRemedy:
    def test_given_a_remedy_settled_after_its_time_when_recorded_then_its_promise_is_broken(
        self, shop: Shop
    ) -> None:
        """Between the due time and the job's round there is a moment in which nobody has looked."""
        accepted(shop)
        shop.clock.forward(days=30)

        jobs.issue_remedies(shop.app)

        issued, broken = (
            {json.loads(body)["data"]["remedy_id"] for body in bodies(shop, kind)}
            for kind in (EventType.REMEDY_ISSUED, EventType.PROMISE_BROKEN)
        )
        assert broken
        assert broken <= issued

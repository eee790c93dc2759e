"""The contract between engine and actions: names, JSON, words, values."""

import json
import re
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from rasa_sdk.executor import ActionExecutor
from ruamel.yaml import YAML

from amends.gateway.actions import create_actions_app
from amends.storage.demo import fill
from amends.values import utc_now
from amends.wiring import app as wiring
from amends.wiring.settings import load_settings
from tests.contract import scenarios
from tests.contract.dialogue import Dialogue
from tests.support.database import fresh_url

HAN = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2,}")
NAMES = re.compile(r"AM-[0-9A-Z]{6}|US\$|JP¥|CHF|UTC")
PROJECT = Path(__file__).resolve().parents[2]
ENGINE_PYTHON = PROJECT / ".venv-engine" / "bin" / "python"

pytestmark = pytest.mark.skipif(
    not ENGINE_PYTHON.exists(), reason="the engine's environment is not set up: make install"
)


def engine_side(mode: str, lines: str = "") -> list[Any]:
    done = subprocess.run(
        [ENGINE_PYTHON, "-W", "ignore", PROJECT / "tests/contract/engine_side.py", mode],
        input=lines, capture_output=True, text=True, timeout=120, check=False, cwd=PROJECT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def call() -> dict[str, Any]:
    return dict(engine_side("call")[0])


@pytest.fixture(scope="module")
def domain() -> dict[str, Any]:
    return dict(YAML(typ="safe").load(PROJECT / "domain.yml"))


@pytest.fixture(scope="module")
def rules() -> str:
    return "".join(file.read_text() for file in (PROJECT / "data/rules").glob("*.yml"))


async def _everything_said(
    call: dict[str, Any], language: str, folder: Path
) -> list[dict[str, Any]]:
    url = fresh_url(folder)
    fill(url, utc_now())
    clock = [timedelta()]
    app = wiring.build(load_settings(environ={}, database_url=url))
    app = replace(app, clock=lambda: utc_now() + clock[0])
    answers: list[dict[str, Any]] = []

    def pass_time(by: timedelta) -> None:
        clock[0] += by

    wiring.use_app(app)
    try:
        transport = httpx.ASGITransport(create_actions_app())
        async with httpx.AsyncClient(transport=transport, base_url="http://actions") as client:

            def start(customer_id: str | None = None) -> Dialogue:
                return Dialogue(app, client, call, answers, customer_id, language)

            customers = _customers(app)
            await scenarios.nothing_open(start)
            await scenarios.every_complaint(start)
            await scenarios.facts(start)
            await scenarios.offers(start)
            await scenarios.refusals(start)
            await scenarios.the_form(start, customers[0])
            await scenarios.people(start, customers[1])
            await scenarios.misunderstandings(start)
            await scenarios.bargaining(start, pass_time)
            await scenarios.an_expired_offer(start, pass_time)
    finally:
        wiring._chosen.clear()
        app.db.close()
    return answers


def _customers(app: wiring.App) -> tuple[str, str]:
    """Return two customers of the demo shop."""
    with app.db.read() as uow:
        orders = [uow.orders.find(number) for number in ("10045", "10046")]
    first, second = (order.customer_id for order in orders if order)
    return first, second


@pytest.fixture(scope="module", params=["en", "zh"])
def answers(request, call, tmp_path_factory) -> list[dict[str, Any]]:
    import asyncio

    return asyncio.run(_everything_said(call, request.param, tmp_path_factory.mktemp("contract")))


@pytest.fixture(scope="module")
def taken(answers) -> list[dict[str, Any]]:
    return engine_side("accept", "".join(json.dumps(answer) + "\n" for answer in answers))


def _home(run: Any) -> str:
    """Return the module of the action that a registered method belongs to."""
    return type(run.__self__).__module__


class TestNames:
    def test_given_actions_when_compared_then_domain_and_package_name_the_same(self, domain):
        executor = ActionExecutor()
        executor.register_package("actions")

        # The SDK registers every subclass it finds, those of other tests included.
        ours = {n for n, run in executor.actions.items() if _home(run).startswith("actions.")}
        assert ours == set(domain["actions"])

    def test_given_rules_when_read_then_every_action_they_name_exists(self, domain, rules):
        named = set(re.findall(r"action: ((?:action|utter)_\w+)", rules))
        built_in = {"action_listen", "action_deactivate_loop"}

        assert named - built_in <= set(domain["actions"]) | set(domain["responses"])

    def test_given_actions_of_the_domain_when_looked_for_then_each_is_used(self, domain, rules):
        named = set(re.findall(r"action: (action_\w+)", rules))
        forms = domain["forms"].items()
        by_forms = {f"action_ask_{slot}" for _, form in forms for slot in form["required_slots"]}
        by_forms |= {f"validate_{form}" for form, _ in forms}

        assert set(domain["actions"]) == (named - {"action_deactivate_loop"}) | by_forms


class TestWords:
    def test_given_everything_said_when_compared_then_no_response_is_never_said(
        self, domain, answers, rules
    ):
        said = {response["response"] for answer in answers for response in answer["responses"]}
        said |= set(re.findall(r"action: (utter_\w+)", rules))
        # Said by Rasa itself, and when an action fails (tests/gateway).
        said |= {"utter_default", "say_technical_problem", "say_technical_problem_person"}

        assert set(domain["responses"]) == said

    def test_given_everything_said_when_filled_in_then_no_placeholder_is_left(self, taken):
        texts = [text for answer in taken for text in answer["texts"]]

        assert texts
        assert [text for text in texts if not text or re.search(r"[{}]|\bNone\b", text)] == []

    def test_given_a_language_when_everything_is_said_then_all_of_it_is_in_that_language(
        self, answers, taken
    ):
        texts = [text for answer in taken for text in answer["texts"]]
        language = taken[0]["language"]

        # Codes and items keep their names in any language.
        foreign = LATIN if language == "zh" else HAN
        assert {text for text in texts if foreign.search(NAMES.sub("", text))} == set()

    def test_given_buttons_when_read_then_intents_and_entities_of_the_domain(self, domain, answers):
        intents = set(domain["intents"])
        entities = {name for entity in domain["entities"] for name in entity}
        fixed = [
            b for texts in domain["responses"].values() for t in texts for b in t.get("buttons", ())
        ]
        made = [b for answer in answers for said in answer["responses"] for b in said["buttons"]]

        for payload in {button["payload"] for button in fixed + made}:
            intent, values = re.fullmatch(r"/(\w+)(\{.*\})?", payload).groups()
            assert intent in intents, payload
            assert set(json.loads(values or "{}")) <= entities, payload

    def test_given_a_batch_with_buttons_when_said_then_they_stand_on_the_last_message(
        self, domain, answers
    ):
        for answer in answers:
            told = answer["responses"]
            with_buttons = [bool(r["buttons"] or _fixed_buttons(domain, r)) for r in told]
            assert not any(with_buttons[:-1]), [r["response"] for r in told]


def _fixed_buttons(domain: dict[str, Any], response: dict[str, Any]) -> bool:
    return any("buttons" in text for text in domain["responses"][response["response"]])


class TestJson:
    async def test_given_a_call_recorded_from_rasa_when_posted_then_sdk_understands_it(self, call):
        transport = httpx.ASGITransport(create_actions_app())
        async with httpx.AsyncClient(transport=transport, base_url="http://actions") as client:
            unknown = await client.post("/webhook", json=call | {"next_action": "action_none"})

        assert call["version"] == "3.6.21"
        assert unknown.status_code == 404
        assert unknown.json()["action_name"] == "action_none"

    def test_given_all_answers_when_taken_by_rasa_then_events_and_slots_are_known(
        self, answers, taken
    ):
        assert len(taken) == len(answers) > 100
        assert [answer["wrong"] for answer in taken if answer["wrong"]] == []

    def test_given_answers_when_an_event_is_spoilt_then_rasa_refuses(self):
        spoilt = {
            "events": [{"event": "slot", "name": "no_such_slot", "value": 1}],
            "responses": [],
        }

        assert engine_side("accept", json.dumps(spoilt))[0]["wrong"] == ["no slot no_such_slot"]

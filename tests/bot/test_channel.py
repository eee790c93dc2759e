"""The channel's contract, against a real engine process over HTTP."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from engine_process import Engine, FakeActions, running_engine

from bot.channel import clean

PORT = int(os.environ.get("AMENDS_TEST_ENGINE_PORT", "5505"))
ACTIONS_PORT = int(os.environ.get("AMENDS_TEST_ACTIONS_PORT", "5506"))
DAMAGED = {"intent": "report_damaged_item", "entities": {"order_number": "10045"}}
SECRET = "zanzibar"  # a word of a customer's that must not reach the log


def hang_up() -> tuple[int, Any]:
    raise ConnectionAbortedError


@pytest.fixture(scope="module")
def fake_actions() -> Iterator[FakeActions]:
    server = FakeActions(ACTIONS_PORT)
    yield server
    server.close()


@pytest.fixture
def actions(fake_actions: FakeActions) -> FakeActions:
    fake_actions.behave = FakeActions.well
    fake_actions.calls.clear()
    return fake_actions


@pytest.fixture(scope="module")
def engine(
    small_model: Path, fake_actions: FakeActions, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("engine")
    with running_engine(small_model, folder, PORT, ACTIONS_PORT) as running:
        yield running


@pytest.fixture
def sender() -> str:
    return uuid.uuid4().hex


class TestHealth:
    def test_the_model_is_named(self, engine: Engine) -> None:
        answer = requests.get(f"{engine.url}/health", timeout=5)

        assert answer.json() == {"status": "ready", "model": "small.tar.gz"}

    def test_no_other_door_is_open(self, engine: Engine) -> None:
        root = engine.url.removesuffix("/webhooks/amends")

        for path in ("/webhooks/rest/webhook", "/model/parse", "/conversations/x/tracker"):
            assert requests.post(root + path, json={}, timeout=5).status_code == 404


class TestCleaning:
    @pytest.mark.parametrize(
        "text", ["\u200b", "\u3000\u200b\r", "/\u2060\ufeff", "\x00\u202e", "\u200b" * 9000]
    )
    def test_nothing_is_left_of_what_nobody_can_read(self, text: str) -> None:
        assert clean(text) == ""

    @pytest.mark.parametrize("text", ["?", "😡", "\u200bno", "没有"])
    def test_what_can_be_read_stays(self, text: str) -> None:
        assert clean(text) == text


class TestUnderstand:
    def test_it_returns_what_the_graph_reads(self, engine: Engine, understand: Any) -> None:
        text = "my parcel never came, order A-10045"

        answer = requests.post(f"{engine.url}/understand", json={"text": text}, timeout=5)

        assert answer.json() == understand(text)


class TestTurn:
    def test_text_and_choices_come_back(self, engine: Engine, sender: str) -> None:
        answer = engine.turn(sender, "1", "hello").json()

        assert [one[0] for one in answer.pop("steps")][:2] == ["load", "predict"]
        assert answer == {
            "replies": [
                {
                    "text": "Hello.",
                    "choices": [{"title": "My parcel", "payload": "/report_not_received"}],
                    "card": None,
                }
            ],
            "replayed": False,
        }

    def test_a_card_comes_back(self, engine: Engine, sender: str) -> None:
        reply = engine.turn(sender, "1", "yes").json()["replies"][0]

        assert reply["card"] == {"kind": "case", "case_number": "C-1", "next_step": None}

    def test_the_reply_is_in_the_conversations_language_from_the_first_on(
        self, engine: Engine, sender: str, actions: FakeActions
    ) -> None:
        said = []
        for message, language in (("1", "zh"), ("2", "en"), ("3", "zh"), ("3", "zh")):
            answer = engine.turn(sender, message, command=DAMAGED, metadata={"language": language})
            said.append(answer.json()["replies"][-1]["text"])

        assert said == ["请问是哪个订单？", "Which order?", "请问是哪个订单？", "请问是哪个订单？"]
        languages = [call["tracker"]["slots"]["language"] for call in actions.calls]
        assert languages == ["zh", "en", "zh"]

    def test_a_finished_parse_is_used_as_it_is(self, engine: Engine, sender: str) -> None:
        parse = {"intent": {"name": "agree", "confidence": 0.9}, "entities": []}

        answer = engine.turn(sender, "1", "hello", parse=parse).json()

        assert answer["replies"][0]["card"] is not None

    def test_a_command_fills_entities_and_slots(
        self, engine: Engine, sender: str, actions: FakeActions
    ) -> None:
        answer = engine.turn(sender, "1", command=DAMAGED, metadata={"case_id": "c-7"}).json()

        assert [reply["text"] for reply in answer["replies"]] == [
            "Your case is C-1.",
            "Which order?",
        ]
        tracker = actions.calls[0]["tracker"]
        assert tracker["slots"]["order_number"] == "10045"
        assert tracker["latest_message"]["metadata"] == {"case_id": "c-7"}
        assert tracker["latest_message"]["intent"]["name"] == "report_damaged_item"

    @pytest.mark.parametrize(
        "text", ["/restart", " \t/ /restart", "\x00/restart", "\u2003/restart", "//restart"]
    )
    def test_a_typed_command_does_nothing(
        self, text: str, engine: Engine, sender: str, actions: FakeActions
    ) -> None:
        engine.turn(sender, "1", command=DAMAGED)

        engine.turn(sender, "2", text)
        engine.turn(sender, "3", command={"intent": "report_damaged_item", "entities": {}})

        assert actions.calls[-1]["tracker"]["slots"]["order_number"] == "10045"
        assert not any(e["event"] == "restart" for e in actions.calls[-1]["tracker"]["events"])


class TestExactlyOnce:
    def test_the_same_id_again_repeats_the_answer(
        self, engine: Engine, sender: str, actions: FakeActions
    ) -> None:
        first = engine.turn(sender, "1", command=DAMAGED).json()
        engine.turn(sender, "2", "hello")

        again = engine.turn(sender, "1", command=DAMAGED).json()

        assert (again["replies"], again["replayed"]) == (first["replies"], True)
        assert len(actions.calls) == 1

    def test_the_same_id_of_another_conversation_is_new(
        self, engine: Engine, sender: str, actions: FakeActions
    ) -> None:
        engine.turn(sender, "1", command=DAMAGED)

        other = engine.turn(sender + "x", "1", command=DAMAGED).json()

        assert other["replayed"] is False
        assert len(actions.calls) == 2

    def test_two_at_once_are_processed_once(
        self, engine: Engine, sender: str, actions: FakeActions
    ) -> None:
        def slowly(body: dict[str, Any]) -> tuple[int, Any]:
            time.sleep(0.3)
            return FakeActions.well(body)

        actions.behave = slowly

        with ThreadPoolExecutor(4) as pool:
            sent = [pool.submit(engine.turn, sender, "1", command=DAMAGED) for _ in range(4)]
            answers = [turn.result().json() for turn in sent]

        assert len(actions.calls) == 1
        assert sorted(answer["replayed"] for answer in answers) == [False, True, True, True]
        assert all(answer["replies"] == answers[0]["replies"] for answer in answers)

    def test_after_a_kill_the_answer_is_still_known(
        self, small_model: Path, actions: FakeActions, tmp_path: Path
    ) -> None:
        with running_engine(small_model, tmp_path, PORT + 2, ACTIONS_PORT) as first:
            said = first.turn("s", "1", command=DAMAGED).json()
            first.process.kill()
            first.process.wait()
        with running_engine(small_model, tmp_path, PORT + 2, ACTIONS_PORT) as second:
            again = second.turn("s", "1", command=DAMAGED).json()

        assert (again["replies"], again["replayed"]) == (said["replies"], True)
        assert len(actions.calls) == 1


class TestFailures:
    @pytest.mark.parametrize(
        "reply",
        [(500, {"error": "boom"}), (200, {"events": "wrong"}), (200, ["wrong"]), (404, {})],
    )
    def test_a_failed_action_refuses_the_turn_and_saves_nothing(
        self, reply: tuple[int, Any], engine: Engine, sender: str, actions: FakeActions
    ) -> None:
        engine.turn(sender, "1", "hello")
        actions.behave = lambda body: reply

        failed = engine.turn(sender, "2", command=DAMAGED)

        assert failed.status_code == 500
        assert failed.json()["error"].startswith("custom action failed: action_open_case")
        actions.behave = FakeActions.well
        again = engine.turn(sender, "2", command=DAMAGED).json()
        assert again["replayed"] is False
        users = [e for e in actions.calls[-1]["tracker"]["events"] if e["event"] == "user"]
        assert [event["message_id"] for event in users] == ["1", "2"]

    @pytest.mark.parametrize("away", [(503, {"error": "the database is away"}), None])
    def test_actions_that_are_away_leave_the_message_to_be_sent_again(
        self, away: tuple[int, Any] | None, engine: Engine, sender: str, actions: FakeActions
    ) -> None:
        actions.behave = lambda body: away or hang_up()

        failed = engine.turn(sender, "1", command=DAMAGED)

        assert (failed.status_code, failed.json()) == (503, {"status": "actions away"})
        actions.behave = FakeActions.well
        assert engine.turn(sender, "1", command=DAMAGED).json()["replayed"] is False


class TestBadRequests:
    @pytest.mark.parametrize(
        ("body", "sentence"),
        [
            (b"{oops", "The body is not valid JSON."),
            (b"[]", "The body must be a JSON object."),
            (b'{"message_id": "1", "text": ""}', "Field 'sender_id' must be a string"),
            (b'{"sender_id": "s", "message_id": 1, "text": ""}', "Field 'message_id' must be"),
            (b'{"sender_id": "s", "message_id": "1"}', "Field 'text' must be a string."),
            (
                b'{"sender_id": "s", "message_id": "1", "text": "", "parse": {}}',
                "Field 'parse' must hold an 'intent'",
            ),
            (
                b'{"sender_id": "s", "message_id": "1", "text": "", "command": {"intent": 1}}',
                "Field 'command.intent' must be the name",
            ),
            (
                b'{"sender_id": "s", "message_id": "1", "text": "", "metadata": [1]}',
                "Field 'metadata' must be a JSON object.",
            ),
        ],
    )
    def test_one_sentence_says_what_is_wrong(
        self, body: bytes, sentence: str, engine: Engine
    ) -> None:
        answer = requests.post(f"{engine.url}/turn", data=body, timeout=5)

        assert answer.status_code == 400
        assert answer.json()["error"].startswith(sentence)

    def test_an_id_too_long_for_the_store_is_refused(self, engine: Engine) -> None:
        assert engine.turn("s" * 256, "1", "hello").status_code == 400

    def test_a_large_body_is_refused(self, engine: Engine) -> None:
        body = {"text": "a" * 70_000}

        assert requests.post(f"{engine.url}/understand", json=body, timeout=5).status_code == 413


class TestSilence:
    def test_nothing_a_customer_wrote_is_logged(
        self, engine: Engine, sender: str, actions: FakeActions
    ) -> None:
        engine.turn(sender, "1", f"hello {SECRET}")
        engine.turn(sender, "2", f"{SECRET} my chair came with a broken leg")
        actions.behave = lambda body: (500, {"error": SECRET})
        engine.turn(sender, "3", SECRET, command=DAMAGED)

        log = engine.log.read_text()
        assert "amends.turn.failed" in log
        assert SECRET not in log


class TestWeight:
    def test_the_engine_stays_under_350_mb(self, engine: Engine, sender: str) -> None:
        for number in range(20):
            engine.turn(sender, str(number), "my parcel never came")

        assert engine.resident_mb() < 350

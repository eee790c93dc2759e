"""Another model takes over while customers talk: nothing is lost, nothing is said twice."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from engine_process import Engine, FakeActions, running_engine
from second_model import copy_with_greeting

PORT = int(os.environ.get("AMENDS_TEST_SWAP_ENGINE_PORT", "5515"))
ACTIONS_PORT = int(os.environ.get("AMENDS_TEST_SWAP_ACTIONS_PORT", "5516"))
DAMAGED = {"intent": "report_damaged_item", "entities": {"order_number": "10045"}}
GREET = {"intent": "greet", "entities": {}}
OLD, NEW = "Hello.", "Good day."
CHATS = 6
SETTLED_MB = 350


@dataclass
class Served:
    """An engine, its actions, and the two models it may load."""

    engine: Engine
    actions: FakeActions
    old: Path
    new: Path

    def swap(self, path: Path | str, seconds: float = 60) -> requests.Response:
        return requests.post(f"{self.engine.url}/model", json={"path": str(path)}, timeout=seconds)

    def model(self) -> str:
        return str(requests.get(f"{self.engine.url}/health", timeout=10).json()["model"])


@pytest.fixture(scope="module")
def running(small_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("swap")
    models = folder / "models"
    models.mkdir()
    old = Path(shutil.copy(small_model, models / "old.tar.gz"))
    new = copy_with_greeting(small_model, models / "new.tar.gz", NEW)
    actions = FakeActions(ACTIONS_PORT)
    with running_engine(old, folder, PORT, ACTIONS_PORT) as engine:
        yield Served(engine, actions, old, new)
    actions.close()


@pytest.fixture
def served(running: Served) -> Iterator[Served]:
    running.actions.behave = FakeActions.well
    running.actions.calls.clear()
    yield running
    running.actions.behave = FakeActions.well
    assert running.swap(running.old).status_code == 200


def greeting(answer: requests.Response) -> str:
    return str(answer.json()["replies"][0]["text"])


class TestSwap:
    def test_given_another_model_then_it_answers_from_the_next_turn_on(
        self, served: Served
    ) -> None:
        before = greeting(served.engine.turn("swap-1", "1", command=GREET))

        answer = served.swap(served.new)

        assert answer.status_code == 200
        assert answer.json()["model"] == served.model() == "new.tar.gz"
        assert before == OLD
        assert greeting(served.engine.turn("swap-1", "2", command=GREET)) == NEW

    def test_given_a_swap_then_conversations_go_on_where_they_were(self, served: Served) -> None:
        served.engine.turn("swap-2", "1", command=DAMAGED)

        served.swap(served.new)
        again = served.engine.turn("swap-2", "1", command=DAMAGED).json()
        served.engine.turn("swap-2", "2", command={"intent": "report_damaged_item", "entities": {}})

        assert again["replayed"] is True
        assert served.actions.calls[-1]["tracker"]["slots"]["order_number"] == "10045"

    def test_given_the_model_that_answers_already_then_nothing_is_loaded(
        self, served: Served
    ) -> None:
        answer = served.swap(served.old)

        assert (answer.status_code, answer.json()["seconds"]) == (200, 0)

    def test_given_a_turn_under_way_then_it_ends_with_the_model_it_began_with(
        self, served: Served
    ) -> None:
        swapped = threading.Event()

        def slowly(body: dict[str, Any]) -> tuple[int, Any]:
            swapped.wait(60)
            return 200, {"events": [], "responses": [{"response": "utter_greet"}]}

        served.actions.behave = slowly
        with ThreadPoolExecutor(1) as pool:
            turn = pool.submit(served.engine.turn, "swap-3", "1", command=DAMAGED)
            while not served.actions.calls:
                time.sleep(0.01)
            assert served.swap(served.new).status_code == 200
            swapped.set()
            replies = turn.result().json()["replies"]

        assert replies[0]["text"] == OLD
        assert greeting(served.engine.turn("swap-3", "2", command=GREET)) == NEW

    def test_given_many_swaps_while_people_talk_then_each_message_is_answered_once(
        self, served: Served
    ) -> None:
        over = threading.Event()

        def chat(number: int) -> int:
            sender, turn = f"swap-chat-{number}", 0
            while not over.is_set():
                turn += 1
                first = served.engine.turn(sender, str(turn), command=GREET)
                again = served.engine.turn(sender, str(turn), command=GREET)
                assert first.status_code == again.status_code == 200, first.text
                assert greeting(first) in (OLD, NEW)
                assert again.json()["replayed"] is True
                assert again.json()["replies"] == first.json()["replies"]
            return turn

        with ThreadPoolExecutor(CHATS) as pool:
            chats = [pool.submit(chat, number) for number in range(CHATS)]
            try:
                swaps = [served.swap(path) for path in (served.new, served.old) * 3]
            finally:
                over.set()
            turns = sum(one.result() for one in chats)

        assert [one.status_code for one in swaps] == [200] * 6
        assert turns > CHATS

    def test_given_swaps_back_and_forth_then_the_memory_is_that_of_one_model(
        self, served: Served
    ) -> None:
        before = served.engine.resident_mb()

        for path in (served.new, served.old) * 3:
            assert served.swap(path).status_code == 200
            time.sleep(1.5)  # the old model is freed just after the swap

        assert served.engine.resident_mb() < min(SETTLED_MB, before + 60)


class TestRefusal:
    def test_given_a_broken_file_then_the_old_model_goes_on_answering(self, served: Served) -> None:
        broken = served.old.with_name("broken.tar.gz")
        broken.write_bytes(b"no archive at all")

        answer = served.swap(broken)

        assert answer.status_code == 422
        assert "broken.tar.gz cannot be loaded" in answer.json()["error"]
        assert served.model() == "old.tar.gz"
        assert greeting(served.engine.turn("swap-4", "1", command=GREET)) == OLD

    def test_given_a_missing_file_then_it_is_named(self, served: Served) -> None:
        answer = served.swap(served.old.with_name("gone.tar.gz"))

        assert answer.status_code == 404
        assert "gone.tar.gz" in answer.json()["error"]

    @pytest.mark.parametrize("place", ["elsewhere", "dots", "link"])
    def test_given_a_file_outside_the_models_folder_then_it_is_not_loaded(
        self, served: Served, place: str
    ) -> None:
        outside = served.old.parent.parent / "outside.tar.gz"
        shutil.copy(served.new, outside)
        link = served.old.with_name("link.tar.gz")
        if not link.exists():
            link.symlink_to(outside)
        asked = {
            "elsewhere": outside,
            "dots": served.old.parent / ".." / "outside.tar.gz",
            "link": link,
        }[place]

        answer = served.swap(asked)

        assert answer.status_code == 400
        assert served.model() == "old.tar.gz"

    @pytest.mark.parametrize("body", [{}, {"path": 7}, {"path": ""}, [], {"path": "a\0b"}])
    def test_given_no_path_then_the_request_is_refused(self, served: Served, body: Any) -> None:
        answer = requests.post(f"{served.engine.url}/model", json=body, timeout=10)

        assert answer.status_code == 400

"""Messages as nobody should write them, through one `amends nlu`: each comes back, as promised.

Many more, with how long each took: `.venv/bin/python -m benchmarks.fuzz_nlu --messages 1000000`.
"""

import json

import pytest

from amends.wiring.model import current_model
from amends.wiring.settings import load_settings
from benchmarks import fuzz_nlu
from benchmarks.nlu_contract import faults_of
from benchmarks.odd_messages import KINDS, LONGEST, messages
from tests.support.needed import without

MESSAGES = 2000
GOOD = {
    "id": 1,
    "complaint": True,
    "category": "damaged_item",
    "secondary": ["refund_not_received"],
    "intent": "report_damaged_item",
    "confidence": 0.9,
    "sentiment": -0.4,
    "sentiment_label": "neg",
    "flags": ["legal"],
    "severity": "medium",
    "handoff": True,
    "language": "en",
}


@pytest.fixture
def model() -> None:
    settings = load_settings()
    if not settings.engine_python.exists() or not current_model(settings).is_file():
        without("there is no engine with a model of the present files: amends train")


class TestMessages:
    def test_given_a_seed_then_the_same_messages_of_every_kind(self) -> None:
        made = list(messages(MESSAGES, 1))

        assert made == list(messages(MESSAGES, 1))
        assert made != list(messages(MESSAGES, 2))
        assert {kind for kind, _ in made} == set(KINDS)
        assert 2000 < max(len(text) for _, text in made) <= LONGEST


class TestContract:
    def test_given_a_row_as_promised_then_no_fault(self) -> None:
        assert list(faults_of(json.dumps(GOOD), 1)) == []

    @pytest.mark.parametrize(
        "wrong",
        [
            {"id": "1"},
            {"complaint": 1},
            {"category": "weather"},
            {"category": None},
            {"secondary": ["damaged_item"]},
            {"secondary": ["privacy_data", "privacy_data"]},
            {"intent": None},
            {"confidence": 1.01},
            {"confidence": float("nan")},
            {"sentiment": -2},
            {"sentiment_label": "angry"},
            {"flags": ["rain"]},
            {"severity": "huge"},
            {"severity": "critical", "handoff": False},
            {"language": "de"},
            {"more": 1},
        ],
    )
    def test_given_a_broken_promise_then_it_is_found(self, wrong: dict[str, object]) -> None:
        assert list(faults_of(json.dumps(GOOD | wrong), 1))

    def test_given_no_json_then_it_is_found(self) -> None:
        assert list(faults_of("Traceback", 1)) == ["not JSON"]


@pytest.mark.usefixtures("model")
def test_given_odd_messages_then_each_comes_back_as_promised() -> None:
    found = fuzz_nlu.measure(MESSAGES, seed=1)

    assert found["first_faults"] == []
    assert (found["answered"], found["ended"]) == (MESSAGES, "by itself")

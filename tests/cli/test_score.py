"""`amends score`: dialogues in, predicted satisfaction out."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from amends.cli.dialogues import DialogueError, read_dialogue
from amends.cli.errors import UsageError
from amends.cli.score import fitted, read_dialogues, read_turns
from amends.cli.score import scored as scored_by
from amends.satisfaction import use_cases as satisfaction
from amends.satisfaction.factors import FACTORS
from amends.satisfaction.scoring import BELIEVED
from amends.satisfaction.surveys.model import Answers
from amends.wiring.settings import PROJECT_DIR, Settings
from amends.wiring.weights import SHIPPED, WeightsError, load_weights, read_weights
from tests.cli.test_main import amends
from tests.support.shop import NOW, Shop, shop

__all__ = ["shop"]

# Stands in for the engine's reader: the mood is the number of plus signs less that of minus signs.
READER = """
import json, sys
for line in sys.stdin:
    row = json.loads(line)
    mood = (row["text"].count("+") - row["text"].count("-")) / 10
    assessment = {"complaint": True, "category": "not_received", "secondary": [],
                  "sentiment": mood, "sentiment_label": "neu", "flags": [],
                  "severity": "low", "waiting_hours": None, "language": "en"}
    parse = {"intent": {"name": "report_not_received", "confidence": 0.8}, "assessment": assessment}
    print(json.dumps({"id": row["id"], "parse": parse}))
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "nlu.py").write_text(READER)
    return Settings(
        project_dir=tmp_path,
        engine_python=Path(sys.executable),
        handoff_path=PROJECT_DIR / "policies" / "handoff.yml",
    )


def row(*turns: tuple[str, str], **more: Any) -> dict[str, Any]:
    return {"id": "d1", "turns": [{"role": role, "text": text} for role, text in turns], **more}


def line_of(*turns: tuple[str, str], **more: Any) -> str:
    return json.dumps(row(*turns, **more))


def scored(dialogue: Any, moods: dict[int, float]) -> dict[str, Any]:
    def read(mood: float) -> dict[str, Any]:
        return {"sentiment": mood, "severity": "low", "category": None, "secondary": []}

    return scored_by(dialogue, {turn: read(mood) for turn, mood in moods.items()}, BELIEVED)


class TestScored:
    def test_given_a_dialogue_then_exactly_the_public_keys(self) -> None:
        dialogue = read_dialogue(1, row(("user", "late"), ("system", "Sorry, we will look.")))

        found = scored(dialogue, {0: -0.5})

        assert set(found) == {"id", "satisfaction", "confidence", "dimensions", "drivers"}
        assert found["id"] == "d1"
        assert 1 <= found["satisfaction"] <= 5
        assert 0 <= found["confidence"] <= 1
        assert "upset at the end" in found["drivers"]

    def test_given_a_worse_mood_at_the_end_then_less_satisfaction(self) -> None:
        dialogue = read_dialogue(
            1, row(("user", "late"), ("system", "Sorry."), ("user", "well"), ("system", "Bye."))
        )

        better, worse = (scored(dialogue, {0: 0.0, 2: end}) for end in (0.8, -0.8))

        assert worse["satisfaction"] < better["satisfaction"]

    def test_given_a_survey_then_it_overrides_the_prediction(self) -> None:
        dialogue = read_dialogue(1, row(("user", "late"), survey={"csat": 5}))

        assert scored(dialogue, {0: -1.0})["satisfaction"] == 5.0

    def test_given_times_then_a_long_wait_costs_and_is_named(self) -> None:
        def answered_at(time: str) -> dict[str, Any]:
            turns = [
                {"role": "user", "text": "late", "at": "2026-01-31T09:00:00Z"},
                {"role": "system", "text": "Sorry, we will look.", "at": time},
            ]
            return scored(read_dialogue(1, {"id": 1, "turns": turns}), {0: 0.0})

        soon, late = answered_at("2026-01-31T09:00:02Z"), answered_at("2026-01-31T13:00:00+00:00")

        assert late["satisfaction"] < soon["satisfaction"]
        assert "waited for a person" in late["drivers"]


class TestReadTurns:
    def test_given_several_dialogues_then_each_turn_gets_its_own_mood(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        lines = [
            line_of(("user", "--"), ("system", "+++++"), ("user", "+++"), id=1),
            line_of(("system", "Hello"), ("user", "   "), ("user", "-"), id=2),
        ]

        found = read_turns(settings, tmp_path / "model", list(read_dialogues(lines)))

        moods = {
            place: {turn: read["sentiment"] for turn, read in turns.items()}
            for place, turns in found.items()
        }
        assert moods == {0: {0: -0.2, 2: 0.3}, 1: {2: -0.1}}

    def test_given_nothing_to_read_then_the_engine_is_not_started(self, tmp_path: Path) -> None:
        nowhere = Settings(engine_python=tmp_path / "missing")
        silent = list(read_dialogues([line_of(("user", ""))]))

        assert read_turns(nowhere, tmp_path / "model", silent) == {}


class TestFit:
    def test_given_labelled_conversations_and_ratings_then_weights_are_kept_and_used(
        self, settings: Settings, tmp_path: Path, shop: Shop
    ) -> None:
        settings = settings.model_copy(
            update={
                "var_dir": tmp_path / "var",
                "database_url": f"sqlite:///{tmp_path / 'shop.db'}",
            }
        )
        chat = shop.chat()
        chat.says("+++ it never came", sentiment=0.3)
        with shop.write() as uow:
            satisfaction.record_survey(uow, BELIEVED, chat.id, Answers(csat=1), NOW)

        told = fitted(settings, tmp_path / "model")

        assert (told["labelled"], told["surveys"]) == (600, 1)
        assert told["conversations"] == 601
        kept = load_weights(settings)
        assert kept.id == "fitted-600-1"
        assert kept.points != BELIEVED.points

    def test_given_no_database_then_one_sentence(self, settings: Settings, tmp_path: Path) -> None:
        nowhere = settings.model_copy(update={"database_url": f"sqlite:///{tmp_path}/none.db"})

        with pytest.raises(UsageError, match="run `amends up` once"):
            fitted(nowhere, tmp_path / "model")


class TestWeights:
    def test_given_what_came_along_then_it_is_read_and_knows_every_factor(self) -> None:
        assert set(read_weights(SHIPPED).points) == set(FACTORS)

    @pytest.mark.parametrize("text", ["", "{}", '{"points": {"luck": 1}}', "[1]"])
    def test_given_a_broken_file_then_it_is_named_with_what_to_do(
        self, tmp_path: Path, text: str
    ) -> None:
        broken = tmp_path / "weights.json"
        broken.write_text(text)

        with pytest.raises(WeightsError, match=r"weights.json: .*amends score --fit"):
            read_weights(broken)


class TestRefusals:
    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            (row(), "needs at least one turn of the user"),
            (row(("system", "Hello")), "needs at least one turn of the user"),
            (row(("customer", "late")), "turn 1: the role is 'customer'; write user or system."),
            ({"id": 1, "turns": ["late"]}, "turn 1: a turn is an object"),
            ({"id": 1, "turns": [{"role": "user"}]}, "turn 1: a turn is an object"),
            (row(("user", "late"), survey={"csat": 6}), "'survey' is an object with a csat"),
            (row(("user", "late"), survey=3), "'survey' is an object with a csat"),
            (
                {"id": 1, "turns": [{"role": "user", "text": "late", "at": "yesterday"}]},
                "'at' is 'yesterday'; write a time such as",
            ),
        ],
    )
    def test_given_a_bad_row_then_the_line_and_what_is_wrong(
        self, given: dict[str, Any], sentence: str
    ) -> None:
        with pytest.raises(DialogueError, match="line 7") as refusal:
            read_dialogue(7, given)

        assert sentence in str(refusal.value)

    def test_given_a_bad_row_after_a_good_one_then_exit_code_2_and_nothing_is_printed(
        self, tmp_path: Path
    ) -> None:
        lines = line_of(("user", "late")) + "\n\n" + line_of(("bot", "late"))

        done = amends("score", stdin=lines, AMENDS_VAR_DIR=str(tmp_path))

        assert done.returncode == 2
        assert done.stdout == ""
        assert done.stderr == ("amends: line 3, turn 1: the role is 'bot'; write user or system.\n")

    def test_given_a_row_without_turns_then_exit_code_2_and_the_key(self, tmp_path: Path) -> None:
        done = amends("score", stdin='{"id": 1}', AMENDS_VAR_DIR=str(tmp_path))

        assert done.returncode == 2
        assert done.stderr == "amends: line 1: 'turns' is missing.\n"

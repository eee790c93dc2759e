"""`amends nlu` hands rows to the engine's reader and flattens what comes back."""

import sys
from pathlib import Path
from typing import Any

import pytest

from amends.cli.nlu import UnderstandingError, flatten, understand
from amends.cli.rows import as_line
from amends.handoff.thresholds import load_thresholds
from amends.wiring.settings import PROJECT_DIR, Settings

KEYS = {
    "id",
    "complaint",
    "category",
    "secondary",
    "intent",
    "confidence",
    "sentiment",
    "sentiment_label",
    "flags",
    "severity",
    "handoff",
    "language",
}
# Stands in for the engine's reader, `python -m bot.nlu --model FILE`.
READER = """
import json, sys
for line in sys.stdin:
    row = json.loads(line)
    if row["text"] == "crash":
        sys.exit("the model cannot be read")
    intent = {"name": "report_not_received", "confidence": 0.81234567}
    assessment = {"complaint": True, "category": "not_received", "secondary": [],
                  "sentiment": -0.4, "sentiment_label": "neg", "flags": [],
                  "severity": "low", "waiting_hours": None, "language": "en"}
    print(json.dumps({"id": row["id"], "parse": {"intent": intent, "assessment": assessment}}))
"""


def parse(**assessment: Any) -> dict[str, Any]:
    calm = {
        "complaint": True,
        "category": "damaged_item",
        "secondary": ["refund_not_received"],
        "sentiment": -0.123456,
        "sentiment_label": "neu",
        "flags": [],
        "severity": "low",
        "waiting_hours": None,
        "language": "en",
    }
    intent = {"name": "report_damaged_item", "confidence": 0.9}
    return {"intent": intent, "assessment": {**calm, **assessment}}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "nlu.py").write_text(READER)
    return Settings(
        project_dir=tmp_path,
        engine_python=Path(sys.executable),
        handoff_path=PROJECT_DIR / "policies" / "handoff.yml",
    )


class TestFlatten:
    def test_given_a_parse_then_exactly_the_public_keys(self) -> None:
        thresholds = load_thresholds(PROJECT_DIR / "policies" / "handoff.yml")

        found = flatten("r1", parse(), thresholds)

        assert set(found) == KEYS
        assert found["id"] == "r1"
        assert found["category"] == "damaged_item"
        assert found["secondary"] == ["refund_not_received"]
        assert found["sentiment"] == -0.1235

    def test_given_a_self_harm_flag_then_handoff_and_without_it_none(self) -> None:
        thresholds = load_thresholds(PROJECT_DIR / "policies" / "handoff.yml")

        assert flatten(1, parse(flags=["self_harm"]), thresholds)["handoff"] is True
        assert flatten(1, parse(secondary=[]), thresholds)["handoff"] is False


class TestUnderstand:
    def test_given_rows_then_answers_in_order_with_their_ids(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        rows = [{"id": i, "text": "still nothing \u2014 \u8fdf\u5230 \ud83d"} for i in range(50)]

        found = list(understand(settings, tmp_path / "model.tar.gz", rows))

        assert [row["id"] for row in found] == list(range(50))
        assert found[0]["confidence"] == 0.8123
        assert all(set(row) == KEYS for row in found)
        assert all(as_line(row) for row in found)

    def test_given_a_reader_that_stops_then_it_is_an_error_that_counts(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        rows = [{"id": 1, "text": "late"}, {"id": 2, "text": "crash"}, {"id": 3, "text": "late"}]

        with pytest.raises(UnderstandingError, match="understood 1 of 3 rows") as failure:
            list(understand(settings, tmp_path / "model.tar.gz", rows))

        assert "the model cannot be read" in str(failure.value)

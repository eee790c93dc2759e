"""Two readings of one message side by side."""

from typing import Any

import pytest

from amends.training.playground.compare import compare

READ: dict[str, Any] = {
    "intent": "report_not_received", "confidence": 0.9, "complaint": True,
    "category": "not_received", "secondary": [], "sentiment": -0.4, "sentiment_label": "neg",
    "flags": [], "severity": "low", "handoff": False, "language": "en",
}  # fmt: skip


def test_given_other_figures_only_then_nothing_differs() -> None:
    (one,) = compare(["late"], [READ], [READ | {"confidence": 0.4, "sentiment": -0.9}])

    assert (one.text, one.differing) == ("late", frozenset())


@pytest.mark.parametrize(
    ("name", "other"), [("intent", "question"), ("flags", ["legal"]), ("handoff", True)]
)
def test_given_another_reading_then_it_is_named(name: str, other: object) -> None:
    (one,) = compare(["late"], [READ], [READ | {name: other}])

    assert one.differing == {name}


def test_given_readings_that_do_not_pair_then_it_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        compare(["late", "lost"], [READ], [READ])

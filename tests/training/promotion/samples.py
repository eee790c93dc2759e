"""Examinations and rules as the tests need them."""

from dataclasses import replace
from datetime import UTC, datetime

from amends.training.promotion.model import (
    ChangedReading,
    Examination,
    Figure,
    Reading,
    Step,
    StepState,
)
from amends.training.promotion.rules import Consequence, FigureRule, PromotionRules

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
LATE = Reading("report_not_received", "not_received", True, False, 0.81)
PERSON = replace(LATE, handoff=True)
RULES = PromotionRules(
    figures={
        "category_accuracy": FigureRule(0.01, Consequence.REASON),
        "handoff_recall": FigureRule(0.02, Consequence.REFUSE),
        "latency_ratio": FigureRule(0.5, Consequence.ALLOW),
    },
    failed={"validation": Consequence.REFUSE, "rows": Consequence.REASON},
    unexamined=Consequence.REASON,
    folds=0,
    messages=100,
)


def figure(key: str, value: float, before: float | None, *, less: bool = False) -> Figure:
    return Figure(key, value, before=before, less_is_better=less)


def step(key: str, state: StepState = StepState.PASSED) -> Step:
    return Step(key, state, NOW, 1.5, "as it should be", "")


def examination(*figures: Figure, **changes: object) -> Examination:
    made = Examination(
        id="x1",
        model="amends-new",
        against="amends-old",
        at=NOW,
        by="s-ana",
        steps=(step("validation"), step("conversations")),
        figures=figures,
        messages=7,
        changed_count=1,
        changed=(ChangedReading("c1", 3, LATE, PERSON),),
    )
    return replace(made, **changes)  # type: ignore[arg-type]

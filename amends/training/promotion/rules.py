"""The rules for promotion: `policies/promotion.yml`, read strictly."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from amends.training.promotion.errors import BadPromotionRules

FIGURES = frozenset(
    {
        "category_accuracy",
        "category_strict",
        "category_either",
        "category_macro_f1",
        "complaint_precision",
        "complaint_recall",
        "complaint_macro_f1",
        "calibration_error",
        "handled_alone",
        "right_alone",
        "sentiment_macro_f1",
        "negative_recall",
        "sentiment_chinese",
        "handoff_recall",
        "alarms_ordinary",
        "alarms_hard",
        "cross_accuracy",
        "cross_macro_f1",
        "latency_ratio",
    }
)
"""What an examination may measure; `amends evaluate` explains all but the last."""

STEPS = ("validation", "cross_validation", "rows", "conversations", "messages")
MOST_FOLDS = 20
MOST_MESSAGES = 10_000


class Consequence(StrEnum):
    """What a finding means for a promotion."""

    REFUSE = "refuse"
    REASON = "reason"
    ALLOW = "allow"


@dataclass(frozen=True, slots=True)
class FigureRule:
    """By how much a figure may be worse than the live model's, and what happens beyond that."""

    tolerance: float
    beyond: Consequence


@dataclass(frozen=True, slots=True)
class PromotionRules:
    """What is asked of a candidate.

    Attributes:
        failed: What a failed step means, by the step's key.
        unexamined: What it means that a model was never examined.
        folds: Of the cross-validation, unless whoever examines says otherwise.
        messages: At most so many of last week's messages are read by both models.
    """

    figures: Mapping[str, FigureRule]
    failed: Mapping[str, Consequence]
    unexamined: Consequence
    folds: int
    messages: int


def load_rules(path: Path) -> PromotionRules:
    """Read the rules.

    Raises:
        BadPromotionRules: The file is missing or cannot be used; the sentence says where.
    """
    try:
        content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadPromotionRules(f"{path} cannot be read: {error.strerror}.") from None
    except (YAMLError, ValueError) as error:
        raise BadPromotionRules(f"{path.name} is not YAML: {str(error).splitlines()[0]}.") from None
    try:
        return parse_rules(content)
    except BadPromotionRules as error:
        raise BadPromotionRules(f"{path.name}: {error}") from None


def parse_rules(content: Any) -> PromotionRules:
    """Turn the content of the file into rules.

    Raises:
        BadPromotionRules: A key is unknown or missing, or a value out of its range; names it.
    """
    top = _mapping(content, "the file", {"examination", "unexamined", "steps", "figures"})
    examination = _mapping(
        top["examination"], "examination", {"cross_validation_folds", "messages"}
    )
    steps = _mapping(top["steps"], "steps", set(STEPS))
    figures = _mapping(top["figures"], "figures", set(FIGURES), all_needed=False)
    return PromotionRules(
        figures={key: _figure(key, value) for key, value in figures.items()},
        failed={key: _consequence(f"steps.{key}", value) for key, value in steps.items()},
        unexamined=_consequence("unexamined", top["unexamined"]),
        folds=_folds(examination["cross_validation_folds"]),
        messages=_whole("examination.messages", examination["messages"], 0, MOST_MESSAGES),
    )


def _figure(key: str, value: Any) -> FigureRule:
    place = f"figures.{key}"
    rule = _mapping(value, place, {"tolerance", "worse"})
    tolerance = rule["tolerance"]
    if isinstance(tolerance, bool) or not isinstance(tolerance, int | float):
        raise BadPromotionRules(f"{place}.tolerance is {tolerance!r}; write a number such as 0.01.")
    if not 0 <= tolerance <= 10:
        raise BadPromotionRules(f"{place}.tolerance is {tolerance}; write one from 0 to 10.")
    return FigureRule(float(tolerance), _consequence(f"{place}.worse", rule["worse"]))


def _consequence(place: str, value: Any) -> Consequence:
    try:
        return Consequence(value)
    except ValueError:
        known = ", ".join(one.value for one in Consequence)
        raise BadPromotionRules(f"{place} is {value!r}; write one of: {known}.") from None


def _folds(value: Any) -> int:
    folds = _whole("examination.cross_validation_folds", value, 0, MOST_FOLDS)
    if folds == 1:
        raise BadPromotionRules(
            "examination.cross_validation_folds is 1; write 0 for none, or 2 and more."
        )
    return folds


def _whole(place: str, value: Any, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadPromotionRules(
            f"{place} is {value!r}; write a whole number from {least} to {most}."
        )
    return value


def _mapping(value: Any, place: str, keys: set[str], *, all_needed: bool = True) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadPromotionRules(f"{place} must hold keys with values.")
    unknown = sorted(str(key) for key in value if key not in keys)
    if unknown:
        raise BadPromotionRules(
            f"{place} has the unknown key {unknown[0]!r}; known are {', '.join(sorted(keys))}."
        )
    missing = sorted(keys - value.keys()) if all_needed else []
    if missing:
        raise BadPromotionRules(f"{place} lacks the key {missing[0]!r}.")
    return value

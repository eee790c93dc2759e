"""The file of rules is read strictly; what is wrong is named."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from amends.training.promotion.errors import BadPromotionRules
from amends.training.promotion.rules import Consequence, load_rules, parse_rules
from amends.wiring.settings import PROJECT_DIR

GOOD: dict[str, Any] = {
    "examination": {"cross_validation_folds": 5, "messages": 2000},
    "unexamined": "reason",
    "steps": {
        "validation": "refuse",
        "conversations": "refuse",
        "cross_validation": "reason",
        "rows": "reason",
        "messages": "allow",
    },
    "figures": {"category_accuracy": {"tolerance": 0.01, "worse": "reason"}},
}


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    content = copy.deepcopy(GOOD)
    change(content)
    return content


def test_given_the_shipped_file_then_validation_and_conversations_refuse() -> None:
    rules = load_rules(PROJECT_DIR / "policies" / "promotion.yml")

    assert rules.failed["validation"] is Consequence.REFUSE
    assert rules.failed["conversations"] is Consequence.REFUSE
    assert rules.figures["handoff_recall"].beyond is Consequence.REFUSE
    assert rules.unexamined is Consequence.REASON


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda c: c.pop("unexamined"), "lacks the key 'unexamined'"),
        (lambda c: c.update(spare=1), "unknown key 'spare'"),
        (lambda c: c.update(unexamined="maybe"), "unexamined is 'maybe'; write one of"),
        (lambda c: c["steps"].pop("rows"), "steps lacks the key 'rows'"),
        (lambda c: c["steps"].update(rows=True), "steps.rows is True"),
        (lambda c: c["figures"].update(beauty={}), "figures has the unknown key 'beauty'"),
        (
            lambda c: c["figures"]["category_accuracy"].update(tolerance="1%"),
            "figures.category_accuracy.tolerance is '1%'",
        ),
        (
            lambda c: c["figures"]["category_accuracy"].update(tolerance=-1),
            "figures.category_accuracy.tolerance is -1",
        ),
        (lambda c: c["examination"].update(cross_validation_folds=1), "write 0 for none"),
        (lambda c: c["examination"].update(messages=1e9), "examination.messages is 1000000000.0"),
        (lambda c: c.update(figures=[]), "figures must hold keys"),
    ],
)
def test_given_a_mistake_then_it_is_named(
    change: Callable[[dict[str, Any]], object], says: str
) -> None:
    with pytest.raises(BadPromotionRules, match=says.replace("(", r"\(")):
        parse_rules(changed(change))


def test_given_no_file_then_it_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadPromotionRules, match=r"promotion\.yml cannot be read"):
        load_rules(tmp_path / "promotion.yml")


def test_given_no_yaml_then_the_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "promotion.yml"
    path.write_text("figures: [")

    with pytest.raises(BadPromotionRules, match=r"promotion\.yml is not YAML"):
        load_rules(path)

"""`amends policy check` prints what it found, for people or as one JSON object."""

import json
from pathlib import Path

import pytest

from amends.cli.main import main
from tests.compensation.policy_texts import policy_text

CLAUSES = """
- {id: lost, title: T, source: S, when: {category: lost}, person: agent}
- {id: late, title: T, source: S, when: {category: late, days: {at_least: 30}}, person: agent}
- {id: odd, title: T, source: S, when: {category: odd}, person: agent}
"""


@pytest.fixture
def shop(tmp_path: Path) -> str:
    file = tmp_path / "shop.yml"
    file.write_text(policy_text(CLAUSES), "utf-8")
    return str(file)


def test_given_a_gap_then_it_is_shown_with_facts_and_the_code_is_1(
    shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["policy", "check", shop])

    lines = capsys.readouterr().out.splitlines()
    gap = lines.index("warning: version 1: gap: no clause grants, refuses or names a person")
    assert code == 1
    assert lines[gap + 1] == "    for example: category = late, days = 0"
    assert lines[-1] == "shop: 1 version(s), 3 clauses, 5 warning(s), 0 note(s)"


def test_given_json_then_one_object_holds_the_same(
    shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["policy", "check", shop, "--json"])

    report = json.loads(capsys.readouterr().out)
    assert (code, report["policy"], report["clauses"]) == (1, "shop", 3)
    assert report["warnings"] == len(report["findings"]) == 5
    assert report["findings"][-1] == {
        "version": "1",
        "level": "warning",
        "kind": "gap",
        "place": "gap",
        "message": "no clause grants, refuses or names a person",
        "example": {"category": "late", "days": 0},
        "at_default": [],
    }


def test_given_notes_alone_then_the_code_is_0(
    shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = Path(shop).read_text("utf-8").replace(", days: {at_least: 30}", "")
    start, end = text.index("  refund:"), text.index("reasons:")
    Path(shop).write_text(
        text[:start].replace("remedies:\n", "remedies: {}\n") + text[end:], "utf-8"
    )

    code = main(["policy", "check", shop])

    assert code == 0
    assert capsys.readouterr().out.splitlines() == [
        "note: version 1: unknown facts: a person decides, without a clause that says so, "
        "where one of these is unknown: category",
        "shop: 1 version(s), 3 clauses, 0 warning(s), 1 note(s)",
    ]

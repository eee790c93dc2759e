"""The page that tells how a language is taught, gone through in a copy of the project.

The places are read from the page, and what is missing from the checks that the page tells to run.
"""

import re
from pathlib import Path

import pytest

from tests.support import third_language
from tests.support.scratch import PROJECT, checked, copied, page, run

PAGE = page("teach-a-new-language.md")
PLACE = re.compile(r"(?<![\w/])(?:actions|amends|bot|data|policies)/[\w/]+(?:\.\w+|/)")
HAN = re.compile(r"[\u3400-\u9fff]")
NOT_ASKED = {
    "amends/gateway/widget/src/survey_texts.js",  # a part of the widget's texts
    "amends/cases/categories.yml",  # what an installation may add
    "amends/desk/locale/",  # what staff read
}
"""Named beside what the checks ask for."""


def section(heading: str) -> str:
    return PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]


def places(text: str) -> set[str]:
    """Return the paths that the rows of a table name."""
    rows = "".join(line for line in text.splitlines() if line.startswith("| "))
    named = re.findall(r"`([^`\s]+)`", rows)
    return {one for one in named if (PROJECT / one).exists()}


SPEAKING, READING = section("What customers read"), section("What the engine reads by")


@pytest.fixture(scope="module")
def missing(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return what the checks say of a language that was just begun."""
    project = copied(tmp_path_factory.mktemp("begun"))
    third_language.begin(project)
    return checked(project, PAGE).stdout


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = copied(tmp_path_factory.mktemp("taught"))
    third_language.begin(project)
    third_language.teach_speaking(project)
    third_language.teach_understanding(project)
    return project


def test_given_a_language_just_begun_when_checked_then_each_place_of_the_page_is_named(
    missing: str,
) -> None:
    listed = (places(SPEAKING) | places(READING)) - NOT_ASKED
    assert len(listed) > 25
    assert {place for place in listed if place not in missing} == set()


def test_given_a_language_just_begun_when_checked_then_the_page_lists_each_place_that_is_named(
    missing: str,
) -> None:
    failed = [line for line in missing.splitlines() if "FAILED" in line or "Error" in line]
    named = {found for line in failed for found in PLACE.findall(line)}
    assert named
    assert {one for one in named if f"`{one}`" not in SPEAKING + READING} == set()


def test_given_every_place_filled_when_checked_then_nothing_is_missing(taught: Path) -> None:
    done = checked(taught, PAGE)

    assert done.returncode == 0, done.stdout[-3000:]


def test_given_every_place_filled_then_customers_are_spoken_to_in_it(taught: Path) -> None:
    said = run(
        taught,
        "-c",
        "from amends.compensation.words import money\n"
        "from amends.conversations.decide import language_after\n"
        "from amends.values import LANGUAGES, Money\n"
        "from tests.actions.harness import responses\n"
        "print(language_after('en', 'es', '¿Dónde está mi pedido?'))\n"
        "print(responses()['say_apology_damaged_item']['es']['text'])\n"
        "print(money(Money(2490, 'GBP'), 'es'))\n",
    )

    assert said.stdout.splitlines() == ["es", "Siento mucho que le haya llegado roto.", "£24.90"]


def test_given_a_file_that_knows_chinese_then_the_page_names_it() -> None:
    """Where the second language needed something of its own, a third one does."""
    files = [file for room in ("actions", "amends", "bot") for file in (PROJECT / room).rglob("*")]
    written = [one for one in files if one.suffix in {".py", ".js", ".yml"}]
    known = [one for one in written if HAN.search(one.read_text(encoding="utf-8"))]
    paths = [one.relative_to(PROJECT).as_posix() for one in known]

    named = set(re.findall(r"`([^`\s]+)`", PAGE))
    forgotten = [
        path
        for path in paths
        if not path.startswith("amends/desk/")  # staff read it: the page has a row for the desk
        and path not in named
        and not any(path.startswith(one) for one in named if one.endswith("/"))
    ]
    assert forgotten == []

"""Every text exists in every language, with the same values to fill in."""

import re
from collections.abc import Iterable, Iterator, Mapping
from string import Formatter
from typing import Any

import pytest
from ruamel.yaml import YAML

from actions import problems, words
from amends.compensation.load import load_policy
from amends.compensation.policy import PolicyVersion
from amends.values import LANGUAGES
from tests.actions.harness import responses
from tests.support.shop import PROJECT
from tests.support.spoken import mappings, tables

HAN = re.compile(r"[\u3400-\u9fff]")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
SAME_EVERYWHERE = {"findahelpline", "com", "AM", "name", "example"}
FORMATS = {"_LOCALES", "_DAYS", "_MOMENTS", "LANGUAGES"}
"""Tables that say how a language is written, not what is said in it."""
FILES = ("policies/retail.yml", "policies/first_help.yml", "amends/handoff/canned_replies.yml")


def versions() -> tuple[PolicyVersion, ...]:
    return tuple(load_policy(PROJECT / "policies" / "retail.yml").versions)


def policy_texts(version: PolicyVersion) -> Iterable[Mapping[str, str]]:
    reasons = version.reasons
    yield from (reasons.remedy, reasons.none, reasons.person, reasons.recourse)
    yield from (remedy.title for remedy in version.remedies.values())
    for clause in version.clauses:
        if clause.reason:
            yield clause.reason
        options = [option for step in clause.steps for option in step.options]
        yield from (grant.title for option in options for grant in option.grants)


def texts_in(value: Any) -> Iterator[str]:
    """Yield each text of an entry: it is one itself, or holds several."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts_in(one)


def shape(value: Any) -> Any:
    """Return an entry with, in place of each text, the values that are filled in."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [shape(one) for one in value]
    return values_in(value) if isinstance(value, str) else type(value)


def values_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def is_chinese(text: str) -> bool:
    """Whether nothing English is left beside the values filled in."""
    bare = re.sub(r"\{\w+\}", "", text)
    return set(LATIN_WORD.findall(bare)) <= SAME_EVERYWHERE and not re.search("[,;?!] ", bare)


@pytest.mark.parametrize("name", responses())
class TestResponses:
    def test_given_a_response_when_read_then_each_language_has_it_with_the_same_values(self, name):
        told = responses()[name]

        assert set(told) == set(LANGUAGES)
        assert len({frozenset(values_in(one["text"])) for one in told.values()}) == 1
        assert is_chinese(told["zh"]["text"])
        assert not HAN.search(told["en"]["text"])

    def test_given_choices_when_read_then_the_same_stand_behind_them_in_each_language(self, name):
        offered = {code: one.get("buttons", []) for code, one in responses()[name].items()}

        payloads = {tuple(b["payload"] for b in buttons) for buttons in offered.values()}
        assert len(payloads) == 1
        assert all(is_chinese(button["title"]) for button in offered["zh"])


@pytest.mark.parametrize("table", tables(), ids=str)
def test_given_a_table_in_the_code_then_each_language_has_the_text_with_the_same_values(table):
    assert set(table.texts) == set(LANGUAGES)
    told = [shape(entry) for entry in table.texts.values() if entry is not None]
    assert all(one == told[0] for one in told)
    if table.name not in FORMATS:
        assert [text for text in texts_in(table.texts["zh"]) if not is_chinese(text)] == []


@pytest.mark.parametrize("path", FILES)
def test_given_a_file_of_texts_then_each_of_them_stands_in_each_language(path):
    told = mappings(path)

    assert told
    assert [said for said, languages in told if languages != set(LANGUAGES)] == []


def test_given_the_domain_then_its_slot_holds_each_language():
    domain = YAML(typ="safe").load(PROJECT / "domain.yml")

    assert domain["slots"]["language"]["values"] == list(LANGUAGES), "domain.yml"


def test_given_the_widget_then_it_has_texts_in_each_language():
    path = "amends/gateway/widget/src/texts.js"
    source = (PROJECT / path).read_text(encoding="utf-8")
    listed = re.search(r"^const TEXTS = \{(.*)\};$", source, re.MULTILINE)

    assert listed
    assert re.findall(r"(\w+):", listed[1]) == list(LANGUAGES), path


def test_given_titles_when_compared_then_no_two_choices_of_a_kind_read_alike():
    for titled in (problems.PROBLEM_TITLES, words.WISH_TITLES):
        for language in LANGUAGES:
            titles = [texts[language] for texts in titled.values()]
            assert len(set(titles)) == len(titles)


def test_given_the_policy_when_read_then_customers_hear_every_reason_in_each_language():
    for version in versions():
        assert version.languages == LANGUAGES
        for texts in policy_texts(version):
            assert set(texts) == set(LANGUAGES)
            assert is_chinese(texts["zh"]), texts["zh"]

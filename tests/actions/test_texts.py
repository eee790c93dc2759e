"""Every text exists in every language, with the same values to fill in."""

import re
from collections.abc import Iterable, Mapping
from string import Formatter

import pytest

from actions import problems, words
from amends.compensation import grant_words
from amends.compensation.load import load_policy
from amends.compensation.policy import PolicyVersion
from amends.conversations import notices as conversation_notices
from amends.conversations.notices import LANGUAGES
from amends.handoff import clock
from amends.handoff import notices as handoff_notices
from amends.satisfaction.surveys import check_in
from amends.wiring import notices as job_notices
from tests.actions.harness import responses
from tests.support.shop import PROJECT

HAN = re.compile(r"[\u3400-\u9fff]")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
SAME_EVERYWHERE = {"findahelpline", "com"}


def by_text(tables: dict[str, dict[str, str]]) -> list[dict[str, str]]:
    """Turn texts by language into languages by text."""
    return [{language: told[key] for language, told in tables.items()} for key in tables["en"]]


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


TABLES: list[dict[str, str]] = [
    *words.TITLES.values(),
    *words.WISH_TITLES.values(),
    *words._PHRASES.values(),
    *problems.PROBLEM_TITLES.values(),
    *problems.PROBLEM_NOUNS.values(),
    *by_text(conversation_notices._TEXTS),
    *by_text(job_notices._TEXTS),
    *by_text(clock._WORDS),
    *by_text(handoff_notices._FIRST_HELP),
    *by_text(handoff_notices._FIRST_HELP_THERE),
    handoff_notices._DAY_AND_NIGHT,
    handoff_notices._JOINING,
    handoff_notices._JOINED,
    handoff_notices._RETURNED,
    handoff_notices._REQUEUED,
    handoff_notices._GONE,
    handoff_notices._SILENT,
    handoff_notices._LATE,
    handoff_notices._TOO_LATE,
    *handoff_notices.CONTACT_TITLES.values(),
    handoff_notices._RESOLVED,
    handoff_notices._ENDED,
    handoff_notices._RATE,
    check_in._OPEN_AGAIN,
    grant_words._ARRANGED,
]


def placeholders(text: str) -> set[str]:
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
        assert len({frozenset(placeholders(one["text"])) for one in told.values()}) == 1
        assert is_chinese(told["zh"]["text"])
        assert not HAN.search(told["en"]["text"])

    def test_given_choices_when_read_then_the_same_stand_behind_them_in_each_language(self, name):
        offered = {code: one.get("buttons", []) for code, one in responses()[name].items()}

        payloads = {tuple(b["payload"] for b in buttons) for buttons in offered.values()}
        assert len(payloads) == 1
        assert all(is_chinese(button["title"]) for button in offered["zh"])


@pytest.mark.parametrize("texts", TABLES, ids=lambda texts: texts["en"][:30])
def test_given_a_table_when_read_then_each_language_has_the_text_with_the_same_values(texts):
    assert set(texts) == set(LANGUAGES)
    assert len({frozenset(placeholders(text)) for text in texts.values()}) == 1
    assert is_chinese(texts["zh"])


def test_given_titles_when_compared_then_no_two_choices_of_a_kind_read_alike():
    for tables in (problems.PROBLEM_TITLES, words.WISH_TITLES):
        for language in LANGUAGES:
            titles = [texts[language] for texts in tables.values()]
            assert len(set(titles)) == len(titles)


def test_given_the_policy_when_read_then_customers_hear_every_reason_in_each_language():
    for version in versions():
        assert version.languages == LANGUAGES
        for texts in policy_texts(version):
            assert set(texts) == set(LANGUAGES)
            assert is_chinese(texts["zh"]), texts["zh"]

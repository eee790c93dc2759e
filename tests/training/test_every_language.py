"""What the engine reads by, it has in each language in which customers are spoken to."""

import re

import pytest
from ruamel.yaml import YAML

from amends.training.data_reader import read_corpus
from amends.training.examples import counts
from amends.values import LANGUAGES
from tests.support.spoken import PROJECT, mappings

WORDS = ("bot/components/flags.yml", "bot/components/short_acts.yml")


def test_given_a_language_then_the_engine_knows_it() -> None:
    path = "bot/components/languages.py"
    source = (PROJECT / path).read_text(encoding="utf-8")

    known = re.findall(r'^    Language\("(\w+)"', source, re.MULTILINE)
    assert set(known) == set(LANGUAGES), path


def test_given_a_language_beside_english_then_the_assessment_says_what_differs_in_it() -> None:
    pipeline = YAML(typ="safe").load(PROJECT / "config.yml")["pipeline"]
    assessment = next(one for one in pipeline if one["name"].endswith("MessageAssessment"))

    assert set(LANGUAGES) - {"en"} == set(assessment["languages"]), "config.yml"


@pytest.mark.parametrize("path", WORDS)
def test_given_listed_words_then_each_list_has_some_in_each_language(path: str) -> None:
    listed = mappings(path)

    assert listed
    assert [said for said, languages in listed if languages != set(LANGUAGES)] == []


def test_given_an_intent_then_it_has_examples_in_each_language() -> None:
    found = counts(read_corpus(PROJECT / "data" / "nlu", PROJECT).examples)

    assert found
    lacking = [one.intent for one in found if set(one.by_language) != set(LANGUAGES)]
    assert lacking == [], "data/nlu/"

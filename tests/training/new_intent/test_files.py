"""A new intent is put into every file that must know it, and nothing else of them changes."""

from difflib import SequenceMatcher
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from amends.cases.categories import read_categories
from amends.cases.model import Category
from amends.training.data_reader import parse_examples
from amends.training.new_intent.domain_text import DomainUnreadable, names_of
from amends.training.new_intent.files import CATEGORIES, DOMAIN, new_texts
from amends.training.new_intent.model import Draft
from amends.wiring.dialogue_files import files_of_intents
from tests.training.new_intent.samples import GIFT_WRAPPING, OPENING_HOURS

PROJECT = Path(__file__).resolve().parents[3]
FILES = files_of_intents(PROJECT)
BOTH = pytest.mark.parametrize("draft", [GIFT_WRAPPING, OPENING_HOURS], ids=lambda one: one.key)


def gone(before: str, after: str) -> list[str]:
    """Lines of a text that are no more."""
    old, new = before.splitlines(), after.splitlines()
    parts = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [line for kind, a, b, _, _ in parts if kind != "equal" for line in old[a:b]]


@BOTH
def test_given_a_new_intent_when_written_then_no_line_of_any_file_is_lost(draft: Draft) -> None:
    after = new_texts(draft, FILES)

    lost = {path: gone(FILES[path], text) for path, text in after.items() if path in FILES}
    lost.pop(CATEGORIES, None)  # its empty list gives way to the first entry
    assert lost
    assert not any(lost.values())


@BOTH
def test_given_a_new_intent_when_written_then_the_domain_knows_it(draft: Draft) -> None:
    names = names_of(new_texts(draft, FILES)[DOMAIN])

    assert draft.intent in names.intents
    assert draft.response in names.responses


@BOTH
def test_given_a_new_intent_when_written_then_its_examples_are_read_as_typed(draft: Draft) -> None:
    after = new_texts(draft, FILES)

    for language, path in (
        ("en", f"data/nlu/{draft.key}.yml"),
        ("zh", f"data/nlu/zh/{draft.key}.yml"),
    ):
        read = parse_examples(after[path], path)
        assert [one.text for one in read] == list(draft.examples[language])  # type: ignore[union-attr]
        assert {one.intent for one in read} == {draft.intent}  # type: ignore[union-attr]


@BOTH
def test_given_a_new_intent_when_written_then_customers_hear_the_very_words(draft: Draft) -> None:
    responses = YAML(typ="safe").load(new_texts(draft, FILES)[DOMAIN])["responses"]

    english, chinese = responses[draft.response]
    assert english == {"text": draft.answer["en"]}
    assert chinese["text"] == draft.answer["zh"]
    assert chinese["condition"] == [{"type": "slot", "name": "language", "value": "zh"}]


def test_given_a_category_when_written_then_wherever_all_complaints_stand_it_does() -> None:
    after = new_texts(GIFT_WRAPPING, FILES)

    for path in (path for path in FILES if path.startswith("data/rules/")):
        listed = FILES[path].count("- intent: report_general_complaint\n")
        assert after.get(path, "").count("- intent: report_gift_wrapping\n") == listed
    assert after["data/rules/complaints.yml"].count("report_gift_wrapping") >= 6


def test_given_a_category_when_written_then_its_entry_reads_back() -> None:
    first = new_texts(GIFT_WRAPPING, FILES)[CATEGORIES]
    second = new_texts(GIFT_WRAPPING, FILES | {CATEGORIES: first.replace("gift_", "shop_")})

    one, other = read_categories(second[CATEGORIES])
    assert (one.key, other.key) == ("shop_wrapping", "gift_wrapping")
    assert other.like == Category.DAMAGED_ITEM
    assert other.title == GIFT_WRAPPING.words["title"]


def test_given_no_complaint_when_written_then_each_stage_of_a_case_has_its_rule() -> None:
    text = new_texts(OPENING_HOURS, FILES)["data/rules/ask_opening_hours.yml"]

    rules = YAML(typ="safe").load(text)["rules"]
    stages = YAML(typ="safe").load(FILES[DOMAIN])["slots"]["case_stage"]["values"]
    told = [
        part["slot_was_set"][0]["case_stage"]
        for rule in rules
        for part in rule["condition"]
        if "slot_was_set" in part
    ]
    assert sorted(told) == sorted(stages)


def test_given_windows_line_ends_when_written_then_they_stay() -> None:
    files = FILES | {DOMAIN: FILES[DOMAIN].replace("\n", "\r\n")}

    text = new_texts(GIFT_WRAPPING, files)[DOMAIN]

    assert text.count("\n") == text.count("\r\n")


@pytest.mark.parametrize(
    "text", ["intents: [", "slots: {}", "intents:\n  - greet\nresponses: {a: []}"]
)
def test_given_a_domain_of_another_kind_then_it_is_refused(text: str) -> None:
    with pytest.raises(DomainUnreadable):
        new_texts(GIFT_WRAPPING, FILES | {DOMAIN: text})

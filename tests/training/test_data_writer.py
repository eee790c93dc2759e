"""An example more in a file of ours: one line, at the right place, and nothing else changes."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.training.data_model import Example
from amends.training.data_reader import parse_examples
from amends.training.data_writer import (
    CarriesPersonal,
    HasTwin,
    NotOneLine,
    TooLong,
    UnknownIntent,
    add_example,
    twin_of,
    with_example,
)

NLU = Path(__file__).resolve().parents[2] / "data" / "nlu"
FILES = {str(path.relative_to(NLU)): path.read_text("utf-8") for path in NLU.rglob("*.yml")}
NEW = "Entirely unheard of words stand in this made up line, number 91827"
SMALL = """# What belongs here: late things.
version: "3.1"
nlu:
- intent: report_not_received  # the most frequent
  examples: |
    - where is it
    - it never came

# Others.
- intent: greet
  examples: |
    - hello"""


def examples(files: dict[str, str]) -> list[Example]:
    found = [one for name, text in files.items() for one in parse_examples(text, name)]
    return [one for one in found if isinstance(one, Example)]


KNOWN = examples(FILES)


def said(text: str, file: str) -> Counter[tuple[str, str]]:
    found = parse_examples(text, file)
    return Counter((one.intent, one.text) for one in found if isinstance(one, Example))


class TestWithExample:
    def test_given_a_block_in_the_middle_then_one_line_behind_its_last(self) -> None:
        added = with_example(SMALL, "small.yml", "report_not_received", "still nothing")

        assert added.text == SMALL.replace(
            "    - it never came\n", "    - it never came\n    - still nothing\n"
        )
        assert added.text.splitlines()[added.place.line - 1] == "    - still nothing"

    def test_given_a_last_line_without_an_end_then_it_gets_one(self) -> None:
        added = with_example(SMALL, "small.yml", "greet", "good morning")

        assert added.text == SMALL + "\n    - good morning\n"

    @pytest.mark.parametrize("file", sorted(FILES))
    def test_given_any_file_and_intent_of_ours_then_exactly_one_line_is_new(
        self, file: str
    ) -> None:
        text = FILES[file]
        before = said(text, file)
        for intent in sorted({intent for intent, _ in before}):
            added = with_example(text, file, intent, NEW)

            lines, earlier = added.text.splitlines(), text.splitlines()
            new = lines.pop(added.place.line - 1)
            assert new.strip() == f"- {NEW}"
            assert lines == earlier  # comments and order are kept
            assert said(added.text, file) - before == Counter({(intent, NEW): 1})

    @settings(deadline=None, max_examples=60)
    @given(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=40))
    def test_given_any_words_then_they_are_read_as_they_were_written(self, words: str) -> None:
        added = with_example(SMALL, "small.yml", "greet", words)

        assert said(added.text, "small.yml")[("greet", words)] >= 1


class TestAddExample:
    def test_given_an_intent_then_into_the_file_of_its_language_where_most_stand(self) -> None:
        english = add_example(FILES, KNOWN, "report_damaged_item", NEW, "en")
        unheard = "这一句话从来没有人说过九一八"
        chinese = add_example(FILES, KNOWN, "report_damaged_item", unheard, "zh")

        assert "zh" not in english.place.file
        assert chinese.place.file.startswith("zh/")

    def test_given_almost_the_same_words_then_the_twin_is_shown(self) -> None:
        stands = next(one for one in KNOWN if len(one.text) > 60)

        with pytest.raises(HasTwin) as refused:
            add_example(FILES, KNOWN, stands.intent, stands.text.upper() + " !!", "en")

        assert refused.value.twin.text == stands.text
        assert str(stands.place) in str(refused.value)

    def test_given_something_new_then_it_has_no_twin(self) -> None:
        assert twin_of(NEW, KNOWN) is None

    def test_given_a_misspelt_intent_then_the_right_one_is_named(self) -> None:
        with pytest.raises(UnknownIntent, match="Did you mean report_damaged_item"):
            add_example(FILES, KNOWN, "report_damged_item", NEW, "en")

    def test_given_somebodys_address_then_it_is_refused(self) -> None:
        with pytest.raises(CarriesPersonal, match="e-mail"):
            add_example(FILES, KNOWN, "report_damaged_item", f"{NEW} me@somewhere.co.uk", "en")

    def test_given_a_pasted_file_then_it_is_refused(self) -> None:
        with pytest.raises(TooLong, match="2,000"):
            add_example(FILES, KNOWN, "report_damaged_item", "x" * 2001, "en")

    @pytest.mark.parametrize("text", ["", "  ", "two\nlines"])
    def test_given_no_line_or_several_then_it_is_refused(self, text: str) -> None:
        with pytest.raises(NotOneLine):
            add_example(FILES, KNOWN, "report_damaged_item", text, "en")

"""Examples are read with the line they stand on, and what is broken is named with its line."""

from pathlib import Path

import pytest

from amends.training.data_model import Example, Finding, Place
from amends.training.data_reader import RowsError, parse_examples, read_corpus, read_rows

TWO_INTENTS = """\
# A comment.
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hi
    - "hello", he said

- intent: report_not_received
  metadata: {sentiment: neg, secondary: [report_staff_conduct]}
  examples: |
    - it never came
- regex: order
  examples: |
    - \\d{5}
"""


def broken(text: str) -> list[tuple[int, str]]:
    found = [one for one in parse_examples(text, "f.yml") if isinstance(one, Finding)]
    assert all(one.check == "broken_file" for one in found)
    return [(one.places[0].line, one.message) for one in found]


class TestParseExamples:
    def test_given_a_file_then_each_example_with_intent_line_and_secondary(self) -> None:
        assert list(parse_examples(TWO_INTENTS, "f.yml")) == [
            Example("hi", "greet", Place("f.yml", 6)),
            Example('"hello", he said', "greet", Place("f.yml", 7)),
            Example(
                "it never came", "report_not_received", Place("f.yml", 12),
                frozenset({"report_staff_conduct"}),
            ),
        ]  # fmt: skip

    def test_given_examples_as_a_list_then_they_are_read_too(self) -> None:
        text = "nlu:\n- intent: greet\n  examples:\n  - text: |\n      - hi\n  - text: hello\n"

        assert list(parse_examples(text, "f.yml")) == [
            Example("hi", "greet", Place("f.yml", 4)),
            Example("hello", "greet", Place("f.yml", 6)),
        ]

    def test_given_a_file_of_rules_then_nothing_is_wrong_with_it(self) -> None:
        assert parse_examples("rules:\n- rule: one\n", "f.yml") == ()

    @pytest.mark.parametrize(
        ("text", "line", "words"),
        [
            ("nlu:\n- intent: [greet\n  examples: |\n    - hi\n", 3, "is not YAML"),
            ("- just a list\n", 1, "is not a mapping"),
            ("", 1, "is not a mapping"),
            ("nlu: greet\n", 1, "`nlu` is not a list"),
            ("nlu:\n- examples: |\n    - hi\n", 2, "names no intent"),
            ("nlu:\n- intent: greet\n", 2, "greet has no examples"),
            ("nlu:\n- intent: greet\n  examples: - hi - ho\n", 3, "is not YAML"),
            ("nlu:\n- intent: greet\n  examples: hi\n", 3, "are no block"),
            ("nlu:\n- intent: greet\n  examples: |\n", 3, "greet has no examples"),
            ("nlu:\n- intent: greet\n  examples: |\n    - hi\n    hello\n", 5, "this line is not"),
            ("nlu:\n- intent: greet\n  examples: |\n    - hi\n    -\n", 5, "this line is not"),
        ],
    )
    def test_given_something_broken_then_the_line_and_what_it_is(
        self, text: str, line: int, words: str
    ) -> None:
        ((found, message),) = broken(text)

        assert words in message
        assert found == line


class TestReadCorpus:
    def test_given_folders_then_all_files_with_their_paths_and_the_broken_ones_named(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "nlu" / "zh").mkdir(parents=True)
        (tmp_path / "nlu" / "b.yml").write_text("nlu: [")
        (tmp_path / "nlu" / "latin.yml").write_bytes(b"nlu: caf\xe9")
        (tmp_path / "nlu" / "zh" / "a.yml").write_text(TWO_INTENTS, encoding="utf-8")

        corpus = read_corpus(tmp_path / "nlu", tmp_path)

        assert {one.place.file for one in corpus.examples} == {"nlu/zh/a.yml"}
        assert [one.places[0].file for one in corpus.broken] == ["nlu/b.yml", "nlu/latin.yml"]


class TestReadRows:
    def test_given_texts_and_dialogues_then_ids_by_what_customers_say(self, tmp_path: Path) -> None:
        (tmp_path / "a.jsonl").write_text('{"id": 7, "text": "It NEVER came!"}\n\n')
        (tmp_path / "b.jsonl").write_text(
            '{"id": "d1", "turns": [{"role": "user", "text": "it never came"},'
            ' {"role": "system", "text": "Sorry."}]}\n'
        )

        assert read_rows(tmp_path) == {"it never came": ["7", "d1"]}

    @pytest.mark.parametrize("line", ["", "{", "[1]"])
    def test_given_no_rows_or_no_json_then_one_sentence(self, tmp_path: Path, line: str) -> None:
        (tmp_path / "a.jsonl").write_text(f"{line}\n")

        with pytest.raises(RowsError):
            read_rows(tmp_path)

"""Each kind of fault is found in examples that have it, and not in those that have not."""

from amends.training.data_check import (
    brackets,
    check_corpus,
    find_errors,
    imbalance,
    leaks,
    overlap,
    repeats,
    two_intents,
)
from amends.training.data_model import Corpus, Example, Finding, Level, Place


def example(text: str, intent: str = "greet", line: int = 1) -> Example:
    return Example(text, intent, Place("f.yml", line))


def many(intent: str, count: int) -> list[Example]:
    return [example(f"{intent} {number}", intent, number) for number in range(count)]


class TestSameText:
    def test_given_it_under_two_intents_then_an_error_with_both_lines(self) -> None:
        examples = [example("Leave it.", "refuse", 3), example("leave it", "withdraw", 8)]

        (found,) = two_intents(examples)

        assert found.level is Level.ERROR
        assert [place.line for place in found.places] == [3, 8]
        assert "refuse and withdraw" in found.message
        assert not list(repeats(examples))

    def test_given_it_twice_under_one_then_a_warning(self) -> None:
        examples = [example("hi", line=3), example("Hi!", line=8)]

        (found,) = repeats(examples)

        assert found.level is Level.WARNING
        assert not list(two_intents(examples))

    def test_given_a_question_and_a_statement_then_two_texts(self) -> None:
        assert not list(two_intents([example("ok", "agree"), example("ok?", "ask_why")]))


class TestImbalance:
    def test_given_enough_and_alike_then_nothing(self) -> None:
        assert not list(imbalance([*many("greet", 60), *many("report_facilities", 120)]))

    def test_given_too_few_then_the_intents_by_name(self) -> None:
        found = list(imbalance([*many("greet", 59), *many("report_facilities", 119)]))

        assert [one.message.split()[0] for one in found] == ["greet", "report_facilities"]
        assert {one.check for one in found} == {"few_examples"}

    def test_given_the_largest_over_six_times_the_smallest_then_both_are_named(self) -> None:
        assert not list(imbalance([*many("greet", 360), *many("thank", 60)]))

        (found,) = imbalance([*many("greet", 361), *many("thank", 60)])

        assert (found.check, len(found.places)) == ("imbalance", 2)


ROWS = {"my order has still not come to me": ["row-1", "row-1", "row-2"], "thank you": ["row-3"]}


class TestOverlap:
    def test_given_a_row_in_other_spelling_then_an_error_with_the_ids_and_no_text(self) -> None:
        (found,) = overlap([example("My order has STILL not come to me!")], ROWS)

        assert (found.level, found.row_ids) == (Level.ERROR, ("row-1", "row-2"))
        assert "still" not in found.message.lower()

    def test_given_a_phrase_that_everybody_says_then_a_warning(self) -> None:
        (found,) = overlap([example("Thank you!")], ROWS)

        assert found.level is Level.WARNING


def test_given_marked_entities_or_placeholders_then_found() -> None:
    texts = ["order [10312](order_number)", 'in [red]{"entity": "colour"}', "hi {name}", "<name>"]

    assert len(list(brackets([example(text) for text in texts]))) == len(texts)
    assert not list(brackets([example("it broke (twice) :] and cost < 5 > 3")]))


def test_given_a_leak_then_the_report_does_not_repeat_it() -> None:
    (found,) = leaks([example("my mail is jane@fastmail-service.net")])

    assert found.level is Level.ERROR
    assert "jane" not in found.message


class TestWhole:
    def test_given_faults_of_all_kinds_then_errors_first(self) -> None:
        broken = Finding("broken_file", Level.ERROR, "is not YAML", (Place("g.yml", 1),))
        corpus = Corpus([example("hi"), example("hi", "thank"), example("hi [x]")], [broken])

        found = check_corpus(corpus)

        assert [one.check for one in found[:2]] == ["broken_file", "two_intents"]
        assert [one.level for one in found] == sorted((one.level for one in found), key=str)

    def test_given_clean_examples_then_nothing(self) -> None:
        examples = [
            example(text, intent, line)
            for intent, word in (("greet", "morning"), ("thank", "grateful"))
            for line, text in enumerate(f"{word} {chr(0x4E00 + at * 7)}" for at in range(60))
        ]

        assert check_corpus(Corpus(examples)) == []
        assert list(find_errors(Corpus(examples))) == []

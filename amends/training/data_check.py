"""What is wrong with the training examples, found before a model learns it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from amends.training.data_model import Corpus, Example, Finding, Level, Place, RowIds
from amends.training.data_near import Neighbours, misplaced, near_duplicates
from amends.training.data_personal import personal_data
from amends.training.data_text import is_common_phrase, same_saying, same_words

COMPLAINT_PREFIX: Final = "report_"
FEWEST_EXAMPLES: Final = 60
FEWEST_OF_A_COMPLAINT: Final = 120
LARGEST_TO_SMALLEST: Final = 6

_BRACKETS: Final = re.compile(r"\[[^\]]+\](?:\([^)]*\)|\{[^}]*\})?|\{\w+\}|<\w+>")
_SHOWN: Final = 70
_ORDER: Final = (
    "broken_file", "two_intents", "personal_data", "evaluation_overlap", "repeat",
    "near_duplicate", "few_examples", "imbalance", "brackets", "misplaced",
)  # fmt: skip


def check_corpus(
    corpus: Corpus, rows: RowIds | None = None, neighbours: Neighbours | None = None
) -> list[Finding]:
    """Return all findings, errors first.

    Args:
        rows: Evaluation rows; without them nothing is compared.
        neighbours: Of each example; without them none is looked at for a wrong intent.
    """
    found = [*find_errors(corpus, rows), *find_warnings(corpus, neighbours or ())]
    return sorted(found, key=lambda one: (one.level is not Level.ERROR, _ORDER.index(one.check)))


def find_errors(corpus: Corpus, rows: RowIds | None = None) -> Iterator[Finding]:
    """Yield what must not be merged, and what is nearly so, as warnings; quick."""
    yield from corpus.broken
    yield from two_intents(corpus.examples)
    yield from leaks(corpus.examples)
    yield from overlap(corpus.examples, rows or {})


def find_warnings(corpus: Corpus, neighbours: Neighbours = ()) -> Iterator[Finding]:
    """Yield what a person should look at."""
    yield from repeats(corpus.examples)
    yield from almost_repeats(corpus.examples)
    yield from imbalance(corpus.examples)
    yield from brackets(corpus.examples)
    if neighbours:
        yield from out_of_place(corpus.examples, neighbours)


def two_intents(examples: Sequence[Example]) -> Iterator[Finding]:
    """The same text under two intents: the model cannot be right about both."""
    for same in _same_sayings(examples):
        intents = sorted({one.intent for one in same})
        if len(intents) > 1:
            message = f"the same text under {' and '.join(intents)}: {shown(same[0].text)}"
            yield _finding("two_intents", Level.ERROR, message, same)


def repeats(examples: Sequence[Example]) -> Iterator[Finding]:
    """The same text twice under one intent: it counts double and adds nothing."""
    for same in _same_sayings(examples):
        if len({one.intent for one in same}) == 1:
            yield _finding("repeat", Level.WARNING, f"the same text: {shown(same[0].text)}", same)


def almost_repeats(examples: Sequence[Example]) -> Iterator[Finding]:
    for one, other, likeness in near_duplicates(examples):
        under = "" if one.intent == other.intent else f", under {one.intent} and {other.intent}"
        message = (
            f"almost the same ({likeness:.0%}{under}): {shown(one.text)} / {shown(other.text)}"
        )
        yield _finding("near_duplicate", Level.WARNING, message, [one, other])


def leaks(examples: Sequence[Example]) -> Iterator[Finding]:
    """Personal data; the message names the kind only, so that a report leaks nothing either."""
    for one in examples:
        for kind, level in personal_data(one.text):
            yield _finding("personal_data", level, f"{one.intent}: {kind}", [one])


def imbalance(examples: Sequence[Example]) -> Iterator[Finding]:
    """Intents with too few examples, all languages together, or too few beside the largest."""
    sizes = Counter(one.intent for one in examples)
    for intent, size in sorted(sizes.items()):
        complaint = intent.startswith(COMPLAINT_PREFIX)
        fewest = FEWEST_OF_A_COMPLAINT if complaint else FEWEST_EXAMPLES
        if size < fewest:
            message = f"{intent} has {size} examples; {fewest} are the fewest to learn from"
            yield Finding("few_examples", Level.WARNING, message, (_first(examples, intent),))
    if not sizes:
        return
    (largest, most), (smallest, fewest) = sizes.most_common(1)[0], sizes.most_common()[-1]
    if most > LARGEST_TO_SMALLEST * fewest:
        message = f"{largest} has {most} examples, {smallest} {fewest}: over six times as many"
        places = (_first(examples, largest), _first(examples, smallest))
        yield Finding("imbalance", Level.WARNING, message, places)


def brackets(examples: Sequence[Example]) -> Iterator[Finding]:
    """Marked entities or placeholders: entities are found by rules, so customers' words do."""
    for one in examples:
        found = _BRACKETS.search(one.text)
        if found:
            yield _finding("brackets", Level.WARNING, f"{one.intent}: {shown(found[0])}", [one])


def out_of_place(examples: Sequence[Example], neighbours: Neighbours) -> Iterator[Finding]:
    """Examples that sit nearer to another intent: misplaced, or the border is unclear."""
    for one in misplaced(examples, neighbours):
        message = (
            f"{one.example.intent}: {shown(one.example.text)} sits nearer to {one.nearer}: "
            f"{shown(one.neighbour.text)}"
        )
        yield _finding("misplaced", Level.WARNING, message, [one.example, one.neighbour])


def overlap(examples: Sequence[Example], rows: RowIds) -> Iterator[Finding]:
    """Examples that are also measured on; a phrase that everybody says is only a warning."""
    for one in examples:
        ids = tuple(dict.fromkeys(rows.get(same_words(one.text), ())))
        if ids:
            level = Level.WARNING if is_common_phrase(one.text) else Level.ERROR
            message = f"{one.intent}: this text is also an evaluation row"
            yield Finding("evaluation_overlap", level, message, (one.place,), ids)


def shown(text: str) -> str:
    return f'"{text}"' if len(text) <= _SHOWN else f'"{text[: _SHOWN - 1]}…"'


def _same_sayings(examples: Sequence[Example]) -> Iterator[list[Example]]:
    by_text: defaultdict[str, list[Example]] = defaultdict(list)
    for one in examples:
        by_text[same_saying(one.text)].append(one)
    yield from (same for same in by_text.values() if len(same) > 1)


def _first(examples: Sequence[Example], intent: str) -> Place:
    return next(one.place for one in examples if one.intent == intent)


def _finding(check: str, level: Level, message: str, examples: Sequence[Example]) -> Finding:
    return Finding(check, level, message, tuple(one.place for one in examples))

"""The form for a new category or intent: what it offers, what was typed, what would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from amends.cases.details import Detail, needed
from amends.cases.model import Case, CaseId, CaseStatus, Category
from amends.desk import words
from amends.desk.forms import Form
from amends.desk.new_intent_words import MOST_SHOWN, field_word, sentence
from amends.desk.rule_views import DiffLine, diff
from amends.desk.speech import mark, tr
from amends.training.new_intent.model import CATEGORY_WORDS, Draft, Found
from amends.values import LANGUAGES, utc_now

EMPTY = Draft("", True, "", {}, {})
_HINTS = {
    "name": mark("In lists and figures, such as “Gift wrapping”."),
    "title": mark("The customer speaks, such as “My gift was not wrapped”."),
    "noun": mark("As in “I have also noted …”, such as “the gift wrapping”."),
    "heading": mark("Above the case, such as “Your gift was not wrapped as ordered”."),
}
_WORDS = {
    "name": mark("For staff"),
    "title": mark("On a quick reply"),
    "noun": mark("Inside a sentence"),
    "heading": mark("On the customer's page"),
}


@dataclass(frozen=True, slots=True)
class WordField:
    """One thing that a category is called, in both languages."""

    what: str
    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong at one field."""

    field: str
    label: str
    sentences: Sequence[str]


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file of the preview."""

    path: str
    is_new: bool
    lines: Sequence[DiffLine]


def draft_of(form: Form) -> Draft:
    """Return what was typed; examples are the lines that say something."""
    return Draft(
        key=form.get("key").strip(),
        is_complaint=form.get("kind") != "other",
        about=form.get("about").strip(),
        answer={one: form.get(f"answer_{one}").strip() for one in LANGUAGES},
        examples={one: _lines(form.get(f"examples_{one}")) for one in LANGUAGES},
        like=form.get("like"),
        words={
            what: {one: form.get(f"{what}_{one}").strip() for one in LANGUAGES}
            for what in CATEGORY_WORDS
        },
    )


def word_fields() -> list[WordField]:
    return [WordField(one, tr(_WORDS[one]), tr(_HINTS[one])) for one in CATEGORY_WORDS]


def likes() -> list[tuple[str, str]]:
    """Return the categories of the code, each with the details that it asks for."""
    own = [one for one in Category if one.like is one]
    return [(one.value, f"{words.word(words.CATEGORIES, one.value)} — {_asks(one)}") for one in own]


def wrongs(found: Sequence[Found]) -> list[Wrong]:
    """Return the sentences by field, in the order of the form."""
    fields = dict.fromkeys(one.where for one in found)
    return [Wrong(name, field_word(name), _sentences(name, found)) for name in fields]


def changes(before: Mapping[str, str | None], after: Mapping[str, str]) -> list[FileChange]:
    """Return what each file would become, the domain first and new files last."""
    new = [path for path in after if before.get(path) is None]
    old = [path for path in after if path not in new]
    return [
        FileChange(path, path in new, diff(before.get(path) or "", after[path]))
        for path in (*sorted(old, reverse=True), *sorted(new))
    ]


def _sentences(name: str, found: Sequence[Found]) -> list[str]:
    said = list(dict.fromkeys(sentence(one) for one in found if one.where == name))
    more = len(said) - MOST_SHOWN
    if more <= 0:
        return said
    return [*said[:MOST_SHOWN], tr("And {count} more like these.", count=more)]


def _asks(category: Category) -> str:
    asked = needed(_case(category), None)
    return ", ".join(words.word(words.DETAILS, one.value) for one in asked if one in Detail)


def _case(category: Category) -> Case:
    """A case of which nothing is known yet."""
    return Case(
        CaseId(""), "", "", category, CaseStatus.OPEN, utc_now(), 1, "bot", "customer_answers"
    )


def _lines(text: str) -> tuple[str, ...]:
    lines = (line.strip().removeprefix("- ").strip() for line in text.splitlines())
    return tuple(line for line in lines if line)

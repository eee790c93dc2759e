"""What the pages about canned replies show, as plain values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from amends.cases.model import Category
from amends.desk import canned_words, words
from amends.desk.forms import Form
from amends.desk.speech import spoken, tr
from amends.desk.staff_views import moment
from amends.handoff.canned import CannedReply, Wording, fill
from amends.values import LANGUAGES

_GAP = re.compile(r"\{[a-z_]+\}")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    id: str
    title: str
    shortcut: str
    text: str
    category: str
    languages: tuple[str, ...]
    active: bool
    changed: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A text as a customer would read it."""

    code: str
    language: str
    text: Markup


def row(reply: CannedReply, names: Mapping[str, str], zone: ZoneInfo) -> Row:
    wording = reply.wording
    return Row(
        id=reply.id,
        title=reply.title_in(spoken()),
        shortcut=wording.shortcut,
        text=reply.text_in(spoken())[1],
        category=category_word(wording.category),
        languages=tuple(words.language(one) for one in wording.texts),
        active=wording.active,
        changed=changed(reply, names, zone),
    )


def changed(reply: CannedReply, names: Mapping[str, str], zone: ZoneInfo) -> str:
    """Return when a reply was last changed, and by whom."""
    if reply.changed_by is None:
        return tr("As shipped")
    when = moment(reply.changed_at, zone)
    return tr("{time}, by {name}", time=when, name=names.get(reply.changed_by, ""))


def category_word(category: Category | None) -> str:
    if category is None:
        return tr("Any complaint")
    return tr(words.word(words.CATEGORIES, category.value))


def categories() -> list[tuple[str, str]]:
    return [(one.value, category_word(one)) for one in Category]


def samples(wording: Wording, company: str) -> list[Sample]:
    """Return each text filled with an example; what stays a gap is marked."""
    return [
        Sample(code, words.language(code), _sample(wording.texts[code], code, company))
        for code in LANGUAGES
        if wording.texts.get(code, "").strip()
    ]


def placeholders() -> Sequence[tuple[str, str]]:
    return [(f"{{{one.value}}}", tr(said)) for one, said in canned_words.PLACEHOLDERS.items()]


def wording_of(form: Form, *, active: bool) -> Wording:
    """Return what was typed, as it was typed."""
    known = {one.value: one for one in Category}
    return Wording(
        titles={code: form.get(f"title_{code}") for code in LANGUAGES},
        texts={code: form.get(f"text_{code}") for code in LANGUAGES},
        shortcut=form.get("shortcut"),
        category=known.get(form.get("category")),
        active=active,
    )


def with_gaps(text: str) -> Markup:
    """Return a text in which the gaps that are left are marked."""
    return Markup(_GAP.sub(lambda gap: f"<mark>{gap[0]}</mark>", str(escape(text))))


def _sample(text: str, language: str, company: str) -> Markup:
    return with_gaps(fill(text, language, canned_words.example(language, company)))

"""What is wrong with a draft, before anything is written."""

from collections.abc import Iterator, Sequence

from amends.cases.categories import KEY
from amends.training.data_check import brackets
from amends.training.data_model import Example, Level, Place
from amends.training.data_near import NEARLY_SAME
from amends.training.data_personal import personal_data
from amends.training.data_text import same_saying, shingles
from amends.training.new_intent.model import (
    CATEGORY_WORDS,
    FEWEST_EXAMPLES,
    LONGEST_KEY,
    Draft,
    Flaw,
    Found,
    Known,
)
from amends.training.new_intent.promises import is_sorry, promise_in
from amends.values import LANGUAGES

_RESERVED = frozenset({"restart", "back", "out_of_scope", "session_start", "nlu_fallback"})


def flaws(draft: Draft, known: Known, examples: Sequence[Example]) -> list[Found]:
    """Return everything that keeps a draft from being written, in the order of the form."""
    return [*_key(draft, known), *_kind(draft, known), *_answer(draft), *_examples(draft, examples)]


def _key(draft: Draft, known: Known) -> Iterator[Found]:
    if not draft.key:
        yield Found(Flaw.NO_KEY, "key")
    elif not KEY.fullmatch(draft.key):
        yield Found(Flaw.KEY_SHAPE, "key", {"key": draft.key})
    elif len(draft.key) > LONGEST_KEY:
        yield Found(Flaw.KEY_LONG, "key", {"longest": str(LONGEST_KEY)})
    elif draft.intent in _RESERVED:
        yield Found(Flaw.RESERVED, "key", {"key": draft.key})
    elif _exists(draft, known):
        yield Found(Flaw.EXISTS, "key", {"key": draft.key})
    if not draft.about.strip():
        yield Found(Flaw.NO_ABOUT, "about")


def _exists(draft: Draft, known: Known) -> bool:
    taken = draft.intent in known.intents or draft.response in known.responses
    return taken or draft.key in known.files


def _kind(draft: Draft, known: Known) -> Iterator[Found]:
    if not draft.is_complaint:
        return
    if draft.like not in known.categories:
        yield Found(Flaw.NOT_LIKE, "like")
    for what in CATEGORY_WORDS:
        for language in LANGUAGES:
            said = draft.said(what, language).strip()
            if not said:
                yield Found(Flaw.NO_WORDS, f"{what}_{language}")
            elif "{" in said or "}" in said:
                yield Found(Flaw.BRACES, f"{what}_{language}")
            elif what == "title" and said in known.words.get(language, frozenset()):
                yield Found(Flaw.SAME_WORDS, f"{what}_{language}", {"words": said})


def _answer(draft: Draft) -> Iterator[Found]:
    for language in LANGUAGES:
        said, name = draft.answer.get(language, "").strip(), f"answer_{language}"
        promised = promise_in(said, language)
        if not said:
            yield Found(Flaw.NO_ANSWER, name)
        elif "{" in said or "}" in said:
            yield Found(Flaw.BRACES, name)
        elif draft.is_complaint and not is_sorry(said, language):
            yield Found(Flaw.NO_APOLOGY, name)
        elif promised:
            yield Found(Flaw.PROMISE, name, {"words": promised})


def _examples(draft: Draft, known: Sequence[Example]) -> Iterator[Found]:
    for language in LANGUAGES:
        own, fewest = draft.examples.get(language, ()), FEWEST_EXAMPLES[language]
        name = f"examples_{language}"
        if len(own) < fewest:
            yield Found(Flaw.FEW, name, {"fewest": str(fewest), "count": str(len(own))})
        for text in own:
            yield from _leaks(text, name)
        yield from _twins(own, name)
        yield from _near(own, known, name)


def _leaks(text: str, name: str) -> Iterator[Found]:
    for kind, level in personal_data(text):
        if level is Level.ERROR:
            yield Found(Flaw.PERSONAL, name, {"text": text, "kind": kind})
    if any(brackets([Example(text, "", Place("", 0))])):
        yield Found(Flaw.BRACKETS, name, {"text": text})


def _twins(own: Sequence[str], name: str) -> Iterator[Found]:
    for at, text in enumerate(own):
        twin = next((one for one in own[:at] if _alike(one, text)), None)
        if twin is not None:
            yield Found(Flaw.TWINS, name, {"text": text, "twin": twin})


def _near(own: Sequence[str], known: Sequence[Example], name: str) -> Iterator[Found]:
    pieces = {text: shingles(text) for text in own}
    words = {same_saying(text): text for text in own}
    for one in known:
        text = words.get(same_saying(one.text)) or _nearest(one.text, pieces)
        if text is not None:
            twin = {"text": text, "twin": one.text, "intent": one.intent}
            yield Found(Flaw.NEAR, name, twin)


def _nearest(said: str, pieces: dict[str, frozenset[str]]) -> str | None:
    theirs = shingles(said)
    for text, own in pieces.items():
        # Texts of very different length cannot share three quarters of their pieces.
        small, large = sorted((len(own), len(theirs)))
        if small >= NEARLY_SAME * large and len(own & theirs) >= NEARLY_SAME * len(own | theirs):
            return text
    return None


def _alike(one: str, other: str) -> bool:
    if same_saying(one) == same_saying(other):
        return True
    pieces, others = shingles(one), shingles(other)
    return len(pieces & others) >= NEARLY_SAME * len(pieces | others)

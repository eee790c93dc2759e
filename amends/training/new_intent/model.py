"""What is asked of whoever adds an intent, and what may be wrong with the answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from amends.cases.categories import LONGEST_KEY
from amends.training.labels import COMPLAINT_PREFIX
from amends.values import LANGUAGES

FEWEST_EXAMPLES: Final[Mapping[str, int]] = dict.fromkeys(LANGUAGES, 5) | {"en": 10}
"""So few are a beginning; `amends data check` warns below 120 of a complaint, 60 of another."""

CATEGORY_WORDS: Final = ("name", "title", "noun", "heading")
"""What a category is called: by staff, on a quick reply, in a sentence, on the case's page."""

__all__ = [
    "CATEGORY_WORDS",
    "FEWEST_EXAMPLES",
    "LONGEST_KEY",
    "Draft",
    "Flaw",
    "Known",
]


@dataclass(frozen=True, slots=True)
class Draft:
    """A new intent as typed; texts by language code.

    A complaint opens a case of a category of its own and is apologised for; anything else is
    answered, and the conversation goes on where it was.
    """

    key: str  # without `report_`
    is_complaint: bool
    about: str  # one English sentence: what belongs here
    answer: Mapping[str, str]  # the apology, or the answer
    examples: Mapping[str, Sequence[str]]
    like: str = ""  # of a complaint: the category whose questions it shares
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # of a complaint

    @property
    def intent(self) -> str:
        return COMPLAINT_PREFIX + self.key if self.is_complaint else self.key

    @property
    def response(self) -> str:
        return f"say_apology_{self.key}" if self.is_complaint else f"utter_{self.key}"

    def said(self, what: str, language: str) -> str:
        return self.words.get(what, {}).get(language, "")


class Flaw(StrEnum):
    """Kinds of what may be wrong; the doors have the sentences."""

    NO_KEY = "no_key"
    KEY_SHAPE = "key_shape"
    KEY_LONG = "key_long"
    EXISTS = "exists"
    RESERVED = "reserved"
    NOT_LIKE = "not_like"
    NO_ABOUT = "no_about"
    NO_WORDS = "no_words"
    SAME_WORDS = "same_words"
    NO_ANSWER = "no_answer"
    NO_APOLOGY = "no_apology"
    PROMISE = "promise"
    BRACES = "braces"
    FEW = "few"
    PERSONAL = "personal"
    BRACKETS = "brackets"
    TWINS = "twins"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that is wrong, and where in the form."""

    flaw: Flaw
    where: str  # name of the field
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What there is already."""

    intents: frozenset[str]
    responses: frozenset[str]
    categories: Sequence[str]  # of the code: what a new one can be like
    files: frozenset[str] = frozenset()  # names of files that stand where new ones would
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)  # titles in use, by language

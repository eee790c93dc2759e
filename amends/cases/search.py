"""What is asked of all cases: filters, order, and where a page of the answer goes on."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from amends.cases.model import Case, CaseStatus, Category
from amends.cases.root_causes import RootCause
from amends.cases.terms import flag_term, language_term, terms_in

PAGE = 50
MOST_COUNTED = 1000
"""Further than this nobody is told how many there are; counting on would read everything."""
MOST_TERMS = 12
LONGEST_WORDS = 200


class Sort(StrEnum):
    DEADLINE = "deadline"  # open cases, the most overdue first; then ended ones, newest first
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """All that is stated must hold; nothing stated means every case."""

    number: str | None = None  # a case's own number
    terms: tuple[str, ...] = ()  # each of them was said, or names the customer or the order
    statuses: frozenset[CaseStatus] = field(default_factory=frozenset)
    unresolved: bool = False
    category: Category | None = None
    root_cause: RootCause | None = None
    no_root_cause: bool = False
    owner: str | None = None
    severity: str | None = None
    overdue: bool = False
    opened_from: datetime | None = None
    opened_before: datetime | None = None
    sort: Sort = Sort.DEADLINE


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list goes on: behind this case. New cases do not move it."""

    phase: int  # of the order by deadline: 0 open cases, 1 the others; else 0
    at: datetime
    case_id: str


@dataclass(frozen=True, slots=True)
class FoundCases:
    cases: tuple[Case, ...]
    next: Place | None  # None at the end of the list


def query_terms(words: str, flag: str | None = None, language: str | None = None) -> list[str]:
    """Return the terms of what was typed and chosen, each once, in the order given."""
    chosen = [flag_term(flag)] if flag else []
    spoken = [language_term(language)] if language else []
    return list(dict.fromkeys([*terms_in(words), *chosen, *spoken]))[:MOST_TERMS]

"""What a customer reads when staff grant something."""

from datetime import datetime, timedelta

from amends.cases.model import Case, Promise
from amends.compensation.decision import RemedyGrant
from amends.compensation.ledger import lay_out
from amends.compensation.model import Remedy
from amends.compensation.words import promise_words
from amends.values import new_id

_ARRANGED = {"en": "I have arranged this for you: {what}.", "zh": "我已为您安排：{what}。"}


def arranged(remedies: tuple[Remedy, ...], promises: tuple[Promise, ...], language: str) -> str:
    """Return the sentence about what was granted, each part with its date."""
    what = promise_words(remedies, promises, language)
    return _ARRANGED.get(language, _ARRANGED["en"]).format(what=what)


def message(case: Case, grants: tuple[RemedyGrant, ...], language: str, now: datetime) -> str:
    """Return what the customer would read if these were granted now; nothing is stored."""
    remedies = lay_out(case.id, "", 0, (grants,), "", None, case.owner, now).remedies
    promises = tuple(
        Promise(new_id(), case.id, one.kind, due_of(one, now), now, case.owner, remedy_id=one.id)
        for one in remedies
    )
    return arranged(remedies, promises, language)


def due_of(remedy: Remedy, now: datetime) -> datetime:
    """Return when the customer is to have it."""
    return now + timedelta(days=remedy.due_days or 0)

"""What the customer's status page shows, worded in their language. Pure."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from babel.dates import format_date, format_datetime

from amends.cases.model import Promise, PromiseState
from amends.compensation.model import Remedy
from amends.compensation.words import money, title_words
from amends.gateway.case_texts import TEXTS
from amends.records.status import Answerer, OfferTold, PromiseTold, Status

_LOCALES = {"en": "en_GB", "zh": "zh_Hans_CN"}
_DAYS = {"en": "d MMMM y", "zh": "y年M月d日"}
_MOMENTS = {"en": "EEEE, d MMMM y, HH:mm (z)", "zh": "y年M月d日EEEEHH:mm（z）"}
_GOOD = frozenset({"kept", "settled", "accepted"})
_BAD = frozenset({"broken", "failed"})


@dataclass(frozen=True, slots=True)
class OfferLines:
    when: str
    state: str
    tone: str  # good, bad or plain, beside the word
    bundles: tuple[tuple[tuple[str, str], ...], ...]  # title and amount
    until: str


@dataclass(frozen=True, slots=True)
class PromiseLine:
    title: str
    amount: str
    due: str
    state: str
    tone: str


class CaseTeller:
    """Words a status in one language; times are the company's, and say so."""

    def __init__(self, language: str, zone: tzinfo) -> None:
        self.language = language if language in TEXTS else "en"
        self.texts: dict[str, Any] = TEXTS[self.language]
        self._zone = zone

    def values(self, status: Status) -> dict[str, Any]:
        """Return what the page shows of a case."""
        case, texts = status.case, self.texts
        return {
            "number": case.number,
            "state": texts["states"][case.status.value],
            "state_tone": "good" if case.status.value == "resolved" else "plain",
            "opened": texts["opened"].format(day=self.day(case.opened_at)),
            "closed": texts["closed"].format(day=self.day(case.closed_at))
            if case.closed_at
            else "",
            "category": texts["categories"][case.category.value],
            "item": case.item or "",
            "words": case.what_happened or "",
            "next_step": texts["next_steps"][case.next_step],
            "who": self._who(status),
            "offers": [self._offer(one) for one in status.offers],
            "promises": [self._promise(one) for one in status.promises],
        }

    def day(self, moment: datetime) -> str:
        local = moment.astimezone(self._zone)
        return format_date(local, _DAYS[self.language], locale=_LOCALES[self.language])

    def moment(self, moment: datetime) -> str:
        local = moment.astimezone(self._zone)
        return format_datetime(local, _MOMENTS[self.language], locale=_LOCALES[self.language])

    def _who(self, status: Status) -> str:
        words = self.texts["answerers"]
        match status.answerer:
            case Answerer.WAITING if status.answer_due_at is None:
                return str(words["waiting_late"])
            case Answerer.WAITING if status.answer_due_at is not None:
                return str(words["waiting"].format(moment=self.moment(status.answer_due_at)))
            case Answerer.PERSON if status.name:
                return str(words["person"].format(name=status.name))
            case Answerer.ASSISTANT | Answerer.NOBODY:
                return str(words[status.answerer.value])
            case _:
                return str(words["person_unnamed"])

    def _offer(self, offer: OfferTold) -> OfferLines:
        texts, state = self.texts, offer.state.value
        until = (
            texts["open_until"].format(day=self.day(offer.expires_at)) if offer.expires_at else ""
        )
        return OfferLines(
            when=texts["offered_on"].format(day=self.day(offer.made_at)),
            state=texts["steps"][state],
            tone=_tone(state),
            bundles=tuple(tuple(self._remedy(one) for one in b) for b in offer.alternatives),
            until=until,
        )

    def _promise(self, told: PromiseTold) -> PromiseLine:
        state = told.promise.state.value
        title, amount = ("", "") if told.remedy is None else self._remedy(told.remedy)
        return PromiseLine(
            title=title or self.texts["staff_answer"],
            amount=amount,
            due=self._due(told.promise, answer=told.remedy is None),
            state=self.texts["promise_states"]["moved" if told.is_moved else state],
            tone=_tone(state),
        )

    def _due(self, promise: Promise, *, answer: bool) -> str:
        texts = self.texts
        if promise.state is PromiseState.KEPT and promise.ended_at is not None:
            return str(texts["done_on"].format(day=self.day(promise.ended_at)))
        late = promise.state is PromiseState.BROKEN
        if answer:
            words = texts["answer_was_due" if late else "answer_due"]
            return str(words.format(moment=self.moment(promise.due_at)))
        return str(texts["was_due" if late else "due"].format(day=self.day(promise.due_at)))

    def _remedy(self, remedy: Remedy) -> tuple[str, str]:
        worth = remedy.amount is not None and remedy.amount.amount_minor > 0
        amount = money(remedy.amount, self.language) if remedy.amount and worth else ""
        return title_words(remedy, self.language), amount


def _tone(state: str) -> str:
    return "good" if state in _GOOD else "bad" if state in _BAD else "plain"

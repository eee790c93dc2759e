"""A measure before and after an action, as the page shows it."""

from collections.abc import Callable
from dataclasses import dataclass

from babel.numbers import format_decimal, format_percent

from amends.desk import cause_action_words as said
from amends.desk import words
from amends.desk.speech import tr, trn
from amends.insights.action_effect import Effect
from amends.insights.actions import Measure
from amends.insights.statistics.before_after import FEWEST, FEWEST_WEEKS, Why
from amends.insights.statistics.intervals import Estimate
from amends.values import Money

Figure = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Line:
    """One figure with its interval, and what it rests on."""

    what: str
    value: str
    interval: str
    rests_on: str


@dataclass(frozen=True, slots=True)
class Shown:
    measure: str
    verdict: str
    tag: str
    why: str
    lines: tuple[Line, ...]


def shown(effect: Effect) -> Shown:
    compared, figure = effect.compared, _figure(effect)
    return Shown(
        measure=tr(said.MEASURES[effect.measure]),
        verdict=tr(said.VERDICTS[compared.verdict]),
        tag=said.VERDICT_TAGS[compared.verdict],
        why=_why(effect),
        lines=(
            _line(
                tr("Before"),
                compared.before,
                figure,
                _rests_on(effect.weeks_before, effect.conversations_before),
            ),
            _line(
                tr("After"),
                compared.after,
                figure,
                _rests_on(effect.weeks_after, effect.conversations_after),
            ),
            _line(tr("Difference"), compared.difference, _signed(figure), ""),
        ),
    )


def _line(what: str, one: Estimate | None, figure: Figure, rests_on: str) -> Line:
    if one is None:
        return Line(what, "–", "", rests_on)
    interval = tr("{low} to {high}", low=figure(one.low), high=figure(one.high))
    return Line(what, figure(one.value), interval, rests_on)


def _rests_on(weeks: int, conversations: int) -> str:
    of_weeks = trn("{count} week", "{count} weeks", weeks)
    return f"{of_weeks} · {trn('{count} conversation', '{count} conversations', conversations)}"


def _why(effect: Effect) -> str:
    match effect.compared.why:
        case Why.MAY_BE_CHANCE:
            return tr("The difference may as well be chance.")
        case Why.TOO_FEW if effect.measure is Measure.CASES_PER_WEEK:
            return tr(
                "It takes {count} whole weeks before and after; look again later.",
                count=FEWEST_WEEKS,
            )
        case Why.TOO_FEW:
            return tr(
                "It takes {count} conversations in whole weeks before and after; look again later.",
                count=FEWEST,
            )
        case _:
            return tr("The difference is larger than chance would make it.")


def _figure(effect: Effect) -> Figure:
    match effect.measure:
        case Measure.REPEAT_SHARE:
            return lambda value: str(format_percent(value, "0.#%", locale=words.locale()))
        case Measure.COST_PER_CASE if effect.currency:
            currency = effect.currency
            return lambda value: words.amount(Money(round(value), currency))
        case Measure.SATISFACTION:
            return lambda value: str(format_decimal(value, "0.00", locale=words.locale()))
        case _:
            return lambda value: str(format_decimal(value, "0.0", locale=words.locale()))


def _signed(figure: Figure) -> Figure:
    return lambda value: f"+{figure(value)}" if value > 0 else figure(value)

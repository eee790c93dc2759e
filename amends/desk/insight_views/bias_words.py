"""Whether those who answer speak for all, in plain sentences."""

from amends.desk import insight_words as figures
from amends.desk.insight_views import parts
from amends.desk.speech import tr
from amends.insights.statistics.bias import Caution, ResponseBias
from amends.insights.statistics.intervals import Estimate


def bias_says(bias: ResponseBias) -> list[str]:
    """Return who answers, how they differ from the silent, and what all would have stated."""
    said = [
        tr(
            "{share} of those who were asked answered ({interval}).",
            share=parts.say_share(bias.response_rate),
            interval=figures.share_interval(bias.response_rate),
        )
    ]
    if bias.respondents_less_silent is not None:
        said.append(_difference(bias.respondents_less_silent))
    said.append(_adjusted(bias))
    return said


def _difference(found: Estimate) -> str:
    interval = figures.interval(_size(found), 2)
    if found.includes_zero:
        return tr("Those who answer are, as predicted, about as happy as those who do not.")
    words = (
        tr("Those who answer are {size} points happier than those who do not ({interval}).",
           size=figures.number(abs(found.value), 2), interval=interval)
        if found.value > 0
        else tr("Those who answer are {size} points less happy than those who do not ({interval}).",
                size=figures.number(abs(found.value), 2), interval=interval)
    )  # fmt: skip
    return words


def _size(found: Estimate) -> Estimate:
    """Return how large a difference is, whichever sign it has."""
    low, high = sorted((abs(found.low), abs(found.high)))
    return Estimate(abs(found.value), low, high, found.n)


def _adjusted(bias: ResponseBias) -> str:
    if bias.adjusted is None:
        few = bias.caution is Caution.TOO_FEW_ANSWERS
        return (
            tr("Too few answered to tell what all would have stated.")
            if few
            else tr("The answers are too much alike to tell what all would have stated.")
        )
    stated = bias.stated
    return tr(
        "They stated {stated} of 5; adjusted for who stayed silent: {adjusted} ({interval}).",
        stated=figures.number(stated.value, 2) if stated else "–",
        adjusted=figures.number(bias.adjusted.value, 2),
        interval=figures.interval(bias.adjusted, 2),
    )

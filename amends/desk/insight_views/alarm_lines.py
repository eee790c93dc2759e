"""Alarms in sentences."""

from collections.abc import Mapping

from amends.desk import insight_words as figures
from amends.desk.insight_views.parts import AlarmLine, Reader, count_spark
from amends.desk.speech import mark, tr
from amends.insights.measures.alarms import WEEKS_BEFORE, Alarm

_SAID: Mapping[tuple[str, ...], str] = {
    ("category",): mark("{category}: {times} as often as usual"),
    ("category", "warehouse"): mark(
        "{category} from warehouse {warehouse}: {times} as often as usual"
    ),
    ("category", "carrier"): mark("{category} with carrier {carrier}: {times} as often as usual"),
    ("category", "product"): mark("{category} of product {product}: {times} as often as usual"),
    ("product",): mark("Complaints about product {product}: {times} as often as usual"),
}


def alarm_lines(alarms: tuple[Alarm, ...], reader: Reader) -> list[AlarmLine]:
    return [_line(one, reader) for one in alarms]


def _line(alarm: Alarm, reader: Reader) -> AlarmLine:
    keys = dict(alarm.keys)
    said = {
        name: figures.category(key) if name == "category" else key for name, key in keys.items()
    }
    times = tr("{count} times", count=figures.number(alarm.burst.ratio, 1))
    sentence = tr(_SAID[tuple(keys)], times=times, **said)
    detail = tr(
        "{now} in the last 7 days; {expected} are usual in the {weeks} weeks before.",
        now=figures.number(alarm.burst.now),
        expected=figures.number(alarm.burst.expected),
        weeks=min(WEEKS_BEFORE, len(alarm.weeks) - 1),
    )
    return AlarmLine(
        sentence=sentence,
        href=reader.links.to(alarm.span, **keys),
        detail=detail,
        spark=count_spark(sentence, alarm.weeks),
    )

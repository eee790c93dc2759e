"""What the list of cases and the page of one case show. Pure: tested without a browser."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import groupby

from amends.cases.deadlines import Standing, standing
from amends.cases.details import NO_ORDER
from amends.cases.model import Case, Customer
from amends.desk import survey_words, words
from amends.desk.case_words import (
    KIND_TAGS,
    ROOT_CAUSES,
    STANDINGS,
    Teller,
    clock_words,
    day_words,
    moment_words,
)
from amends.desk.speech import tr
from amends.records.record import Record
from amends.records.timeline import Item, Kind

SNIPPET = 140
STATUS_TAGS = {"resolved": "tag-good", "withdrawn": "", "with_staff": "tag-info"}
STANDING_TAGS = {Standing.SOON: "tag-warn", Standing.OVERDUE: "tag-bad"}


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of the list."""

    number: str
    category: str
    snippet: str
    customer: str
    status: str
    status_tag: str
    owner: str
    root_cause: str
    opened: str
    due: str
    standing: str
    standing_tag: str
    marks: tuple[str, ...]  # what makes it urgent: severity, flags, a repeat


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline."""

    kind: str
    kind_word: str
    event: str
    actor: str
    text: str
    time: str
    at: str
    more: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Day:
    title: str
    lines: tuple[Line, ...]


def case_row(
    case: Case, customer: Customer | None, names: Mapping[str, str], now: datetime, zone: tzinfo
) -> CaseRow:
    stands = standing(case, now)
    return CaseRow(
        number=case.number,
        category=words.word(words.CATEGORIES, case.category.value),
        snippet=_snippet(case.what_happened or case.item or ""),
        customer=customer.name if customer else tr("Guest"),
        status=words.word(words.STATUSES, case.status.value),
        status_tag=STATUS_TAGS.get(case.status.value, ""),
        owner=owner_name(case.owner, names),
        root_cause=words.word(ROOT_CAUSES, case.root_cause.value) if case.root_cause else "",
        opened=moment_words(case.opened_at, zone),
        due=_due(case, zone),
        standing=tr(STANDINGS[stands.value]) if stands.value in STANDINGS else "",
        standing_tag=STANDING_TAGS.get(stands, ""),
        marks=_marks(case),
    )


def owner_name(owner: str, names: Mapping[str, str]) -> str:
    return tr("Assistant") if owner == "bot" else names.get(owner) or tr("Staff")


def case_facts(record: Record, zone: tzinfo) -> list[tuple[str, str]]:
    """Return what is shown of a case beside the fields that staff may set."""
    case = record.case
    also = ", ".join(words.word(words.CATEGORIES, one.value) for one in case.secondary)
    outcome = words.word(words.CLOSED_AS, case.outcome)
    language = record.conversation.language
    facts = [
        (tr("Status"), words.word(words.STATUSES, case.status.value)),
        (tr("Next step"), words.next_step(case, record.promises)),
        (tr("Outcome"), outcome),
        (tr("Customer"), _customer(record)),
        (tr("E-mail"), record.customer.email if record.customer else ""),
        (tr("Answer by"), _contact(record)),
        (tr("Language"), words.language(language)),
        (tr("Order"), "" if case.order_number in (None, NO_ORDER) else case.order_number or ""),
        (tr("Item"), case.item or ""),
        (tr("Also about"), also),
        (tr("Severity"), words.word(words.SEVERITIES, case.severity)),
        (tr("Flags"), ", ".join(words.word(words.FLAGS, flag) for flag in sorted(case.flags))),
        (tr("Opened"), moment_words(case.opened_at, zone)),
        (tr("Closed"), moment_words(case.closed_at, zone) if case.closed_at else ""),
    ]
    return [(name, value) for name, value in facts if value]


def days_of(items: Sequence[Item], teller: Teller, zone: tzinfo) -> list[Day]:
    """Return the timeline by days, as the reader's calendar has them."""
    by_day = groupby(items, key=lambda item: day_words(item.at, zone))
    return [Day(title, tuple(_line(one, teller, zone) for one in day)) for title, day in by_day]


def _line(item: Item, teller: Teller, zone: tzinfo) -> Line:
    return Line(
        kind=item.kind.value,
        kind_word=tr(KIND_TAGS[item.kind]),
        event=item.event,
        actor=teller.actor(item),
        text=teller.sentence(item),
        time=clock_words(item.at, zone),
        at=item.at.isoformat(),
        more=_more(item),
    )


def _more(item: Item) -> tuple[str, ...]:
    """Return what stands behind a line, for whoever wants to know why."""
    if item.kind is Kind.DECISION:
        return tuple(item.data["explanation"])
    if item.kind is Kind.RATING:
        told = (
            *item.data.get("drivers", ()),
            *survey_words.answers(item.data),
            item.data.get("comment", ""),
        )
        return tuple(filter(None, told))
    return ()


def _customer(record: Record) -> str:
    customer = record.customer
    if customer is None:
        return tr("Guest")
    if record.conversation.customer_id is None:
        return tr("{name}, by the order, not signed in", name=customer.name)
    return customer.name


def _contact(record: Record) -> str:
    contacts = [one.contact for one in record.handoffs if one.contact]
    return words.contact(contacts[-1]) if contacts else ""


def _marks(case: Case) -> tuple[str, ...]:
    severe = case.severity in ("high", "critical")
    marks = [words.word(words.SEVERITIES, case.severity)] if severe else []
    marks += [words.word(words.FLAGS, flag) for flag in sorted(case.flags)]
    return (*marks, *([tr("Repeat")] if case.repeat_complaint else []))


def _due(case: Case, zone: tzinfo) -> str:
    if case.resolution_due_at is None or case.closed_at is not None:
        return ""
    return moment_words(case.resolution_due_at, zone)


def _snippet(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= SNIPPET else f"{flat[: SNIPPET - 1]}…"

"""A log as a shop of some size fills it, made up from a seed: conversations with their messages,
understandings and cases, and the row of facts of each.

`python -m benchmarks.conversations DATABASE_URL COUNT` fills a database; ten messages each.
"""

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert

from amends.cases.model import CaseStatus, Category, NextStep
from amends.cases.root_causes import RootCause
from amends.conversations.model import Delivery, Mode, Role
from amends.handoff.model import Severity
from amends.insights.facts import (
    JUSTICE,
    SERVQUAL,
    AnswerMark,
    ConversationFacts,
    Result,
    day_of,
)
from amends.storage import Database
from amends.storage.migrate import upgrade
from amends.storage.tables.cases import CaseRow
from amends.storage.tables.conversations import ConversationRow, MessageRow, UnderstandingRow
from amends.values import utc_now

DAYS = 182
MESSAGES = 10
CATEGORIES = [category.value for category in Category]
WEIGHTS = [12, 9, 5, 4, 8, 4, 6, 2, 7, 5, 4, 3, 4, 3, 2, 6, 3, 2, 1, 1, 1, 8]
CAUSES = [cause.value for cause in RootCause]
KINDS = ("refund_full", "refund_part", "voucher", "replacement", "discount", "apology_letter")
REASONS = ("customer_asked", "furious", "legal", "repeat_complaint", "promise_broken", "safety")
CURRENCIES = ("EUR", "EUR", "EUR", "GBP", "GBP", "USD", "CHF")
AT_ONCE = 2000


def facts(
    count: int, until: datetime, seed: int = 1, days: int = DAYS
) -> Iterator[ConversationFacts]:
    """Yield facts of `count` conversations of the days before `until`, in order of time."""
    random = Random(seed)
    step = timedelta(days=days) / max(count, 1)
    for number in range(count):
        yield _one(random, number, until - timedelta(days=days) + number * step, until)


def _one(random: Random, number: int, at: datetime, until: datetime) -> ConversationFacts:
    warehouse = random.choice(("Leeds", "Utrecht", "Lyon"))
    category = random.choices(CATEGORIES, WEIGHTS)[0]
    if warehouse == "Lyon" and until - at < timedelta(days=7) and random.random() < 0.2:
        category = Category.DAMAGED_ITEM.value  # the burst that the alarm is to find
    handed = random.random() < 0.25
    result = random.choices(list(Result), [5, 8, 45, 12, 22, 8])[0]
    has_case = result is not Result.NO_CASE
    paid = result is Result.REMEDY_ACCEPTED
    true = min(5.0, max(1.0, random.gauss(3.4 if paid else 2.7, 0.9) - 0.5 * handed))
    waited = random.expovariate(1 / 1500) if handed else None
    return ConversationFacts(
        conversation_id=f"load-{number:07d}",
        started_at=at,
        day=day_of(at),
        language=random.choice(("en", "en", "en", "zh")),
        messages=MESSAGES,
        case_id=f"case-{number:07d}" if has_case else None,
        case_number=f"AM-{number:07d}" if has_case else None,
        category=category if has_case else None,
        root_cause=random.choice(CAUSES) if has_case and random.random() < 0.5 else None,
        severity=random.choice(("low", "low", "medium", "high")) if has_case else None,
        result=result.value,
        repeat=random.random() < 0.06,
        warehouse=warehouse if has_case else None,
        carrier=random.choice(("Northway", "Parcelwise", "Swiftpost")) if has_case else None,
        product=random.choice(("LAMP-OAK", "KETTLE-19", "SHELF-W")) if has_case else None,
        handed_off=handed,
        handoff_reason=random.choice(REASONS) if handed else None,
        handoff_right=random.choice((True, True, False, None)) if handed else None,
        answer_mark=_mark(waited),
        first_answer_seconds=random.expovariate(1.5),
        person_answer_seconds=waited,
        resolution_seconds=_resolved_after(random, result, until - at),
        promises_kept=int(paid and random.random() < 0.9),
        promises_broken=int(random.random() < 0.03),
        remedy_kind=random.choice(KINDS) if paid else None,
        currency=random.choice(CURRENCIES) if paid else None,
        remedy_minor=random.randrange(300, 9000) if paid else 0,
        **_said(random, true),
        **_scored(random, true),
    )


def _resolved_after(random: Random, result: Result, most: timedelta) -> float | None:
    taken = min(random.expovariate(1 / 40_000), most.total_seconds())
    return None if result in {Result.NO_CASE, Result.OPEN, Result.WITHDRAWN} else taken


def _mark(waited: float | None) -> str | None:
    if waited is None:
        return None
    late = AnswerMark.LATE if waited <= 3 * 3600 else AnswerMark.TOO_LATE
    return (AnswerMark.IN_TIME if waited <= 1800 else late).value


def _said(random: Random, true: float) -> dict[str, Any]:
    answered = random.random() < (0.35 if true < 2 or true > 4 else 0.18)
    felt = round(true) if answered else None
    asked_more = answered and random.random() < 0.6
    sampled = asked_more and random.random() < 0.3

    def near() -> int:
        return min(5, max(1, round(random.gauss(true, 0.8))))

    return {
        "survey_asked": True,
        "csat": felt,
        "csat_reason": random.choice(("outcome", "speed", "friendliness")) if answered else None,
        "ces": min(7, max(1, round(true * 1.4))) if asked_more else None,
        "nps": min(10, max(0, round(true * 2.1 + random.gauss(0, 1)))) if asked_more else None,
        "expectation": near() if asked_more else None,
        "felt_reliability": near() if sampled else None,
        "felt_responsiveness": near() if sampled else None,
        "felt_assurance": near() if sampled else None,
        "felt_empathy": near() if sampled else None,
        "felt_tangibles": near() if sampled else None,
    }


def _scored(random: Random, true: float) -> dict[str, Any]:
    def about() -> float:
        return round(min(5.0, max(1.0, random.gauss(true, 0.5))), 2)

    letters = "".join(random.choices("yn-", [7, 1, 2], k=8))
    applying = letters.replace("-", "")
    return {
        "predicted": about(),
        "without_remedy": about(),
        "confidence": 0.7,
        **{name: about() for name in (*JUSTICE, *SERVQUAL)},
        "mood_start": round(random.uniform(-0.9, 0.2), 2),
        "mood_end": round(max(-1.0, min(1.0, random.gauss((true - 3) / 2, 0.3))), 2),
        "review": letters,
        "review_share": applying.count("y") / len(applying) if applying else None,
    }


def fill(database_url: str, count: int, until: datetime | None = None) -> None:
    """Add conversations, with all that belongs to them, to a database that is up to date."""
    database = Database(database_url)
    batch: list[ConversationFacts] = []
    for one in facts(count, until or utc_now()):
        batch.append(one)
        if len(batch) == AT_ONCE:
            _add(database, batch)
            batch = []
    _add(database, batch)
    database.close()


def _add(database: Database, batch: list[ConversationFacts]) -> None:
    with database.write() as uow:
        session = uow._session  # many rows at once, faster than any use case
        for row, values in (
            (ConversationRow, [_conversation(one) for one in batch]),
            (MessageRow, [row for one in batch for row in _messages(one)]),
            (UnderstandingRow, [row for one in batch for row in _understandings(one)]),
            (CaseRow, [_case(one) for one in batch if one.case_id]),
        ):
            if values:
                session.execute(insert(row), values)
        uow.facts.save(batch)
        uow.commit()


def _conversation(one: ConversationFacts) -> dict[str, Any]:
    ended = one.started_at + timedelta(minutes=10)
    return {
        "id": one.conversation_id,
        "token_hash": "none",
        "mode": Mode.CLOSED,
        "language": one.language,
        "visit": 1,
        "last_seq": MESSAGES,
        "created_at": one.started_at,
        "changed_at": ended,
        "last_customer_at": ended,
        "closed_at": ended,
        "scored_at": ended,
    }


SAID = (
    "The parcel came with the lid broken off and nobody answers my mails about it.",
    "I am sorry about that. Your case is open; we look at it now.",
    "Order 10045. It was the kettle that came broken, the rest is fine.",
    "Thank you. We can send a new one or repay it; which do you prefer?",
    "Then send me a new one, please, but quickly this time.",
)


def _messages(one: ConversationFacts) -> Iterator[dict[str, Any]]:
    for seq in range(1, MESSAGES + 1):
        customer = seq % 2 == 1
        yield {
            "conversation_id": one.conversation_id,
            "seq": seq,
            "role": Role.CUSTOMER if customer else Role.BOT,
            "text": SAID[seq % len(SAID)],
            "at": one.started_at + timedelta(minutes=seq),
            "delivery": Delivery.ANSWERED if customer else None,
            "in_reply_to": None if customer else seq - 1,
            "attempts": 0,
        }


def _understandings(one: ConversationFacts) -> Iterator[dict[str, Any]]:
    for seq in range(1, MESSAGES + 1, 2):
        yield {
            "conversation_id": one.conversation_id,
            "seq": seq,
            "at": one.started_at + timedelta(minutes=seq),
            "intent": "give_detail",
            "confidence": 0.9,
            "complaint": one.category is not None,
            "category": one.category,
            "secondary": [],
            "sentiment": one.mood_end or 0.0,
            "sentiment_label": "neg",
            "flags": [],
            "severity": one.severity or "low",
            "language": one.language,
            "parse": {},
        }


def _case(one: ConversationFacts) -> dict[str, Any]:
    closed = one.result != Result.OPEN.value
    return {
        "id": one.case_id,
        "number": one.case_number,
        "conversation_id": one.conversation_id,
        "category": Category(one.category or "general_complaint"),
        "status": CaseStatus.RESOLVED if closed else CaseStatus.OPEN,
        "opened_at": one.started_at,
        "opened_by_seq": 1,
        "owner": "bot",
        "next_step": NextStep.NOTHING if closed else NextStep.CUSTOMER_ANSWERS,
        "secondary": [],
        "severity": Severity(one.severity or "low"),
        "flags": [],
        "repeat_complaint": one.repeat,
        "outcome": "remedy_accepted" if one.remedy_kind else None,
        "closed_at": one.started_at + timedelta(minutes=10) if closed else None,
        "root_cause": RootCause(one.root_cause) if one.root_cause else None,
        "indexed_at": one.started_at + timedelta(minutes=10),
    }


if __name__ == "__main__":
    upgrade(sys.argv[1])
    fill(sys.argv[1], int(sys.argv[2]))

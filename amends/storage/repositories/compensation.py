"""The ledger."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from zlib import crc32

from sqlalchemy import ColumnElement, String, cast, distinct, func, literal_column, select, update

from amends.compensation.clauses import EXCEPTION
from amends.compensation.model import (
    FOLLOWS,
    GIVEN,
    RESERVING,
    DecisionRecord,
    FirstDecision,
    Offer,
    Remedy,
    Step,
    StepTaken,
)
from amends.storage.errors import Conflict, MissingRow, StepOutOfOrder
from amends.storage.repositories.base import Lookup
from amends.storage.repositories.first_decisions import first_decisions, to_first_decision
from amends.storage.repositories.retries import SqlRetries
from amends.storage.repositories.rows import to_decision, to_offer, to_remedy
from amends.storage.tables.compensation import (
    DecisionRow,
    OfferRow,
    RemedyRow,
    RemedyStepRow,
)

STREAMED = 500
"""Rows of a stream that are in memory at a time."""
BUDGET_LOCK = 0x616D656E6473  # any numbers of our own; every process uses the same
CLAIM_LOCKS = 0x636C6169
BEFORE = {step: [earlier for earlier in Step if step in FOLLOWS[earlier]] for step in Step}

_IS_EXCEPTION = cast(RemedyRow.clauses, String).like(f'%"{EXCEPTION}"%')
"""What stands in place of a clause is an id that no clause may have."""

_DECISIONS_OF_CASE = Lookup(DecisionRow, "case_id", order_by=["at", "rung", "id"])
_OFFER = Lookup(OfferRow, "id")
_OFFERS_OF_CASE = Lookup(OfferRow, "case_id", order_by=["made_at", "rung", "id"])
_REMEDY = Lookup(RemedyRow, "id")
_REMEDIES_OF_OFFER = Lookup(RemedyRow, "offer_id", order_by=["position"])


class SqlLedger(SqlRetries):
    def lock(self, names: Iterable[str]) -> None:
        """Hold what goes by these names until the transaction ends.

        Take it after `conversations.lock`, never before. SQLite's writer holds it from the start.
        Names that share a number by chance wait for each other, no more.
        """
        if not self._is_postgres:
            return
        # In one order, so that two who hold several never wait for each other.
        numbers = sorted({crc32(name.encode()) - 2**31 for name in names})
        locks = [func.pg_advisory_xact_lock(CLAIM_LOCKS, number) for number in numbers]
        if locks:
            self._session.execute(select(*locks))

    def lock_budget(self) -> None:
        """Hold the day's budget until the transaction ends; all who decide wait, so take it late.

        Take it after `lock`, never before. SQLite's writer holds it from the start.
        """
        if self._is_postgres:
            self._session.execute(select(func.pg_advisory_xact_lock(BUDGET_LOCK)))

    def add_decision(self, record: DecisionRecord) -> None:
        self._insert(
            DecisionRow,
            {
                "id": record.id,
                "case_id": record.case_id,
                "at": record.at,
                "policy": record.policy,
                "version": record.version,
                "role": record.role,
                "rung": record.rung,
                "facts": record.facts,
                "outcome": record.outcome,
                "decision": record.decision,
            },
        )

    def decisions_of_case(self, case_id: str) -> Sequence[DecisionRecord]:
        rows = self._found(_DECISIONS_OF_CASE, case_id=case_id)
        return [to_decision(row) for row in rows]

    def first_decisions_since(self, since: datetime) -> Iterator[FirstDecision]:
        """Stream how the assistant first decided each case, in order of time."""
        query = first_decisions(since).execution_options(yield_per=STREAMED)
        return map(to_first_decision, self._session.execute(query))

    def add_offer(self, offer: Offer) -> None:
        """Store the offer, its remedies, and the step each begins with."""
        self._insert(
            OfferRow,
            {
                "id": offer.id,
                "case_id": offer.case_id,
                "decision_id": offer.decision_id,
                "rung": offer.rung,
                "made_at": offer.made_at,
                "expires_at": offer.expires_at,
                "made_by": offer.made_by,
            },
        )
        self._insert(RemedyRow, *_remedy_values(offer))
        for remedy in offer.remedies:
            self._insert_step(remedy.id, remedy.state, offer.made_at, offer.made_by, None)

    def offer(self, offer_id: str) -> Offer | None:
        row = self._found_first(_OFFER, id=offer_id)
        return None if row is None else self._with_remedies(row)

    def offers_of_case(self, case_id: str) -> Sequence[Offer]:
        rows = self._found(_OFFERS_OF_CASE, case_id=case_id)
        return [self._with_remedies(row) for row in rows]

    def remedy(self, remedy_id: str) -> Remedy | None:
        row = self._found_first(_REMEDY, id=remedy_id)
        return None if row is None else to_remedy(row)

    def add_step(
        self, remedy_id: str, step: Step, at: datetime, actor: str, detail: dict[str, Any] | None
    ) -> bool:
        """Add a step; False when the remedy has it already (then nothing changes).

        Raises:
            StepOutOfOrder: the remedy is in a state that this step cannot follow.
            MissingRow: there is no such remedy.
        """
        met = self._change(
            update(RemedyRow)
            .where(RemedyRow.id == remedy_id, RemedyRow.state.in_(BEFORE[step]))
            .values(state=step)
        )
        if met:
            self._insert_step(remedy_id, step, at, actor, detail)
            return True
        if self._has_step(remedy_id, step):
            return False
        remedy = self.remedy(remedy_id)
        if remedy is None:
            raise MissingRow("remedies", remedy_id)
        raise StepOutOfOrder(remedy_id, remedy.state, step)

    def set_code(self, remedy_id: str, code: str) -> str | None:
        """Give a voucher its code and return the one it has; None when another voucher has this.

        A code stays: of two processes that give one at once, both return the first.

        Raises:
            MissingRow: there is no such remedy.
        """
        without = (RemedyRow.id == remedy_id, RemedyRow.code.is_(None))
        try:
            with self._session.begin_nested():
                if self._change(update(RemedyRow).where(*without).values(code=code)):
                    return code
        except Conflict:
            return None
        remedy = self.remedy(remedy_id)
        if remedy is None:
            raise MissingRow("remedies", remedy_id)
        return remedy.code

    def steps_of_case(self, case_id: str) -> Sequence[StepTaken]:
        """Every step of every remedy of a case, in order of time."""
        rows = self._all(
            select(RemedyStepRow)
            .join(RemedyRow, RemedyRow.id == RemedyStepRow.remedy_id)
            .where(RemedyRow.case_id == case_id)
            .order_by(RemedyStepRow.at, RemedyRow.position, RemedyRow.id)
        )
        return [StepTaken(row.remedy_id, row.step, row.at, row.actor) for row in rows]

    def given_in_cases(self, case_ids: Sequence[str]) -> dict[str, dict[str, int]]:
        """What was accepted or granted in each case, by currency, in minor units."""
        found = self._session.execute(
            select(RemedyRow.case_id, RemedyRow.currency, func.sum(RemedyRow.amount_minor))
            .where(
                RemedyRow.case_id.in_(case_ids),
                RemedyRow.state.in_(sorted(GIVEN)),
                RemedyRow.amount_minor > 0,
            )
            .group_by(RemedyRow.case_id, RemedyRow.currency)
            .order_by(RemedyRow.case_id, RemedyRow.currency)
        )
        given: dict[str, dict[str, int]] = {}
        for case_id, currency, amount_minor in found:
            given.setdefault(case_id, {})[currency] = int(amount_minor)
        return given

    def cases_given_for_order(self, order_number: str) -> Sequence[str]:
        """The cases in which something was accepted or granted for this order."""
        given = select(RemedyRow.case_id).where(
            RemedyRow.order_number == order_number, RemedyRow.state.in_(GIVEN)
        )
        return list(self._session.scalars(given.distinct()))

    def in_state(self, step: Step, limit: int = 200) -> Sequence[Remedy]:
        """Remedies whose latest step is this one, oldest first."""
        rows = self._all(
            select(RemedyRow)
            .where(RemedyRow.state == step)
            .order_by(RemedyRow.made_at, RemedyRow.id)
            .limit(limit)
        )
        return [to_remedy(row) for row in rows]

    def offers_expiring_before(self, at: datetime, limit: int = 200) -> Sequence[Offer]:
        """Offers that still lie with a customer although their time is over."""
        expired = (
            select(RemedyRow.offer_id)
            .where(RemedyRow.state == Step.OFFERED, RemedyRow.expires_at < at)
            .distinct()
        )
        rows = self._all(
            select(OfferRow)
            .where(OfferRow.id.in_(expired))
            .order_by(OfferRow.expires_at, OfferRow.id)
            .limit(limit)
        )
        return [self._with_remedies(row) for row in rows]

    def goodwill_to_customer(self, customer_key: str, since: datetime) -> dict[str, int]:
        """Reserved or given goodwill by currency, in minor units."""
        return self._goodwill(RemedyRow.customer_key == customer_key, RemedyRow.made_at >= since)

    def goodwill_to_case(self, case_id: str) -> dict[str, int]:
        return self._goodwill(RemedyRow.case_id == case_id)

    def goodwill_since(self, since: datetime) -> dict[str, int]:
        return self._goodwill(RemedyRow.made_at >= since)

    def exceptions_to(self, customer_key: str, since: datetime) -> dict[str, int]:
        """Of the goodwill to a customer what no clause gave, by currency, in minor units."""
        of_customer = RemedyRow.customer_key == customer_key
        return self._goodwill(of_customer, RemedyRow.made_at >= since, _IS_EXCEPTION)

    def exceptions_in(self, case_id: str) -> dict[str, int]:
        return self._goodwill(RemedyRow.case_id == case_id, _IS_EXCEPTION)

    def goodwill_count(self, customer_key: str, since: datetime) -> int:
        """How many cases of this customer were given, or are being offered, goodwill of value."""
        query = select(func.count(distinct(RemedyRow.case_id))).where(
            *_counting(), RemedyRow.customer_key == customer_key, RemedyRow.made_at >= since
        )
        return self._session.scalar(query) or 0

    def _goodwill(self, *conditions: ColumnElement[bool]) -> dict[str, int]:
        """Sum by currency. Of an offer's alternatives only one can be taken: the dearest counts."""
        alternatives = (
            select(
                RemedyRow.offer_id,
                RemedyRow.currency,
                func.sum(RemedyRow.amount_minor).label("amount_minor"),
            )
            .where(*_counting(), *conditions)
            .group_by(RemedyRow.offer_id, RemedyRow.alternative, RemedyRow.currency)
            .subquery()
        )
        offers = (
            select(alternatives.c.currency, func.max(alternatives.c.amount_minor).label("most"))
            .group_by(alternatives.c.offer_id, alternatives.c.currency)
            .subquery()
        )
        found = self._session.execute(
            select(offers.c.currency, func.sum(offers.c.most)).group_by(offers.c.currency)
        )
        return {currency: int(amount_minor) for currency, amount_minor in found}

    def _with_remedies(self, row: OfferRow) -> Offer:
        return to_offer(row, self._found(_REMEDIES_OF_OFFER, offer_id=row.id))

    def _has_step(self, remedy_id: str, step: Step) -> bool:
        found = self._session.scalar(
            select(RemedyStepRow.remedy_id).where(
                RemedyStepRow.remedy_id == remedy_id, RemedyStepRow.step == step
            )
        )
        return found is not None

    def _insert_step(
        self, remedy_id: str, step: Step, at: datetime, actor: str, detail: dict[str, Any] | None
    ) -> None:
        self._insert(
            RemedyStepRow,
            {"remedy_id": remedy_id, "step": step, "at": at, "actor": actor, "detail": detail},
        )


def _counting() -> tuple[ColumnElement[bool], ...]:
    return (
        RemedyRow.part == literal_column("'goodwill'"),
        RemedyRow.state.in_(sorted(RESERVING)),
        RemedyRow.amount_minor > 0,
    )


def _remedy_values(offer: Offer) -> list[dict[str, Any]]:
    return [
        {
            "id": remedy.id,
            "offer_id": offer.id,
            "position": position,
            "case_id": remedy.case_id,
            "alternative": remedy.alternative,
            "kind": remedy.kind,
            "recovery": remedy.recovery,
            "part": remedy.part,
            "amount_minor": None if remedy.amount is None else remedy.amount.amount_minor,
            "currency": None if remedy.amount is None else remedy.amount.currency,
            "clauses": list(remedy.clauses),
            "title": remedy.title,
            "due_days": remedy.due_days,
            "state": remedy.state,
            "customer_key": remedy.customer_key,
            "order_number": remedy.order_number,
            "code": remedy.code,
            "made_at": offer.made_at,
            "expires_at": offer.expires_at,
        }
        for position, remedy in enumerate(offer.remedies)
    ]

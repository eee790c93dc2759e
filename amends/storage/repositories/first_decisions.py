"""How the assistant first decided each case: the one query behind a simulation."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    and_,
    case,
    exists,
    func,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from amends.compensation.model import FirstDecision, Step
from amends.storage.repositories.base import table_of
from amends.storage.repositories.rows import to_decision
from amends.storage.tables.cases import CaseRow
from amends.storage.tables.compensation import DecisionRow, OfferRow, RemedyRow
from amends.storage.tables.orders import OrderRow

ASSISTANT: ColumnElement[str] = literal_column("'bot'")


def first_decisions(since: datetime) -> Select[Any]:
    return (
        select(
            *table_of(DecisionRow).columns,
            CaseRow.number,
            _customer_key().label("customer_key"),
            _declined().label("declined"),
        )
        .join(CaseRow, CaseRow.id == DecisionRow.case_id)
        .outerjoin(OrderRow, OrderRow.number == CaseRow.order_number)
        .where(DecisionRow.at >= since, DecisionRow.role == ASSISTANT, ~_decided_earlier())
        .order_by(DecisionRow.at, DecisionRow.id)
    )


def to_first_decision(row: Row[Any]) -> FirstDecision:
    return FirstDecision(
        record=to_decision(cast(DecisionRow, row)),
        case_number=row.number,
        customer_key=row.customer_key,
        declined=row.declined,
    )


def _decided_earlier() -> ColumnElement[bool]:
    earlier = aliased(DecisionRow)
    return exists().where(
        earlier.case_id == DecisionRow.case_id,
        earlier.role == ASSISTANT,
        tuple_(earlier.at, earlier.rung, earlier.id)
        < tuple_(DecisionRow.at, DecisionRow.rung, DecisionRow.id),
    )


def _customer_key() -> ColumnElement[str]:
    """Whom the caps per customer count: as with an offer made, or as for one to be made.

    See `amends.compensation.usage.customer_key`.
    """
    of_offer = (
        select(func.min(RemedyRow.customer_key))
        .where(RemedyRow.case_id == DecisionRow.case_id)
        .scalar_subquery()
    )
    owner = case((OrderRow.number.is_not(None), OrderRow.customer_id), else_=CaseRow.customer_id)
    conversation = literal_column("'conversation:'").op("||")(CaseRow.conversation_id)
    return func.coalesce(of_offer, owner, conversation)


def _declined() -> ScalarSelect[int]:
    """How many offers of the assistant the customer declined as a whole."""
    taken_or_left = and_(RemedyRow.offer_id == OfferRow.id, RemedyRow.state != Step.DECLINED)
    return (
        select(func.count())
        .select_from(OfferRow)
        .where(
            OfferRow.case_id == DecisionRow.case_id,
            OfferRow.made_by == ASSISTANT,
            ~exists().where(taken_or_left),
        )
        .scalar_subquery()
    )

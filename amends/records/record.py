"""All that is known of one case, gathered once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from amends.cases import use_cases as cases
from amends.cases.errors import UnknownCase
from amends.cases.model import Case, CaseEntry, Customer, Order, Promise
from amends.compensation.model import DecisionRecord, Offer, Remedy, StepTaken
from amends.conversations.model import Conversation, Message
from amends.handoff.model import Handoff, Note
from amends.records.indexing import people_of
from amends.satisfaction.model import Score, Survey
from amends.satisfaction.ports import UnitOfWork

MOST_MESSAGES = 5000
"""Of one conversation; the longest that was ever seen has a tenth of it."""


@dataclass(frozen=True, slots=True)
class Record:
    case: Case
    conversation: Conversation
    people: tuple[Customer, ...]  # who complained, and whose order it is
    order: Order | None
    messages: tuple[Message, ...]
    entries: tuple[CaseEntry, ...]
    decisions: tuple[DecisionRecord, ...]
    offers: tuple[Offer, ...]
    steps: tuple[StepTaken, ...]
    promises: tuple[Promise, ...]
    handoffs: tuple[Handoff, ...]
    notes: tuple[Note, ...]
    survey: Survey | None
    score: Score | None
    scored_at: datetime | None
    names: Mapping[str, str]  # of all staff, by id

    @property
    def customer(self) -> Customer | None:
        return self.people[0] if self.people else None

    @property
    def remedies(self) -> dict[str, Remedy]:
        return {remedy.id: remedy for offer in self.offers for remedy in offer.remedies}

    @property
    def open_handoff(self) -> Handoff | None:
        return next((one for one in self.handoffs if one.ended_at is None), None)


def record_of(uow: UnitOfWork, number: str) -> Record:
    """Gather a case by its number.

    Raises:
        UnknownCase: there is none.
    """
    case = uow.cases.by_number(number)
    conversation = uow.conversations.get(case.conversation_id) if case else None
    if case is None or conversation is None:
        raise UnknownCase(number)
    talk = conversation.id
    return Record(
        case=case,
        conversation=conversation,
        people=tuple(people_of(uow, case)),
        order=cases.order_of(uow, case),
        messages=tuple(uow.conversations.after(talk, 0, MOST_MESSAGES)),
        entries=tuple(uow.cases.entries(case.id)),
        decisions=tuple(uow.ledger.decisions_of_case(case.id)),
        offers=tuple(uow.ledger.offers_of_case(case.id)),
        steps=tuple(uow.ledger.steps_of_case(case.id)),
        promises=tuple(uow.promises.of_case(case.id)),
        handoffs=tuple(uow.handoffs.of_conversation(talk)),
        notes=tuple(uow.notes.of_conversation(talk)),
        survey=uow.surveys.of_conversation(talk),
        score=uow.scores.of_conversation(talk),
        scored_at=uow.scores.scored_at(talk),
        names={member.id: member.name for member in uow.staff.all()},
    )

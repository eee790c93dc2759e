"""What the database holds about one conversation, read as plain values."""

from dataclasses import dataclass

from amends.cases.model import Case, Promise
from amends.compensation.model import DecisionRecord, Offer, Remedy
from amends.conversations.model import Message
from amends.handoff.model import Handoff
from amends.satisfaction.model import Score, Survey
from amends.storage import Database


@dataclass(frozen=True, slots=True)
class Books:
    cases: tuple[Case, ...]
    decisions: tuple[DecisionRecord, ...]
    offers: tuple[Offer, ...]
    promises: tuple[Promise, ...]
    handoffs: tuple[Handoff, ...]
    messages: tuple[Message, ...]
    intents: dict[int, str]
    complaints: tuple[int, ...]
    survey: Survey | None
    score: Score | None

    @property
    def case(self) -> Case:
        (only,) = self.cases
        return only

    @property
    def remedies(self) -> tuple[Remedy, ...]:
        return tuple(remedy for offer in self.offers for remedy in offer.remedies)


def read_books(db: Database, conversation_id: str) -> Books:
    with db.read() as uow:
        cases = tuple(uow.cases.of_conversation(conversation_id))
        understood = uow.understandings.of_conversation(conversation_id)
        return Books(
            cases=cases,
            decisions=tuple(d for c in cases for d in uow.ledger.decisions_of_case(c.id)),
            offers=tuple(o for c in cases for o in uow.ledger.offers_of_case(c.id)),
            promises=tuple(p for c in cases for p in uow.promises.of_case(c.id)),
            handoffs=tuple(uow.handoffs.of_conversation(conversation_id)),
            messages=tuple(uow.conversations.after(conversation_id, 0)),
            intents={seq: found.intent for seq, found in understood},
            complaints=tuple(seq for seq, found in understood if found.complaint),
            survey=uow.surveys.of_conversation(conversation_id),
            score=uow.scores.of_conversation(conversation_id),
        )

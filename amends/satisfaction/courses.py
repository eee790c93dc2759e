"""A conversation as it went, as far as its quality shows in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from amends.cases.model import Case, CaseEntry
from amends.compensation.model import Offer
from amends.conversations.model import Message, Role, Understanding
from amends.handoff.model import Handoff
from amends.satisfaction.ports import UnitOfWork

ANSWERERS = frozenset({Role.BOT, Role.STAFF})
"""Whose messages are answers; notices of the system are not."""

READ_AT_MOST = 5000


@dataclass(frozen=True, slots=True)
class Course:
    """Everything oldest first; what was understood is by the number of the customer's message."""

    messages: Sequence[Message]
    understood: Mapping[int, Understanding]
    cases: Sequence[Case] = ()
    entries: Sequence[CaseEntry] = ()  # of all cases
    offers: Sequence[Offer] = ()
    handoffs: Sequence[Handoff] = ()

    def answers(self) -> Iterator[Message]:
        return (one for one in self.messages if one.role in ANSWERERS)

    def said(self) -> Iterator[Message]:
        """Yield what the customer wrote or tapped."""
        return (one for one in self.messages if one.role is Role.CUSTOMER)

    def entries_of(self, case: Case, kind: str) -> list[CaseEntry]:
        return [one for one in self.entries if one.case_id == case.id and one.kind == kind]


def course_of(uow: UnitOfWork, conversation_id: str) -> Course:
    """Read one conversation; for many at once there is the log of `amends.records.log`."""
    cases = tuple(uow.cases.of_conversation(conversation_id))
    return Course(
        messages=tuple(uow.conversations.after(conversation_id, 0, READ_AT_MOST)),
        understood=dict(uow.understandings.of_conversation(conversation_id)),
        cases=cases,
        entries=tuple(one for case in cases for one in uow.cases.entries(case.id)),
        offers=tuple(one for case in cases for one in uow.ledger.offers_of_case(case.id)),
        handoffs=tuple(uow.handoffs.of_conversation(conversation_id)),
    )

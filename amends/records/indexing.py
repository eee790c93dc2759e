"""By which words a case is found: gathered from its conversation, its customer and its order."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from amends.cases import use_cases as cases
from amends.cases.model import Case, Customer
from amends.cases.terms import flag_term, language_term, terms_of
from amends.conversations.model import Conversation, Message, Role
from amends.handoff.model import Handoff
from amends.satisfaction.ports import UnitOfWork

LOOK_BACK = timedelta(hours=1)
"""Conversations that changed within this time are compared with what is known of their cases."""

READ_AT_MOST = 2000
"""Messages of one conversation whose words are gathered."""


def index_case(uow: UnitOfWork, case_id: str) -> None:
    """Gather by what a case is found, as its conversation stands now.

    Raises:
        UnknownCase: it is gone.
        UnknownConversation: its conversation is gone.
    """
    conversation = uow.conversations.lock(cases.case_of(uow, case_id).conversation_id)
    case = cases.case_of(uow, case_id)
    messages = uow.conversations.after(conversation.id, 0, READ_AT_MOST)
    handoffs = uow.handoffs.of_conversation(conversation.id)
    terms = case_terms(case, conversation, people_of(uow, case), messages, handoffs)
    uow.case_search.set_terms(case, terms)


def people_of(uow: UnitOfWork, case: Case) -> list[Customer]:
    """Return the customer who complained, and the one whose order the case is about."""
    order = cases.order_of(uow, case)
    ids = dict.fromkeys((case.customer_id, order.customer_id if order else None))
    found = [uow.orders.customer(one) for one in ids if one]
    return [one for one in found if one is not None]


def case_terms(
    case: Case,
    conversation: Conversation,
    people: Sequence[Customer],
    messages: Sequence[Message],
    handoffs: Sequence[Handoff],
) -> frozenset[str]:
    """Return all terms of a case: what was typed counts, a tapped choice is our own wording."""
    said = [one.text for one in messages if one.role is Role.CUSTOMER and one.payload is None]
    facts = {flag_term(flag) for flag in case.flags} | {language_term(conversation.language)}
    return terms_of([*said, *_names(case, people, handoffs)]) | facts


def _names(case: Case, people: Sequence[Customer], handoffs: Sequence[Handoff]) -> Iterator[str]:
    yield case.number
    yield from filter(None, (case.order_number, case.item, case.what_happened, case.wish_text))
    for person in people:
        yield from (person.name, person.email)
    yield from (one.contact.address for one in handoffs if one.contact and one.contact.address)


def changed_lately(now: datetime) -> datetime:
    return now - LOOK_BACK

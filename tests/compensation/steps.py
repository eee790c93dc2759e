"""What the tests of offers do with a case, one step each."""

from collections.abc import Callable
from datetime import timedelta

from amends.cases import use_cases as cases
from amends.cases.model import Case, Category
from amends.cases.use_cases import Complaint
from amends.compensation import use_cases as compensation
from amends.compensation.model import Offer, Remedy, Step
from amends.compensation.use_cases import Accepted, Settlement
from amends.conversations.use_cases import ensure_conversation
from amends.storage import SqlUnitOfWork
from tests.support.shop import LATE, NOW, STORY, Chat, Shop

Try = Callable[[SqlUnitOfWork, Offer], object]


def decide(shop: Shop, case: Case) -> Settlement:
    with shop.write() as uow:
        return compensation.decide_case(uow, shop.policy, case.id, shop.clock())


def offered(shop: Shop, chat: Chat) -> Offer:
    found = decide(shop, chat.case).offer
    assert found is not None
    return found


def accept(shop: Shop, offer: Offer, alternative: int = 0) -> Accepted:
    with shop.write() as uow:
        return compensation.accept(uow, offer.id, alternative, shop.clock())


def decline(shop: Shop, offer: Offer) -> Case:
    with shop.write() as uow:
        return compensation.decline(uow, offer.id, shop.clock())


def states(shop: Shop, offer: Offer) -> set[Step]:
    with shop.db.read() as uow:
        found = uow.ledger.offer(offer.id)
        assert found is not None
        return {remedy.state for remedy in found.remedies}


def goodwill(shop: Shop, key: str) -> int:
    with shop.db.read() as uow:
        return uow.ledger.goodwill_to_customer(key, NOW - timedelta(days=90)).get("GBP", 0)


def late_chat(shop: Shop, order: str = LATE, customer: str | None = None) -> Chat:
    chat = shop.chat(customer)
    chat.complains(order=order)
    return chat


def new_case(uow: SqlUnitOfWork, category: Category, number: str | None) -> Case:
    talk = ensure_conversation(uow, f"c-{number}", NOW)
    said = Complaint(talk.id, 1, category, (), STORY, "low", frozenset(), number)
    return cases.take_complaint(uow, said, NOW).case


def remedies_of(settled: Settlement) -> tuple[Remedy, ...]:
    return settled.offer.remedies if settled.offer else ()

"""What the tests of the jobs do with a chat, and what they read back."""

from collections import Counter

from amends.cases.model import Case, CaseEntry, PromiseState
from amends.compensation import use_cases as compensation
from amends.compensation.model import Remedy
from amends.storage.tables.outbox import OutboxRow
from amends.wiring import jobs
from tests.support.shop import Chat, Shop


def accepted(shop: Shop, customer: str | None = None, order: str = "10045") -> Chat:
    """A chat whose offer (a refund, a voucher, a favour) was accepted."""
    chat = shop.chat(customer)
    case = chat.complains(order=order)
    with shop.write() as uow:
        offer = compensation.decide_case(uow, shop.policy, case.id, shop.clock()).offer
        assert offer is not None
        compensation.accept(uow, offer.id, 0, shop.clock())
    return chat


def remedies(shop: Shop, case: Case) -> list[Remedy]:
    with shop.db.read() as uow:
        return [one for offer in uow.ledger.offers_of_case(case.id) for one in offer.remedies]


def promises(shop: Shop, case: Case) -> Counter[PromiseState]:
    with shop.db.read() as uow:
        return Counter(one.state for one in uow.promises.of_case(case.id))


def told(chat: Chat, words: str) -> int:
    return sum(words in message.text for message in chat.log)


def announced(shop: Shop, topic: str) -> list[str]:
    with shop.db.read() as uow:
        return [row.key for row in uow.outbox._session.query(OutboxRow).filter_by(topic=topic)]


def pending(shop: Shop, customer: str | None = None) -> tuple[Chat, Remedy]:
    """A chat all of whose remedies the refund system took on; returns one of them too."""
    chat = accepted(shop, customer)
    found = remedies(shop, chat.case)
    shop.till.faults = ["pending"] * len(found)
    jobs.issue_remedies(shop.app)
    return chat, remedies(shop, chat.case)[0]


def entries(shop: Shop, chat: Chat, kind: str) -> list[CaseEntry]:
    with shop.db.read() as uow:
        return [one for one in uow.cases.entries(chat.case.id) if one.kind == kind]


def reasons(shop: Shop, chat: Chat) -> list[tuple[str, ...]]:
    with shop.db.read() as uow:
        return [one.reasons for one in uow.handoffs.of_conversation(chat.id)]

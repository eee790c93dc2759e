"""Messages in the review queue, decisions on them, and what is read back."""

from typing import Any

from amends.storage import Database
from amends.training.review.deciding import Chosen, decide
from amends.training.review.model import (
    Decision,
    Group,
    Kind,
    Looked,
    Place,
    Query,
    Reason,
    Verdict,
)
from amends.training.review.similarity import signature
from tests.storage.samples import NOW, conversation, customer_says, staff
from tests.training.review.samples import STORY, found

INTENTS = ("report_missing_item", "question")
TIM, LUZ = staff("s-tim", "tim"), staff("s-luz", "luz")
ALIKE = (STORY, f"{STORY} now", f"{STORY} now, you know")
OTHER = "I was charged twice for one pair of red shoes"


def with_staff(db: Database) -> Database:
    with db.write() as uow:
        for member in (TIM, LUZ):
            uow.staff.add(member, "no password opens this")
        uow.commit()
    return db


def talk(db: Database, name: str, *texts: str) -> None:
    with db.write() as uow:
        uow.conversations.add(conversation(name), f"hash of {name}")
        for text in texts:
            uow.conversations.append(name, customer_says(text), NOW)
        uow.commit()


def looked(name: str, *texts: str, why: tuple[Reason, ...] = (), **more: Any) -> Looked:
    one = tuple(
        (found(text, seq, *why, **more), signature(text)) for seq, text in enumerate(texts, start=1)
    )
    return Looked(name, 1, one)


def put(db: Database, *some: Looked) -> int:
    with db.write() as uow:
        new = uow.reviews.put(some)
        uow.commit()
    return new


def groups(db: Database, query: Query | None = None, after: Place | None = None) -> list[Group]:
    with db.read() as uow:
        return list(uow.reviews.groups(query or Query(), after, 50))


def filled(db: Database) -> list[Group]:
    """Three conversations that say nearly the same, and one that says something else."""
    for number, text in enumerate(ALIKE):
        talk(db, f"a{number}", text)
    talk(db, "b", OTHER)
    put(db, *(looked(f"a{number}", text) for number, text in enumerate(ALIKE)))
    put(db, looked("b", OTHER, intent="report_billing_error", language="zh",
                   why=(Reason.CLOSE_GUESSES,)))  # fmt: skip
    return groups(db)


def decided(
    db: Database, group: Group, verdict: Verdict, *unticked: int, by: Any = TIM, last: int = 10**9
) -> Decision:
    with db.write() as uow:
        chosen = Chosen(group.id, last, frozenset(unticked))
        made = decide(uow, chosen, verdict, INTENTS, by, NOW)
        uow.commit()
    return made


def members(db: Database, group: Group) -> list[int]:
    with db.read() as uow:
        return sorted(one.id for one in uow.reviews.members(group.id))


RELABEL = Verdict(Kind.RELABEL, "report_missing_item")
ACCEPT = Verdict(Kind.ACCEPT)

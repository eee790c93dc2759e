"""Chats with misheard messages, put into the review queue by the job's own steps."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from amends.conversations import use_cases as conversations
from amends.conversations.model import Delivery, Draft, Role, Understanding
from amends.conversations.use_cases import Posting
from amends.storage import Database
from amends.training.review.wording import Vocabulary
from amends.values import new_id
from amends.wiring.reviews import look
from tests.desk.seeding import understood

BACK = "I am not sure that I understood. Could you put it in other words?"
KNOWN = (Vocabulary(), frozenset({BACK}))
OK = "I am sorry to hear that. I have opened a case."

Said = tuple[str, Understanding, str]
"""What the customer wrote, what was read of it, and what the assistant answered."""


def read(*guesses: tuple[str, float], back: bool = False, **more: Any) -> Understanding:
    """Return a reading with these guesses, the best one first."""
    intent, confidence = guesses[0]
    ranking = [{"name": name, "confidence": sure} for name, sure in guesses]
    plain = understood(intent.removeprefix("report_"), -0.4)
    return replace(
        plain,
        intent="nlu_fallback" if back else intent,
        confidence=confidence,
        parse={"intent_ranking": ranking},
        **more,
    )


def add_talk(
    db: Database, now: datetime, *said: Said, customer: str | None = None, language: str = "en"
) -> str:
    """Store a conversation and put what is worth a look into the queue; returns its id."""
    begun = now - timedelta(minutes=20)
    with db.write() as uow:
        started = conversations.start_conversation(
            uow, language=language, company="Fernhill", now=begun, customer_id=customer
        )
        talk_id = started.conversation.id
        for count, (text, found, answer) in enumerate(said):
            at = begun + timedelta(minutes=count + 1)
            posting = Posting(new_id(), text=text)
            message = conversations.post_message(uow, talk_id, posting, limit=2000, now=at)
            uow.understandings.add(talk_id, message.seq, found, at)
            uow.conversations.set_delivery(talk_id, message.seq, Delivery.ANSWERED)
            reply = Draft(Role.BOT, answer, in_reply_to=message.seq)
            uow.conversations.append(talk_id, reply, at)
        gathered = uow.reviews.gather([talk_id])[talk_id]
        uow.reviews.put([look(talk_id, gathered, KNOWN)])
        uow.commit()
    return talk_id


def fill_queue(db: Database, now: datetime) -> None:
    """Put four rows into the queue, best first: neighbour, leaking kettle, Chinese, colour."""
    neighbour = "The courier left my parcel with a neighbour who moved away, order 20417"
    wrong = read(("report_wrong_item", 0.34), ("report_not_received", 0.31), back=True)
    right = read(("report_not_received", 0.86), ("question", 0.04))
    add_talk(
        db, now, (neighbour, wrong, BACK), ("No, I meant it was never handed to me", right, OK),
        customer="cus-moreau",
    )  # fmt: skip
    add_talk(db, now, (neighbour.replace("order 20417", "please help"), wrong, BACK))
    kettle = "Water runs out of the bottom of the kettle onto my table"
    add_talk(db, now, (kettle, read(("report_damaged_item", 0.29), ("report_faulty_product", 0.27),
                                    ("question", 0.05), back=True), BACK))  # fmt: skip
    chinese = "快递员把我的包裹放在门口就走了，现在找不到了"
    add_talk(
        db, now,
        (chinese, read(("report_staff_conduct", 0.31), ("question", 0.22), language="zh"),
         OK),
        language="zh",
    )  # fmt: skip
    colour = "The curtains are much greener than in the picture"
    add_talk(
        db, now,
        (colour, read(("report_not_as_described", 0.52), ("report_wrong_item", 0.41)), OK),
    )  # fmt: skip

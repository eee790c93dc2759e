"""One honest conversation with true rows, and ways to put false words into it."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from amends.cases import use_cases as cases
from amends.cases.details import Detail
from amends.compensation import use_cases as compensation
from amends.compensation import words
from amends.compensation.model import Offer
from amends.conversations.model import Choice, Draft, Message, Role, Seq
from amends.handoff import use_cases as handoff
from amends.values import Json
from tests.adversarial.evidence import Evidence, Rule
from tests.adversarial.promises import check_messages
from tests.adversarial.wording import responses
from tests.support.books import read_books
from tests.support.shop import LATE, Chat, Shop, open_shop


def honest(folder: Path, language: str = "en") -> Evidence:
    """A late parcel: complained of, offered, accepted, and a person asked for besides."""
    shop = open_shop(folder)
    try:
        chat = shop.chat(language=language)
        offer = _offered(shop, chat)
        _say(chat, words.offer_words(offer, language), card=words.offer_card(offer, language))
        chat.says("yes", intent="agree")
        _accept(shop, chat, offer, language)
        with shop.db.read() as uow:
            order = uow.orders.find(LATE)
        assert order is not None
        return Evidence(read_books(shop.db, chat.id), (order,))
    finally:
        shop.db.close()


@cache
def sample(language: str) -> Evidence:
    with TemporaryDirectory() as folder:
        return honest(Path(folder), language)


def rules(evidence: Evidence) -> set[Rule]:
    return {breach.rule for breach in check_messages(evidence)}


def offer_of(words: str) -> str:
    return f"To put this right I can offer you: {words}. Would you like to accept?"


def _offered(shop: Shop, chat: Chat) -> Offer:
    case = chat.complains(order=LATE)
    with shop.write() as uow:
        cases.record_details(uow, case.id, {Detail.WISH: "refund"}, shop.clock())
        settlement = compensation.decide_case(uow, shop.policy, case.id, shop.clock())
    assert settlement.offer is not None
    return settlement.offer


def _accept(shop: Shop, chat: Chat, offer: Offer, language: str) -> None:
    shop.clock.forward(seconds=5)
    with shop.write() as uow:
        accepted = compensation.accept(uow, offer.id, 0, shop.clock())
        handoff.request(uow, shop.thresholds, chat.id, ("customer_asked",), shop.clock())
    card = words.promise_card(accepted.remedies, accepted.promises, language)
    _say(chat, words.promise_words(accepted.remedies, accepted.promises, language), card=card)


def _say(chat: Chat, text: str, card: Json | None = None) -> None:
    """Say something in the product's frame for offers and settlements."""
    kind = (card or {}).get("kind")
    frame = "say_offer_one" if kind == "offer" else "say_accepted"
    said = _framed(frame, chat.conversation.language, text, chat.case.number)
    last = chat.log[-1].seq
    with chat.shop.write() as uow:
        draft = Draft(Role.BOT, said, card=card, in_reply_to=last)
        uow.conversations.append(chat.id, draft, chat.shop.clock())


def _framed(response: str, language: str, what: str, case_number: str) -> str:
    english, chinese = (one["text"] for one in responses()[response])
    text = chinese if language == "zh" else english
    return str(text).format(offer=what, promises=what, case_number=case_number)


def saying(
    evidence: Evidence,
    text: str,
    *titles: str,
    card: Json | None = None,
    role: Role = Role.BOT,
    after: int = 0,
) -> Evidence:
    """The same conversation with one more message, in answer to the customer's last one.

    Args:
        after: How many of the last messages are left out first.
    """
    messages = evidence.books.messages[: len(evidence.books.messages) - after]
    last = messages[-1]
    asked = max(m.seq for m in messages if m.role is Role.CUSTOMER)
    spoken = Message(
        last.conversation_id,
        Seq(last.seq + 1),
        role,
        text,
        last.at,
        choices=tuple(Choice(f"c{n}", title) for n, title in enumerate(titles)),
        card=card,
        in_reply_to=None if role is Role.CUSTOMER else asked,
    )
    return replace(evidence, books=replace(evidence.books, messages=(*messages, spoken)))

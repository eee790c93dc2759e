"""Cases with a history, made through the same use cases as in the field."""

from amends.cases import fields
from amends.cases.model import Case
from amends.cases.root_causes import RootCause
from amends.compensation import use_cases as compensation
from amends.conversations.model import Draft, Role
from amends.handoff import contacts, notes
from amends.handoff import use_cases as handoff
from amends.handoff.model import Channel, Contact
from amends.records.record import Record, record_of
from amends.satisfaction import use_cases as satisfaction
from amends.satisfaction.scoring import BELIEVED
from amends.satisfaction.surveys.model import Answers
from tests.support.shop import ANA, LATE, Chat, Shop

OWNER = "maya.collins@example.com"
CONTACT = "guest@example.org"


def settled(shop: Shop, order: str = LATE) -> Chat:
    """A chat whose offer was accepted, with a person, a note, a cause and a rating."""
    chat = shop.chat()
    words = "The parcel of Maya has not come, write to me: me@example.com"
    case = chat.complains(order=order, text=words)
    with shop.write() as uow:
        now = shop.clock.forward(minutes=1)
        offer = compensation.decide_case(uow, shop.policy, case.id, now).offer
        assert offer is not None
        compensation.accept(uow, offer.id, 0, shop.clock.forward(minutes=1))
        waiting = handoff.request(
            uow, shop.thresholds, chat.id, ("customer_asked",), shop.clock.forward(minutes=1)
        )
        contacts.note_contact(uow, chat.id, Contact(Channel.EMAIL, CONTACT), shop.clock())
        handoff.claim(uow, waiting.id, ANA, shop.clock.forward(minutes=1))
        notes.write(uow, waiting.id, ANA, "Maya called twice", shop.clock.forward(minutes=1))
        fields.set_root_cause(
            uow, case.id, RootCause.CARRIER_DELAY, ANA.id, shop.clock.forward(minutes=1)
        )
        draft = Draft(Role.STAFF, "I have sent it on.", author=ANA.name)
        uow.conversations.append(chat.id, draft, shop.clock.forward(minutes=1))
        satisfaction.record_survey(
            uow, BELIEVED, chat.id, Answers(csat=4, comment="Maya is happy"), shop.clock()
        )
    return chat


def record(shop: Shop, case: Case) -> Record:
    with shop.db.read() as uow:
        return record_of(uow, case.number)

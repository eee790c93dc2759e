"""The form's questions and answers."""

from datetime import datetime

from actions.base import AmendsAction, Outcome, Say, button
from actions.contact import contact_says
from actions.stage import detail_slots
from actions.turn import Turn
from actions.words import WISH_TITLES, in_language, order_title, title
from amends.cases import use_cases as cases
from amends.cases.details import NO_ORDER, Detail, read_details, wishes_for
from amends.cases.model import Case, Order, Wish
from amends.satisfaction.ports import UnitOfWork
from amends.wiring.app import App

TRIES_FOR_AN_ORDER = 3
"""After so many unknown numbers the case goes on without an order; also stops guessing."""

BUTTONS = 4

NOTHING_BUT_A_CONTACT = frozenset(
    {"give_detail", "correct_detail", "ask_for_person", "nlu_fallback"}
)
"""What a message is taken for that leaves an address and answers no question."""


class ValidateComplaintForm(AmendsAction):
    """Read the answer, write it to the case, and tell the form what is still missing.

    No slot in the outcome means that the message answers nothing: Rasa then looks for another
    rule (a digression, a second problem) and comes back to the question.
    """

    action_name = "validate_complaint_form"

    def perform(self, app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
        case = cases.current_case(uow, turn.conversation_id)
        if case is None:
            return Outcome(slots=_all_done())
        if turn.requested is None:
            return Outcome(slots=detail_slots(uow, case))
        contact = contact_says(app, uow, turn)
        if contact and turn.intent in NOTHING_BUT_A_CONTACT:
            return Outcome(contact, detail_slots(uow, case))
        found = read_details(turn.heard, Detail(turn.requested))
        if not found:
            return Outcome(contact, detail_slots(uow, case) if contact else {})
        says, found = _check_order(uow, case, found, app.clock())
        says = [*contact, *says]
        if Detail.WISH in found and turn.requested != Detail.WISH:
            says.append(Say("say_wish_noted"))
        case = cases.record_details(uow, case.id, found, app.clock())
        return Outcome(says, detail_slots(uow, case))


def _all_done() -> dict[str, str]:
    return {detail.value: "not_needed" for detail in Detail}


def _check_order(
    uow: UnitOfWork, case: Case, found: dict[Detail, str], now: datetime
) -> tuple[list[Say], dict[Detail, str]]:
    """Keep an order number only when the order exists and is not somebody else's."""
    number = found.get(Detail.ORDER_NUMBER)
    if number is None or number == NO_ORDER:
        return [], found
    if (order := find_order(uow, case.customer_id, number)) is not None:
        return [], found | {Detail.ORDER_NUMBER: order.number}
    rest = dict(found)
    del rest[Detail.ORDER_NUMBER]
    tried = _unknown_numbers(uow, case) + 1
    cases.add_entry(uow, case, now, "customer", "unknown_order", {"number": number})
    if tried >= TRIES_FOR_AN_ORDER:
        return [Say("say_order_given_up")], rest | {Detail.ORDER_NUMBER: NO_ORDER}
    return [Say("say_order_not_found", {"order_number": number})], rest


def find_order(uow: UnitOfWork, customer_id: str | None, number: str) -> Order | None:
    """Return the order; for a signed-in customer only their own."""
    order = uow.orders.find(number)
    if order is None or customer_id not in (None, order.customer_id):
        return None
    return order


def may_not_guess(uow: UnitOfWork, case: Case) -> bool:
    """Whether a guest has named so many orders that one more looks like guessing.

    Each order named tells its state and dates, so the number of tries is bounded.
    """
    named = sum(bool(entry.data.get("order_number")) for entry in uow.cases.entries(case.id))
    return case.customer_id is None and named + _unknown_numbers(uow, case) > TRIES_FOR_AN_ORDER


def _unknown_numbers(uow: UnitOfWork, case: Case) -> int:
    return sum(entry.kind == "unknown_order" for entry in uow.cases.entries(case.id))


class AskOrderNumber(AmendsAction):
    """Ask for the order; a signed-in customer picks from their own."""

    action_name = "action_ask_order_number"

    def perform(self, app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
        case = cases.current_case(uow, turn.conversation_id)
        orders = uow.orders.of_customer(case.customer_id) if case and case.customer_id else ()
        if not orders:
            return Outcome([Say("say_ask_order_number")])
        buttons = [_order_button(order, turn.language) for order in orders[:BUTTONS]]
        buttons.append(button(title("no_order", turn.language), "do_not_know"))
        return Outcome([Say("say_ask_your_order", buttons=buttons)])


def _order_button(order: Order, language: str) -> dict[str, str]:
    words = order_title(order.number, order.lines[0].title, order.due_on, language)
    return button(words, "give_detail", order_number=order.number)


class AskItem(AmendsAction):
    """Ask which item; a verified customer picks from the order."""

    action_name = "action_ask_item"

    def perform(self, app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
        case = cases.current_case(uow, turn.conversation_id)
        order = cases.order_of(uow, case) if case else None
        if case is None or order is None or case.customer_id is None:
            return Outcome([Say("say_ask_item")])
        buttons = [
            button(line.title, "give_detail", chosen=line.title) for line in order.lines[:BUTTONS]
        ]
        return Outcome([Say("say_ask_item", buttons=buttons)])


class AskWhatHappened(AmendsAction):
    action_name = "action_ask_what_happened"

    def perform(self, app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
        return Outcome([Say("say_ask_what_happened")])


class AskWish(AmendsAction):
    """Ask what would put it right, with the wishes that make sense for this complaint."""

    action_name = "action_ask_wish"

    def perform(self, app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
        case = cases.current_case(uow, turn.conversation_id)
        wishes = wishes_for(case.category) if case else ()
        buttons = [_wish_button(wish, turn.language) for wish in wishes]
        return Outcome([Say("say_ask_wish", buttons=buttons)])


def _wish_button(wish: Wish, language: str) -> dict[str, str]:
    return button(in_language(WISH_TITLES[wish], language), "give_detail", chosen=wish.value)

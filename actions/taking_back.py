"""What is said to a customer who accepted and has changed their mind."""

from datetime import timedelta

from actions.base import Say, button
from actions.compensation import decide_says
from actions.stage import is_waiting
from actions.turn import Turn
from actions.words import bundle_words, title
from amends.cases import use_cases as cases
from amends.cases.model import Case
from amends.compensation import taking_back
from amends.compensation.model import GIVEN, Offer
from amends.satisfaction.ports import UnitOfWork
from amends.wiring.app import App


def take_back_says(app: App, uow: UnitOfWork, turn: Turn) -> list[Say]:
    """Undo an acceptance once the customer has confirmed it; nothing if there is none to undo."""
    case = cases.latest_case(uow, turn.conversation_id)
    offer = taking_back.accepted_offer(uow, case) if case else None
    if case is None or offer is None or is_waiting(uow, turn.conversation_id):
        return []
    now = app.clock()
    rest = timedelta(seconds=app.settings.take_back_seconds)
    if not taking_back.may_take_back(case, offer, now, rest):
        buttons = [button(title("person", turn.language), "ask_for_person")]
        return [Say("say_too_late_to_take_back", {"case_number": case.number}, buttons)]
    if turn.values.get("offer") != offer.id:
        return [_ask_whether(case, offer, turn.language)]
    case = taking_back.take_back(uow, case.id, now, rest)
    undone = Say("say_taken_back", {"case_number": case.number})
    return [undone, *decide_says(app, uow, turn, case, "say_offer_one")]


def _ask_whether(case: Case, offer: Offer, language: str) -> Say:
    chosen = tuple(one for one in offer.remedies if one.state in GIVEN)
    values = {"offer": bundle_words(chosen, language), "case_number": case.number}
    buttons = [
        button(title("undo", language), "withdraw", offer=offer.id),
        button(title("keep", language), "ask_case_status"),
    ]
    return Say("say_sure_to_take_back", values, buttons)

"""The end of a chat, and the way out of not understanding."""

from actions.base import AmendsAction, Outcome, Say, button
from actions.handoff import person_says
from actions.stage import stage_slots
from actions.turn import Turn
from amends.cases.model import Category
from amends.satisfaction.ports import UnitOfWork
from amends.wiring.app import App

GUESSES = 2
TRIES = 2
"""After so many misunderstandings in a row a person is asked instead."""


class Close(AmendsAction):
    """Nothing else: ask for a rating. The conversation closes once this is delivered."""

    action_name = "action_close"

    def perform(self, app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
        return Outcome([Say("say_close", card={"kind": "survey"})], {"case_stage": "idle"})


class Clarify(AmendsAction):
    """Not understood: offer two guesses as buttons, then a person."""

    action_name = "action_clarify"

    def perform(self, app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
        slots = stage_slots(uow, turn.conversation_id)
        if misunderstood(uow, turn) >= TRIES:
            return Outcome(person_says(app, uow, turn, ("not_understood",)), slots)
        guesses = guess_buttons(turn.ranking)
        if not guesses:
            return Outcome([Say("utter_rephrase")], slots)
        buttons = [*guesses, button("Something else", "report_general_complaint")]
        return Outcome([Say("say_did_you_mean", buttons=buttons)], slots)


def misunderstood(uow: UnitOfWork, turn: Turn) -> int:
    """Count the messages in a row, before this one, that were not understood."""
    count = 0
    for seq, found in reversed(uow.understandings.of_conversation(turn.conversation_id)):
        if seq >= turn.seq:
            continue
        if found.intent != "nlu_fallback":
            break
        count += 1
    return count


def guess_buttons(ranking: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the likeliest complaints as quick replies."""
    complaints = [name for name in ranking if name.startswith("report_")]
    known = [name for name in complaints if name != "report_general_complaint"]
    return [button(PROBLEM_TITLES[_category(name)], name) for name in known[:GUESSES]]


def _category(intent: str) -> Category:
    return Category(intent.removeprefix("report_"))


PROBLEM_TITLES: dict[Category, str] = {
    Category.NOT_RECEIVED: "An order has not arrived",
    Category.DAMAGED_ITEM: "Something arrived damaged",
    Category.WRONG_ITEM: "I received the wrong item",
    Category.MISSING_ITEM: "Something was missing",
    Category.FAULTY_PRODUCT: "Something does not work",
    Category.NOT_AS_DESCRIBED: "It is not as described",
    Category.BILLING_ERROR: "I was charged wrongly",
    Category.UNAUTHORISED_CHARGE: "A charge I did not agree to",
    Category.REFUND_NOT_RECEIVED: "My refund has not come",
    Category.RETURN_PROBLEM: "Trouble with a return",
    Category.CANCELLATION_PROBLEM: "Trouble with a cancellation",
    Category.SERVICE_FAILURE: "A booked service failed",
    Category.WEBSITE_APP_PROBLEM: "The website or app fails",
    Category.ACCOUNT_ACCESS: "I cannot get into my account",
    Category.STAFF_CONDUCT: "How staff treated me",
    Category.UNRESPONSIVE_SUPPORT: "Nobody answers me",
    Category.PRICE_OR_POLICY: "An unfair price or rule",
    Category.STOCK_AVAILABILITY: "Something is not available",
    Category.FACILITIES: "The state of the place",
    Category.MISLEADING_ADVERTISING: "A misleading offer",
    Category.PRIVACY_DATA: "My personal data",
    Category.GENERAL_COMPLAINT: "Something else",
}

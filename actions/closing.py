"""The end of a chat, and the way out of not understanding."""

from actions.base import AmendsAction, Outcome, Say, button
from actions.handoff import person_says
from actions.problems import problem_title
from actions.stage import stage_slots
from actions.turn import Turn
from actions.words import title
from amends.cases.model import known_category
from amends.satisfaction.ports import UnitOfWork
from amends.wiring.app import App

GUESSES = 2
TRIES = 2
"""After so many misunderstandings in a row a person is asked instead."""


class Close(AmendsAction):
    """Nothing else: say goodbye, and ask for a rating where that is fit.

    The conversation closes once this is delivered.
    """

    action_name = "action_close"

    def perform(self, app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
        card = app.ask_survey(uow, turn.conversation_id, app.clock())
        if card is None:
            said = Say("utter_goodbye", card={"kind": "farewell"})
        else:
            said = Say("say_close", card=card)
        return Outcome([said], {"case_stage": "idle"})


class Clarify(AmendsAction):
    """Not understood: offer two guesses as buttons, then a person."""

    action_name = "action_clarify"

    def perform(self, app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
        slots = stage_slots(uow, turn.conversation_id)
        if misunderstood(uow, turn) >= TRIES:
            return Outcome(person_says(app, uow, turn, ("not_understood",)), slots)
        guesses = guess_buttons(turn.ranking, turn.language)
        if not guesses:
            return Outcome([Say("utter_rephrase")], slots)
        other = button(title("something_else", turn.language), "report_general_complaint")
        return Outcome([Say("say_did_you_mean", buttons=[*guesses, other])], slots)


def misunderstood(uow: UnitOfWork, turn: Turn) -> int:
    """Count the messages in a row, before this one, that were not understood."""
    count = 0
    for seq, found in reversed(uow.understandings.without_parse(turn.conversation_id)):
        if seq >= turn.seq:
            continue
        if found.intent != "nlu_fallback":
            break
        count += 1
    return count


def guess_buttons(ranking: tuple[str, ...], language: str) -> list[dict[str, str]]:
    """Return the likeliest complaints as quick replies."""
    complaints = [name for name in ranking if name.startswith("report_")]
    known = [name for name in complaints if name != "report_general_complaint"]
    return [
        button(problem_title(known_category(name.removeprefix("report_")), language), name)
        for name in known[:GUESSES]
    ]

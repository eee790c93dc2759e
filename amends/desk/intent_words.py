"""What the desk calls an intent."""

from amends.desk import words
from amends.desk.speech import mark
from amends.training.labels import COMPLAINT_PREFIX, FALLBACK_INTENT

ACTS = {
    "request": mark("Request"),
    "question": mark("Question"),
    "praise": mark("Praise"),
    "greet": mark("Greeting"),
    "thank": mark("Thanks"),
    "goodbye": mark("Goodbye"),
    "chitchat": mark("Small talk"),
    "agree": mark("Agrees"),
    "refuse": mark("Refuses"),
    "ask_for_person": mark("Asks for a person"),
    "give_detail": mark("Gives a detail"),
    "correct_detail": mark("Corrects a detail"),
    "do_not_know": mark("Does not know"),
    "ask_case_status": mark("Asks about the case"),
    "ask_next_step": mark("Asks what happens next"),
    "ask_why": mark("Asks why"),
    "ask_for_more": mark("Asks for more"),
    "withdraw": mark("Withdraws"),
    "ask_are_you_human": mark("Asks who answers"),
    FALLBACK_INTENT: mark("Not understood"),
}


def intent(name: str) -> str:
    """Return what an intent is called in the reader's language."""
    if name.startswith(COMPLAINT_PREFIX):
        return words.word(words.CATEGORIES, name.removeprefix(COMPLAINT_PREFIX))
    return words.word(ACTS, name)

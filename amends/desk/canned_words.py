"""What the desk says about canned replies: placeholders, languages, refusals."""

from collections.abc import Mapping

from amends.desk import words
from amends.desk.speech import mark, tr
from amends.handoff import errors
from amends.handoff.canned import Placeholder, Values

PLACEHOLDERS: Mapping[Placeholder, str] = {
    Placeholder.CUSTOMER_NAME: mark("The customer's name, if they are signed in"),
    Placeholder.CASE_NUMBER: mark("The number of the case"),
    Placeholder.ORDER_NUMBER: mark("The order that the case is about"),
    Placeholder.ITEM: mark("The item that the case is about, in the customer's words"),
    Placeholder.NEXT_STEP: mark("What happens next in the case"),
    Placeholder.STAFF_NAME: mark("The name of whoever writes"),
    Placeholder.COMPANY: mark("The name of the company"),
}

EXAMPLES: Mapping[str, Mapping[Placeholder, str]] = {
    "en": {
        Placeholder.CUSTOMER_NAME: "Clara Moreau",
        Placeholder.CASE_NUMBER: "AM-7K3F9D",
        Placeholder.ORDER_NUMBER: "10034",
        Placeholder.ITEM: "oak lamp",
        Placeholder.STAFF_NAME: "Ana Torres",
    },
    "zh": {
        Placeholder.CUSTOMER_NAME: "李女士",
        Placeholder.CASE_NUMBER: "AM-7K3F9D",
        Placeholder.ORDER_NUMBER: "10034",
        Placeholder.ITEM: "橡木台灯",
        Placeholder.STAFF_NAME: "Ana Torres",
    },
}
"""Whom a preview speaks to, and about what."""

_NEXT_STEP = {"en": "I look into it and answer you here", "zh": "我会核实并在这里答复您"}


def example(language: str, company: str) -> Values:
    """Return the values that a preview is filled with."""
    return Values({**EXAMPLES[language], Placeholder.COMPANY: company}, _NEXT_STEP)


def refusal(error: errors.CannedError) -> str:
    """Return why a reply was not stored, or not sent."""
    match error:
        case errors.UnknownPlaceholder():
            return tr(
                "{name} is no placeholder. You can use {known}. Amounts, remedies and dates have "
                "none: what is promised goes through the ledger.",
                name=f"{{{error.name}}}",
                known=", ".join(f"{{{one}}}" for one in error.known),
            )
        case errors.WordingIncomplete(longest=None):
            return tr(
                "Please write both title and text in {language}, or leave both empty.",
                language=words.language(error.language),
            )
        case errors.WordingIncomplete():
            return tr(
                "Title or text is too long in {language}: at most {most} characters are kept.",
                language=words.language(error.language),
                most=error.longest,
            )
        case errors.ShortcutUnusable():
            return tr("A shortcut has 2 to 32 small letters, digits and hyphens.")
        case errors.ShortcutTaken():
            return tr(
                "Another reply has the shortcut /{shortcut}; please choose another one.",
                shortcut=error.shortcut,
            )
        case errors.GapsLeft():
            return tr("Please fill in {gaps} before you send this.", gaps=", ".join(error.gaps))
        case errors.ReplyChanged():
            return tr(
                "Somebody else has changed this reply while you were writing. Nothing was stored "
                "and nothing is lost: compare, then save again to keep yours."
            )
        case _:
            return tr("There is no such canned reply.")

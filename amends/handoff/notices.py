"""What the customer is told when a person takes over; times come from the handoff's row."""

from amends.conversations.model import Draft, Role, Seq
from amends.handoff.clock import Wait, wait_words

_FIRST_HELP: dict[str, dict[str, str]] = {
    "en": {
        "self_harm": (
            "What you write worries me, and you matter more than any complaint. If you might act "
            "on it, please call your local emergency number now: 112 in Europe, 999 in the UK, "
            "911 in the US. Someone to talk to, day and night: 116 123 in the UK and Ireland, "
            "988 in the US, findahelpline.com elsewhere. I have asked a person to join this chat."
        ),
        "safety": (
            "Your safety comes first. If anyone is hurt or in danger, call your emergency number "
            "now (112, 999 in the UK, 911 in the US). Please stop using the product and keep it "
            "switched off and out of reach. I have asked a person to look at this at once."
        ),
    },
}

_JOINING = {"en": "I have asked a colleague to join this chat; they see all you wrote. {wait}"}
_JOINED = {"en": "{name} has joined the chat."}
_RETURNED = {"en": "{name} has left the chat. I am the automated assistant again."}
_REQUEUED = {
    "en": "{name} had to leave. You are back in the queue, and a colleague takes over. {wait}"
}
_RESOLVED = {"en": "{name} has closed case {number}. How did we do?"}
_ENDED = {"en": "{name} has ended the chat. How did we do?"}


def _text(table: dict[str, str], language: str, **values: object) -> str:
    return table.get(language, table["en"]).format(**values)


def first_help(kind: str, language: str, in_reply_to: Seq) -> Draft:
    """Help that cannot wait, before anything else is said."""
    table = _FIRST_HELP.get(language, _FIRST_HELP["en"])
    return Draft(Role.SYSTEM, table[kind], in_reply_to=in_reply_to)


def joining(wait: Wait, language: str, in_reply_to: Seq | None) -> Draft:
    card = {"kind": "handoff", "position": wait.position, "expected_minutes": wait.minutes}
    text = _text(_JOINING, language, wait=wait_words(wait))
    return Draft(Role.SYSTEM, text, card=card, in_reply_to=in_reply_to)


def joined(name: str, language: str) -> Draft:
    return Draft(Role.SYSTEM, _text(_JOINED, language, name=name))


def returned(name: str, language: str) -> Draft:
    return Draft(Role.SYSTEM, _text(_RETURNED, language, name=name))


def requeued(name: str, wait: Wait, language: str) -> Draft:
    return Draft(Role.SYSTEM, _text(_REQUEUED, language, name=name, wait=wait_words(wait)))


def resolved(name: str, number: str | None, language: str) -> Draft:
    """Say that it is over; a chat without any case has no number to name."""
    text = _text(_RESOLVED if number else _ENDED, language, name=name, number=number)
    return Draft(Role.SYSTEM, text, card={"kind": "survey"})

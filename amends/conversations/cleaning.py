"""What the log keeps of a customer's text, and what the engine is given."""

import re
import unicodedata

from amends.conversations.errors import EmptyMessage, TextTooLong

_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_MANY_BREAKS = re.compile(r"\n{3,}")
_COMMAND_PREFIX = re.compile(r"[\s/]+")

# They turn the reading direction of what follows: staff would read another text than was sent.
_DIRECTION_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

# Control characters and halves of a character (a text cut in the middle of an emoji).
_DROPPED_CATEGORIES = frozenset({"Cc", "Cs"})
_VISIBLE_CLASSES = frozenset("LNPS")


def clean(text: str) -> str:
    """Return the text as the log keeps it: NFC, no control character but newline, trimmed."""
    text = _LINE_BREAKS.sub("\n", text).replace("\t", " ")
    kept = "".join(character for character in text if _is_kept(character))
    return _MANY_BREAKS.sub("\n\n", unicodedata.normalize("NFC", kept)).strip()


def for_engine(text: str) -> str:
    """Return a cleaned text without leading slashes, which the engine would take for a command."""
    return text[_prefix_length(text) :]


def accept(text: str, limit: int) -> str:
    """Return the cleaned text of a message that may enter the log.

    Args:
        text: What the customer sent.
        limit: Most characters (Unicode code points) a message may have.

    Raises:
        EmptyMessage: Nothing a reader could see, or only slashes, is left.
        TextTooLong: More characters than `limit` are left.
    """
    cleaned = clean(text)
    if not has_visible(for_engine(cleaned)):
        raise EmptyMessage
    if len(cleaned) > limit:
        raise TextTooLong(len(cleaned), limit)
    return cleaned


def accept_staff(text: str) -> str:
    """Return the cleaned text of a staff member; slashes and length are their own affair.

    Raises:
        EmptyMessage: Nothing a reader could see is left.
    """
    cleaned = clean(text)
    if not has_visible(cleaned):
        raise EmptyMessage
    return cleaned


def has_visible(text: str) -> bool:
    """Tell whether the text holds a letter, digit, punctuation mark or symbol; an emoji is one."""
    return any(unicodedata.category(character)[0] in _VISIBLE_CLASSES for character in text)


def _is_kept(character: str) -> bool:
    if character == "\n":
        return True
    if character in _DIRECTION_OVERRIDES:
        return False
    return unicodedata.category(character) not in _DROPPED_CATEGORIES


def _prefix_length(text: str) -> int:
    prefix = _COMMAND_PREFIX.match(text)
    return prefix.end() if prefix else 0

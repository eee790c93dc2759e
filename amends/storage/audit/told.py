"""What the audit log may hold of a row: ids, words of ours, figures, and a digest of the rest."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

from amends.audit.chain import canonical, moment
from amends.values import Json

Values = Mapping[str, Any]

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,95}")
"""An id, a word of ours, a moment: nothing that a person wrote holds only such characters, except a
single word; so only keys are told whose values nobody writes freely."""

_KEYS = frozenset(
    {
        "ask_id",
        "asked_by",
        "category",
        "channel",
        "chats_put_back",
        "clauses",
        "decision_id",
        "due_at",
        "field",
        "from",
        "given",
        "left",
        "next_step",
        "offer_id",
        "outcome",
        "owner",
        "promise_id",
        "remedy_id",
        "request_id",
        "role",
        "rung",
        "said",
        "seq",
        "severity",
        "staff_id",
        "stands",
        "status",
        "to",
        "was_due_at",
        "what",
        "why",
        "wish",
    }
)
FIELDS = frozenset({"category", "root_cause", "owner", "deadline", "was_needed"})
"""Fields of a case whose values before and after are told."""


def told(data: Values) -> Json:
    """Return what may be told of a timeline entry's data: nothing that a customer wrote."""
    found = {key: _safe(data[key]) for key in sorted(_KEYS & data.keys())}
    if data.get("field") in FIELDS:
        found |= {key: _safe(data.get(key)) for key in ("before", "after")}
    return {key: value for key, value in found.items() if value is not None}


def _safe(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple):
        return [one for one in map(_safe, value) if one is not None]
    word = plain(value)
    return word if isinstance(word, str) and _WORD.fullmatch(word) else None


def digest(values: Values, columns: Iterable[str]) -> str:
    """Return SHA-256 over these columns of a row, in hexadecimal."""
    row = {name: plain(values[name]) for name in columns}
    return hashlib.sha256(canonical(row)).hexdigest()


def digest_of_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def plain(value: Any) -> Any:
    """Return a value as it stands in canonical JSON, the same before it is stored and after."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value

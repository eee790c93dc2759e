"""Plain values every room uses: money, time and ids."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

Clock = Callable[[], datetime]
"""Returns the present moment as an aware UTC datetime."""

LANGUAGES: Final = ("en", "zh")
"""In which customers are spoken to; every text they read stands in each of them."""

Json = dict[str, Any]
"""A JSON object on its way through a door; inside the rooms it becomes a dataclass."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    """Return an unguessable id, 26 characters of lower-case hexadecimal."""
    return secrets.token_hex(13)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the currency's minor unit (cents, pence, yen) and its ISO 4217 code."""

    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        if len(self.currency) != 3 or not self.currency.isupper():
            raise ValueError(
                f"{self.currency!r} is not an ISO 4217 code; write three capitals, such as EUR"
            )

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.amount_minor + other.amount_minor, self.currency)

"""Minor units of currencies: how policies write money, and how explanations print it."""

import re
from decimal import Decimal
from typing import Final

from amends.values import Money

# ISO 4217, column "minor unit", where it is not 2.
_DECIMALS: Final = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"), 0),
    **dict.fromkeys(("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
_CODE: Final = re.compile(r"[A-Z]{3}")


def is_currency_code(text: str) -> bool:
    return _CODE.fullmatch(text) is not None


def decimals_of(currency: str) -> int:
    return _DECIMALS.get(currency, 2)


def to_minor(amount: Decimal, currency: str) -> int:
    """Return a major amount in minor units, exactly.

    Raises:
        ValueError: the amount is negative or finer than the currency's smallest unit.
    """
    minor = amount.scaleb(decimals_of(currency))
    if minor != minor.to_integral_value():
        raise ValueError(f"{amount} {currency} is finer than the smallest unit of {currency}")
    if minor < 0:
        raise ValueError(f"{amount} {currency} is negative")
    return int(minor)


def format_minor(amount_minor: int, currency: str) -> str:
    """Return an amount for staff, such as `4.99 EUR` or `700 JPY`."""
    decimals = decimals_of(currency)
    if decimals == 2 and amount_minor >= 0:  # nearly always, and asked for in every decision
        return f"{amount_minor // 100}.{amount_minor % 100:02d} {currency}"
    if decimals == 0:
        return f"{amount_minor} {currency}"
    whole, rest = divmod(abs(amount_minor), 10**decimals)
    sign = "-" if amount_minor < 0 else ""
    return f"{sign}{whole}.{rest:0{decimals}d} {currency}"


def format_money(money: Money) -> str:
    return format_minor(money.amount_minor, money.currency)

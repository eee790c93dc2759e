"""Case numbers that people can read out on the telephone."""

import secrets
from collections.abc import Callable

# Without 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V: each pair is misheard or misread.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
LENGTH = 6


def new_case_number(taken: Callable[[str], bool]) -> str:
    """Return a free number such as AM-7K3F9D (148 million possible)."""
    while True:
        number = "AM-" + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if not taken(number):
            return number

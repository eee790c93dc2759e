"""Keep the engine's resident memory low where the C library lets us (glibc on Linux).

By default glibc gives each thread an arena of its own and keeps what is freed: 20 to 35 MB after
a few hundred turns. One worker takes one turn at a time and gains nothing from either.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

_M_TRIM_THRESHOLD = -1
_M_ARENA_MAX = -8
_TRIM_BYTES = 131_072


def keep_low() -> None:
    """Use one arena, and return freed memory to the system early."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            libc = ctypes.CDLL(None)
            libc.mallopt(_M_ARENA_MAX, 1)
            libc.mallopt(_M_TRIM_THRESHOLD, _TRIM_BYTES)


def give_back() -> None:
    """Return free memory to the system now."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)

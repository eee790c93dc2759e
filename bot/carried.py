"""What a request carries through the engine: headers for the actions, and how long its steps took.

The gateway sends a request id and the parent of a trace; the actions get both unchanged, and the
gateway records the steps' times. So the engine needs no library for traces.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

HEADERS = ("X-Request-ID", "traceparent")
LONGEST_VALUE = 128

_headers: ContextVar[dict[str, str]] = ContextVar("carried_headers")
_steps: ContextVar[Steps] = ContextVar("steps_of_request")

Step = list  # name, seconds after the request began, seconds it took


class Steps:
    """The steps of one request, in the order of their ends."""

    def __init__(self) -> None:
        self.began = time.perf_counter()
        self.done: list[Step] = []


def begin(headers: Mapping[str, str]) -> None:
    """Remember what a request brought, for the task that answers it and those it starts."""
    found = {name: headers.get(name) for name in HEADERS}
    _headers.set({k: v for k, v in found.items() if v and len(v) <= LONGEST_VALUE})
    _steps.set(Steps())


def headers() -> dict[str, str]:
    """Return what goes on to the actions; nothing outside of a request."""
    return _headers.get({})


@contextmanager
def step(name: str) -> Iterator[None]:
    """Time a step of the request that is being answered."""
    steps = _steps.get(None)
    started = time.perf_counter()
    try:
        yield
    finally:
        if steps is not None:
            now = time.perf_counter()
            steps.done.append([name, round(started - steps.began, 6), round(now - started, 6)])


def steps() -> list[Step]:
    found = _steps.get(None)
    return [] if found is None else found.done

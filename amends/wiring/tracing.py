"""Traces of requests, off unless `AMENDS_OTLP_URL` says where they go.

Off, every call here does nothing and no library for it is imported. On, `amends.wiring.otlp` does
the work. A trace holds names, ids and times; never what somebody wrote.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

import structlog

from amends.wiring.settings import Settings

REQUEST_ID = "X-Request-ID"
TRACE_PARENT = "traceparent"

Stage = tuple[str, float, float]
"""A name, when it began after the span did, and how long it took; in seconds."""


class Tracing:
    """Does nothing; what it offers is what `amends.wiring.otlp.OtlpTracing` does."""

    @property
    def is_on(self) -> bool:
        return False

    @contextmanager
    def span(
        self,
        name: str,
        carried: Mapping[str, str] | None = None,
        facts: Mapping[str, str | int] | None = None,
    ) -> Iterator[None]:
        """Time what happens in the block.

        Args:
            name: Of a fixed set: no ids in it.
            carried: Headers of a request; its trace is gone on with.
            facts: Ids and counts.
        """
        yield

    def stages(self, process: str, stages: Iterable[Stage]) -> None:
        """Add stages, told by another process, to the span that is open."""

    def ended(self, name: str, seconds: float) -> None:
        """Add something that ended just now to the span that is open."""

    def headers(self) -> dict[str, str]:
        """Return what carries the open trace to another process."""
        return {}

    def close(self) -> None:
        """Send what was not sent yet."""


OFF = Tracing()


def build_tracing(settings: Settings, process: str) -> Tracing:
    if not settings.otlp_url:
        return OFF
    from amends.wiring.otlp import OtlpTracing

    return OtlpTracing(settings.otlp_url, f"amends-{process}")


def carried_headers(tracing: Tracing) -> dict[str, str]:
    """Return the headers by which another process of ours knows this request again."""
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    known = {REQUEST_ID: str(request_id)} if request_id else {}
    return {**known, **tracing.headers()}


def span_if(
    tracing: Tracing, wanted: bool, name: str, carried: Mapping[str, str], **facts: str | int
) -> AbstractContextManager[None]:
    return (tracing if wanted else OFF).span(name, carried, facts)

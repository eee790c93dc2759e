"""Traces by OpenTelemetry, sent over OTLP/HTTP; imported only where they are switched on."""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

import requests
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from amends.wiring.tracing import Stage, Tracing

TRACES_PATH = "/v1/traces"
SENT_EVERY_MS = 1000
NANO = 1_000_000_000


class OtlpTracing(Tracing):
    """Records spans and sends them in the background; a receiver that is down costs only them."""

    def __init__(self, url: str, service: str) -> None:
        session = requests.Session()
        session.trust_env = False  # no proxy of the environment learns of customers' requests
        exporter = OTLPSpanExporter(endpoint=endpoint_of(url), session=session)
        self._provider = TracerProvider(
            resource=Resource({"service.name": service}), shutdown_on_exit=False
        )
        self._provider.add_span_processor(
            BatchSpanProcessor(exporter, schedule_delay_millis=SENT_EVERY_MS)
        )
        self._tracer = self._provider.get_tracer("amends")
        self._carrier = TraceContextTextMapPropagator()

    @property
    def is_on(self) -> bool:
        return True

    @contextmanager
    def span(
        self,
        name: str,
        carried: Mapping[str, str] | None = None,
        facts: Mapping[str, str | int] | None = None,
    ) -> Iterator[None]:
        parent = self._carrier.extract(dict(carried)) if carried else None
        with self._tracer.start_as_current_span(
            name,
            context=parent,
            attributes=facts,
            # An error's text may quote a customer; its type is told below.
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield
            except BaseException as error:
                span.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise

    def stages(self, process: str, stages: Iterable[Stage]) -> None:
        began = getattr(trace.get_current_span(), "start_time", None)
        if began is None:
            return
        for name, after, seconds in stages:
            self._past(name, began + int(after * NANO), seconds, {"amends.process": process})

    def ended(self, name: str, seconds: float) -> None:
        self._past(name, time.time_ns() - int(seconds * NANO), seconds, {})

    def headers(self) -> dict[str, str]:
        found: dict[str, str] = {}
        self._carrier.inject(found)
        return found

    def close(self) -> None:
        self._provider.shutdown()

    def _past(self, name: str, began: int, seconds: float, facts: Mapping[str, str]) -> None:
        span = self._tracer.start_span(name, start_time=began, attributes=facts)
        span.end(end_time=began + int(seconds * NANO))


def endpoint_of(url: str) -> str:
    """Return where spans are posted: the path of OTLP is added unless the address has one."""
    return url if urlsplit(url).path.strip("/") else url.rstrip("/") + TRACES_PATH

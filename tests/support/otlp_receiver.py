"""A receiver of OTLP traces of this machine: what spans arrived, and how they hang together."""

import gzip
from dataclasses import dataclass

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.support.http_server import Request


@dataclass(frozen=True)
class Span:
    trace: str
    id: str
    parent: str
    name: str
    service: str
    facts: dict[str, str]
    failed: bool
    raw: str


def spans_of(requests: list[Request]) -> list[Span]:
    """Return the spans of all exports to a server of `tests.support.http_server`."""
    found = []
    for request in requests:
        body = request.body
        if request.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        export = ExportTraceServiceRequest.FromString(body)
        for resource in export.resource_spans:
            service = {a.key: a.value.string_value for a in resource.resource.attributes}
            for scope in resource.scope_spans:
                found += [_span(span, service.get("service.name", "")) for span in scope.spans]
    return found


def _span(span: object, service: str) -> Span:
    return Span(
        trace=span.trace_id.hex(),
        id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        name=span.name,
        service=service,
        facts={a.key: a.value.string_value for a in span.attributes},
        failed=span.status.code == 2,
        raw=str(span),
    )

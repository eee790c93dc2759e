"""Traces: nothing while off; spans without anybody's words while on."""

import subprocess
import sys
from contextlib import closing

import pytest

from amends.wiring.otlp import OtlpTracing, endpoint_of
from amends.wiring.settings import Settings
from amends.wiring.tracing import OFF, build_tracing, carried_headers
from tests.support.http_server import Reply, serve
from tests.support.otlp_receiver import Span, spans_of


def recorded(work) -> dict[str, Span]:
    with serve(lambda request: Reply(200)) as server:
        tracing = OtlpTracing(server.url, "amends-test")
        work(tracing)
        tracing.close()
        return {span.name: span for span in spans_of(server.requests)}


class TestOff:
    def test_given_no_address_then_off_and_headers_are_empty(self) -> None:
        assert build_tracing(Settings(_env_file=None), "gateway") is OFF
        with OFF.span("work"):
            assert OFF.headers() == {}

    def test_given_no_address_when_the_gateway_is_imported_then_no_exporter_is(self) -> None:
        code = (
            "import sys, amends.wiring.app; "
            "sys.exit(any(m.startswith('opentelemetry') or m == 'amends.wiring.otlp' "
            "for m in sys.modules))"
        )

        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


class TestOn:
    def test_given_spans_in_spans_then_one_trace_with_their_order(self) -> None:
        def work(tracing: OtlpTracing) -> None:
            with tracing.span("post"):
                with tracing.span("turn", facts={"message_id": "c:1"}):
                    tracing.stages("engine", [("load", 0.0, 0.001), ("predict", 0.001, 0.002)])
                tracing.ended("store", 0.003)

        found = recorded(work)

        assert len({span.trace for span in found.values()}) == 1
        assert found["turn"].parent == found["post"].id == found["store"].parent
        assert found["load"].parent == found["predict"].parent == found["turn"].id
        assert found["load"].facts == {"amends.process": "engine"}
        assert found["turn"].facts == {"message_id": "c:1"}

    def test_given_headers_carried_then_the_trace_goes_on(self) -> None:
        def work(tracing: OtlpTracing) -> None:
            with tracing.span("here"):
                headers = carried_headers(tracing)
            with tracing.span("there", carried=headers):
                pass

        found = recorded(work)

        assert found["there"].parent == found["here"].id

    def test_given_an_error_then_its_type_is_told_and_its_words_are_not(self) -> None:
        def work(tracing: OtlpTracing) -> None:
            with pytest.raises(ValueError, match="secret"), tracing.span("work"):
                raise ValueError("secret words of a customer")

        found = recorded(work)

        assert found["work"].failed
        assert "ValueError" in found["work"].raw
        assert "secret" not in found["work"].raw

    def test_given_a_receiver_that_is_down_then_work_goes_on(self) -> None:
        away = OtlpTracing("http://127.0.0.1:9", "amends-test")
        with closing(away) as tracing, tracing.span("work"):
            done = True
        assert done

    @pytest.mark.parametrize(
        ("url", "endpoint"),
        [
            ("http://c:4318", "http://c:4318/v1/traces"),
            ("http://c:4318/", "http://c:4318/v1/traces"),
            ("https://c/otlp/v1/traces", "https://c/otlp/v1/traces"),
        ],
    )
    def test_given_an_address_then_the_path_is_completed(self, url: str, endpoint: str) -> None:
        assert endpoint_of(url) == endpoint

"""One trace from a customer's post to the reply: gateway, engine, actions."""

from pathlib import Path

from tests.support.http_server import Reply, serve
from tests.support.otlp_receiver import Span, spans_of
from tests.support.system import running_system, until


def test_given_traces_on_when_a_message_is_answered_then_one_trace_tells_all(
    tmp_path: Path,
) -> None:
    with serve(lambda request: Reply(200)) as receiver:
        with running_system(tmp_path, otlp_url=receiver.url) as system:
            customer = system.customer()
            customer.client.headers["X-Request-ID"] = "req-77"
            text = "My parcel never came, order 10045"
            answer = customer.post({"client_message_id": "m1", "text": text}, wait=30)
            assert answer.status_code == 200
            until(lambda: bool(_trace(receiver.requests)), 10)
        log = (tmp_path / "var" / "log" / "gateway.log").read_text("utf-8")
        engine = "".join(p.read_text("utf-8") for p in (tmp_path / "var" / "log").glob("engine*"))

    spans = _trace(receiver.requests)
    names = {span.name for span in spans}
    by_id = {span.id: span for span in spans}
    assert {"engine understand", "engine turn", "load", "predict", "save", "store"} <= names
    action = next(span for span in spans if span.name.startswith("action "))
    turn = by_id[action.parent]
    assert turn.name == "engine turn"
    assert by_id[turn.parent].name == "gateway POST"
    assert "parcel" not in str(spans)
    assert '"request_id": "req-77"' in log
    assert "request_id=req-77" in engine


def _trace(requests: list) -> list[Span]:
    """Return the spans of the trace that holds the post; none before it is complete."""
    spans = spans_of(requests)
    posts = [s for s in spans if s.facts.get("request_id") == "req-77"]
    found = [s for s in spans if posts and s.trace == posts[0].trace]
    return found if any(s.name == "store" for s in found) else []

"""What the log says while the database is away."""

import structlog
from structlog.testing import capture_logs

from amends.gateway import outages
from amends.gateway.outages import PAUSE_SECONDS, OutageLog


def test_given_many_requests_that_meet_an_outage_then_a_line_now_and_then_with_their_number(
    monkeypatch,
):
    now = 0.0
    told = OutageLog(lambda: now)
    monkeypatch.setattr(outages, "log", structlog.get_logger())

    with capture_logs() as lines:
        for _ in range(50):
            told.tell(OSError("cut off"), "/api/conversations")
        now += PAUSE_SECONDS
        told.tell(OSError("cut off"), "action_decide")

    assert [(line["where"], line["met"]) for line in lines] == [
        ("/api/conversations", 1),
        ("action_decide", 50),
    ]
    assert {line["type"] for line in lines} == {"OSError"}

"""What several tests show, and the screens they show it on."""

from datetime import UTC, datetime, timedelta

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from .fake_gateway import FakeGateway
from .site import Site

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
SURVEY = {"kind": "survey", "questions": ["csat", "ces", "expectation", "nps", "servqual"]}
YES_NO = [{"id": "opaque-1", "title": "Yes"}, {"id": "opaque-2", "title": "No"}]


def in_hours(hours: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


def show_every_card(gateway: FakeGateway) -> None:
    lines = [{"title": "Refund", "amount": "€89.00"}, {"title": "Free return", "amount": None}]
    due = [{"title": "The refund is paid", "due_at": in_hours(48)}]
    for card in (
        {"kind": "case", "case_number": "AM-1042", "next_step": "we check the order"},
        {"kind": "offer", "lines": lines, "expires_at": in_hours(24)},
        {"kind": "offer", "lines": lines, "expires_at": in_hours(-24)},
        {"kind": "promise", "lines": due},
        {"kind": "handoff", "position": 3, "expected_minutes": 12},
        {"kind": "handoff", "position": None, "expected_minutes": None},
        {"kind": "from_the_future", "x": 1},
    ):
        gateway.latest.say("bot", "", card=card)
    gateway.latest.say("bot", "Was that all right?", card=SURVEY, choices=YES_NO)


def axe_violations(site: Site) -> list[str]:
    """Return what the accessibility checker finds on the page, the widget included."""
    site.page.wait_for_timeout(700)  # colours are judged when animations have ended
    found = Axe().run(site.page).response["violations"]
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]

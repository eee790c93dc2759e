"""Endpoints of other systems are added, tried and switched off, in pages that need no script."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from amends.handoff.model import StaffRole
from amends.values import utc_now
from amends.webhooks.model import Endpoint, EventType
from tests.desk.conftest import Desk
from tests.desk.seeding import add_staff
from tests.desk.test_accessibility import violations
from tests.support.http_server import Reply
from tests.support.webhook_server import WebhookServer, webhook_server


@pytest.fixture
def hooks() -> Iterator[WebhookServer]:
    with webhook_server() as server:
        yield server


@pytest.fixture
def desk_settings() -> dict[str, str]:
    return {"AMENDS_WEBHOOKS_ALLOW_PRIVATE": "true"}


@pytest.fixture
def desk(desk: Desk) -> Desk:
    people = (("luz", "Luz Amaro", StaffRole.ADMIN), ("sam", "Sam Reyes", StaffRole.SUPERVISOR))
    add_staff(desk.db, *people, seen_at=datetime(2026, 1, 1, tzinfo=UTC))
    return desk


def keeper(desk: Desk, path: str = "", login: str = "luz", **features: object) -> Page:
    return desk.enter(
        f"/admin/webhooks{path}", login, **({"java_script_enabled": False} | features)
    )


def given_endpoint(desk: Desk, url: str, *, active: bool = True) -> Endpoint:
    secret = "whsec_" + base64.b64encode(b"k" * 32).decode()
    endpoint = Endpoint("e1", url, secret, tuple(EventType), utc_now(), active, "Our CRM")
    with desk.db.write() as uow:
        uow.webhooks.add(endpoint)
        uow.commit()
    return endpoint


def given_up(desk: Desk) -> str:
    """One event was brought to the endpoint in vain for good."""
    now = utc_now()
    with desk.db.write() as uow:
        uow.outbox.add("case.opened", "k1", {"case_id": "k1"}, now)
        delivery = uow.webhooks.take("e1", utc_now(), now)
        assert delivery is not None
        uow.webhooks.fail(delivery, now, 500, "status 500")
        uow.commit()
    return delivery.event.id


def stored(desk: Desk) -> Endpoint | None:
    with desk.db.read() as uow:
        found = uow.webhooks.all()
    return found[0] if found else None


class TestAdding:
    def test_given_address_then_the_secret_is_shown_once(
        self, desk: Desk, hooks: WebhookServer
    ) -> None:
        page = keeper(desk, "/new")
        page.get_by_label("Address").fill(f"{hooks.url}/crm")
        page.get_by_label("For whom").fill("Customer relations")
        page.get_by_label("A case was closed").check()
        page.get_by_role("button", name="Add").click()

        kept = stored(desk)
        assert kept is not None
        expect(page.locator(".secret")).to_have_text(kept.secret)
        assert kept.events == (EventType.CASE_CLOSED,)
        page.get_by_role("link", name="I have kept it").click()
        expect(page.get_by_role("heading", name="Customer relations")).to_be_visible()
        assert kept.secret not in page.content()

    def test_given_unusable_address_then_told_and_nothing_typed_is_lost(self, desk: Desk) -> None:
        page = keeper(desk, "/new")
        page.get_by_label("Address").fill("ftp://crm.example.com")
        page.get_by_label("For whom").fill("Customer relations")
        page.get_by_label("A case was closed").check()

        page.get_by_role("button", name="Add").click()

        expect(page.get_by_role("alert")).to_contain_text("This address cannot be used")
        expect(page.get_by_label("For whom")).to_have_value("Customer relations")
        expect(page.get_by_label("A case was closed")).to_be_checked()
        assert stored(desk) is None

    def test_given_supervisor_then_the_page_is_refused(self, desk: Desk) -> None:
        page = keeper(desk, login="sam")

        expect(page.get_by_role("heading", name="You cannot open this page")).to_be_visible()


class TestTrying:
    def test_given_test_event_then_signed_and_the_answer_is_told(
        self, desk: Desk, hooks: WebhookServer
    ) -> None:
        endpoint = given_endpoint(desk, f"{hooks.url}/crm")
        hooks.secrets["/crm"] = endpoint.secret
        page = keeper(desk, "/e1")

        page.get_by_role("button", name="Send a test event").click()

        expect(page.get_by_role("status")).to_contain_text("took the test event")
        assert [one.type for one in hooks.at("/crm")] == ["webhook.test"]
        assert not hooks.complaints

    def test_given_endpoint_that_fails_then_the_reason_is_told(
        self, desk: Desk, hooks: WebhookServer
    ) -> None:
        given_endpoint(desk, f"{hooks.url}/crm")
        hooks.always["/crm"] = Reply(503)
        page = keeper(desk, "/e1")

        page.get_by_role("button", name="Send a test event").click()

        expect(page.get_by_role("alert")).to_contain_text("status 503")

    def test_given_new_secret_then_shown_once_and_used(
        self, desk: Desk, hooks: WebhookServer
    ) -> None:
        before = given_endpoint(desk, f"{hooks.url}/crm")
        page = keeper(desk, "/e1")

        page.get_by_text("New secret", exact=True).click()
        page.get_by_role("button", name="Make a new secret").click()

        kept = stored(desk)
        assert kept is not None
        assert kept.secret != before.secret
        expect(page.locator(".secret")).to_have_text(kept.secret)
        hooks.secrets["/crm"] = kept.secret
        page.get_by_role("link", name="I have kept it").click()
        page.get_by_role("button", name="Send a test event").click()
        expect(page.get_by_role("status")).to_contain_text("took the test event")
        assert not hooks.complaints


class TestDeliveries:
    def test_given_delivery_that_was_given_up_then_shown_and_sent_again(
        self, desk: Desk, hooks: WebhookServer
    ) -> None:
        given_endpoint(desk, f"{hooks.url}/crm")
        given_up(desk)
        page = keeper(desk)
        expect(page.locator("tbody tr")).to_contain_text("status 500")
        page.get_by_role("link", name="/crm").click()
        deliveries = page.get_by_role("region", name="Last deliveries")
        expect(deliveries).to_contain_text("A case was opened")
        expect(deliveries).to_contain_text("Given up")

        deliveries.get_by_role("button", name="Send again").click()

        expect(page.get_by_role("status")).to_contain_text("being sent again")
        expect(deliveries).to_contain_text("On its way")
        with desk.db.read() as uow:
            assert list(uow.webhooks.endpoints_due(utc_now())) == ["e1"]

    def test_given_switched_off_then_on_again(self, desk: Desk, hooks: WebhookServer) -> None:
        given_endpoint(desk, f"{hooks.url}/crm")
        page = keeper(desk, "/e1")

        page.get_by_text("Switch off", exact=True).click()
        page.get_by_role("button", name="Switch off now").click()
        expect(page.get_by_role("status")).to_contain_text("Switched off")
        kept = stored(desk)
        assert kept is not None
        assert not kept.active

        page.get_by_role("button", name="Switch on").click()
        expect(page.get_by_role("status")).to_contain_text("Switched on")

    def test_given_removed_then_forgotten(self, desk: Desk, hooks: WebhookServer) -> None:
        given_endpoint(desk, f"{hooks.url}/crm")
        page = keeper(desk, "/e1")

        page.get_by_text("Remove", exact=True).click()
        page.get_by_role("button", name="Remove now").click()

        expect(page.get_by_role("status")).to_contain_text("Removed")
        assert stored(desk) is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_given_the_pages_then_axe_finds_nothing(
    desk: Desk, hooks: WebhookServer, scheme: str, width: int
) -> None:
    given_endpoint(desk, f"{hooks.url}/crm")
    given_up(desk)
    size = {"width": width, "height": 900}
    page = keeper(desk, java_script_enabled=True, viewport=size, color_scheme=scheme)

    for path in ("", "/new", "/e1"):
        page.goto(f"/admin/webhooks{path}")
        assert violations(page) == [], path

"""The demo shop: pick a person, see the orders, complain."""

import base64
import json

import pytest
from playwright.sync_api import expect

from .conftest import OpenSite
from .fake_gateway import FakeGateway, Json
from .samples import PHONE, axe_violations
from .site import Site, begin, until


def customer(name: str, *orders: Json) -> Json:
    payload = base64.urlsafe_b64encode(json.dumps({"sub": name}).encode()).decode().rstrip("=")
    email = f"{name.split()[0].lower()}@example.com"
    return {"name": name, "email": email, "identity": f"e30.{payload}.s", "orders": list(orders)}


LATE: Json = {
    "number": "FH-10231",
    "state": "late",
    "placed_on": "2026-11-05",
    "total": "€89.00",
    "items": ["Linen throw <b>natural</b>"],
}


@pytest.fixture
def shop(open_site: OpenSite, gateway: FakeGateway) -> Site:
    gateway.customers = [customer("Mara Lindqvist", LATE), customer("Tom Achterberg")]
    return open_site("/")


class TestShop:
    def test_given_person_picked_then_orders_and_ideas_are_theirs(
        self, shop: Site, gateway: FakeGateway
    ) -> None:
        shop.page.get_by_label("Mara Lindqvist").check()
        expect(shop.page.locator("#orders")).to_contain_text("FH-10231")
        expect(shop.page.locator("#orders")).to_contain_text("Linen throw <b>natural</b>")

        shop.page.get_by_role("button", name="Order FH-10231 should have been").click()
        expect(shop.composer).to_have_value(
            "Order FH-10231 should have been here days ago. Where is it?"
        )
        shop.page.keyboard.press("Enter")

        until(lambda: len(gateway.heard) == 1)
        assert gateway.latest.opened_with["identity"] == gateway.customers[0]["identity"]  # type: ignore[index]
        assert shop.problems == []

    def test_given_conversation_when_person_changes_then_a_new_one_begins(
        self, shop: Site, gateway: FakeGateway
    ) -> None:
        shop.page.get_by_label("Mara Lindqvist").check()
        begin(shop, gateway, "As Mara")
        shop.page.get_by_label("Tom Achterberg").check()
        expect(shop.bubbles).to_have_count(0)
        shop.write("As Tom")
        until(lambda: len(gateway.conversations) == 2 and len(gateway.heard) == 1)

        shop.page.reload()

        expect(shop.page.get_by_label("Tom Achterberg")).to_be_checked()
        shop.shows("As Tom")
        assert len(gateway.conversations) == 2

    def test_given_no_customer_list_then_guest_only(
        self, open_site: OpenSite, gateway: FakeGateway
    ) -> None:
        gateway.customers = None
        shop = open_site("/")
        expect(shop.page.get_by_role("radio")).to_have_count(1)
        expect(shop.page.get_by_label("Guest")).to_be_checked()
        begin(shop, gateway)
        assert "identity" not in gateway.latest.opened_with

    def test_given_page_then_it_asks_nothing_of_other_servers(self, shop: Site) -> None:
        asked = shop.page.evaluate(
            "performance.getEntriesByType('resource').map((one) => one.name)"
        )
        origin = shop.page.evaluate("location.origin")
        assert asked
        assert [address for address in asked if not address.startswith(origin)] == []

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("screen", [{}, PHONE], ids=["desktop", "phone"])
    def test_given_shop_then_axe_finds_nothing_and_nothing_overflows(
        self, open_site: OpenSite, gateway: FakeGateway, scheme: str, screen: dict[str, object]
    ) -> None:
        gateway.customers = [customer("Mara Lindqvist", LATE)]
        shop = open_site("/", color_scheme=scheme, **screen)
        shop.page.get_by_label("Mara Lindqvist").check()

        assert axe_violations(shop) == []
        wide = shop.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= wide[1]

"""What axe finds on the desk, in light and dark, wide and narrow."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.desk.conftest import Desk

OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


def violations(page: Page, *without: str) -> list[str]:
    options = OPTIONS | {"rules": {rule: {"enabled": False} for rule in without}}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 820, 390])
def test_given_open_chat_then_axe_finds_nothing(desk: Desk, scheme: str, width: int) -> None:
    desk.add_chat(offer=True, flags=("human_request",), minutes_ago=40)
    desk.add_chat(customer=None, order=None, reasons=("not_understood",))
    page = desk.sign_in("ana", viewport={"width": width, "height": 900}, color_scheme=scheme)
    expect(page.locator(".row")).to_have_count(2)
    assert violations(page) == []

    page.locator(".row").first.click()
    page.get_by_role("button", name="Claim").click()
    expect(page.get_by_label("Message to the customer")).to_be_visible()
    expect(page.locator(".toast")).to_have_count(0)
    assert violations(page) == []

    page.get_by_role("toolbar").get_by_role("button", name="Grant").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    # Behind a modal dialog the page with its first heading is inert.
    assert violations(page, "page-has-heading-one") == []


def test_given_the_door_then_axe_finds_nothing(desk: Desk) -> None:
    page = desk.browser.new_context(base_url=desk.url).new_page()
    page.goto("/sign-in")

    assert violations(page) == []


def test_given_a_slow_request_in_the_background_then_axe_finds_nothing(desk: Desk) -> None:
    page = desk.sign_in("ana", viewport={"width": 1280, "height": 900})
    expect(page.locator("header")).to_be_visible()
    page.route("**/never-answers", lambda _: None)

    page.evaluate(
        """() => new Promise(resolve => {
            const request = new XMLHttpRequest();
            request.open("GET", "/never-answers");
            request.send();
            setTimeout(resolve, 300);
        })"""
    )

    assert violations(page) == []

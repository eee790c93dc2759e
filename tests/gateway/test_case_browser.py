"""The customer's status page before a real browser without script: on phone and desktop, by axe."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pydantic import SecretStr

from amends.cases.access import code_of
from amends.compensation import use_cases as compensation
from amends.gateway.app import create_app
from amends.gateway.serving import server
from amends.wiring import mail as post_office
from tests.desk.test_accessibility import violations
from tests.support.browser import chromium, free_port
from tests.support.shop import Chat, Shop, open_shop

SECRET = "a-secret-of-forty-characters-for-tests-x"
OWNER = "maya.collins@example.com"


@dataclass
class Site:
    url: str
    shop: Shop
    browser: Browser

    def page(self, width: int, scheme: str, *, script: bool) -> Page:
        context = self.browser.new_context(
            base_url=self.url,
            viewport={"width": width, "height": 900},
            locale="en-GB",
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=script,
        )
        return context.new_page()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def site(tmp_path: Path, browser: Browser) -> Iterator[Site]:
    shop = open_shop(tmp_path)
    settings = shop.app.settings.model_copy(update={"site_secret": SecretStr(SECRET)})
    shop.app = replace(shop.app, settings=settings)
    port = free_port()
    running = server(create_app(shop.app), "127.0.0.1", port)
    thread = threading.Thread(target=lambda: asyncio.run(running.serve()), daemon=True)
    thread.start()
    began = threading.Event()
    while not running.started:
        began.wait(0.01)
    yield Site(f"http://127.0.0.1:{port}", shop, browser)
    for context in browser.contexts:
        context.close()
    running.should_exit = True
    thread.join(10)
    shop.db.close()


@pytest.fixture
def chat(site: Site) -> Chat:
    chat = site.shop.chat()
    case = chat.complains()
    with site.shop.write() as uow:
        offer = compensation.decide_case(uow, site.shop.policy, case.id, site.shop.clock()).offer
        assert offer is not None
        compensation.accept(uow, offer.id, 0, site.shop.clock())
    return chat


def ask(page: Page, number: str) -> None:
    page.goto("/case")
    page.get_by_label("Case number").fill(number)
    page.get_by_label("E-mail address").fill(OWNER)
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()


def code_for(site: Site, page: Page) -> str:
    post_office.answer_access_requests(site.shop.app)
    return code_of(SECRET, page.url.partition("?")[0].rpartition("/")[2])


@pytest.mark.parametrize("width", [390, 1280])
def test_given_no_script_when_number_address_and_code_are_typed_then_the_case_is_shown(
    site: Site, chat: Chat, width: int
) -> None:
    page = site.page(width, "light", script=False)
    ask(page, chat.case.number.lower())
    page.get_by_label("Code of 6 digits").fill("12")
    page.get_by_role("button", name="Show my case").click()
    expect(page.get_by_role("alert")).to_contain_text("does not open the case")

    page.get_by_label("Code of 6 digits").fill(code_for(site, page))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name=f"Case {chat.case.number}")).to_be_visible()
    expect(page.get_by_role("region", name="What we promised")).to_contain_text("due by")
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("status")).to_contain_text("You have left your case")
    page.goto("/case/status")
    expect(page.get_by_label("Case number")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_given_each_page_then_axe_finds_nothing(
    site: Site, chat: Chat, width: int, scheme: str
) -> None:
    page = site.page(width, scheme, script=True)
    # axe is put into the page by the test, which the page's own policy would refuse.
    page.route("**/case**", _without_policy)
    page.goto("/case")
    assert violations(page) == []
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) == []

    ask(page, chat.case.number)
    assert violations(page) == []

    page.get_by_label("Code of 6 digits").fill(code_for(site, page))
    page.get_by_role("button", name="Show my case").click()
    expect(page.get_by_role("heading", name="What we offered")).to_be_visible()
    assert violations(page) == []


def _without_policy(route, request) -> None:  # type: ignore[no-untyped-def]
    answer = route.fetch(max_redirects=0)
    headers = {k: v for k, v in answer.headers.items() if k != "content-security-policy"}
    route.fulfill(response=answer, headers=headers)

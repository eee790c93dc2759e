"""The feedback page before a real browser: without script on a phone, by keyboard, by axe."""

import pytest
from playwright.sync_api import Page, expect

from amends.cases.model import CaseStatus
from tests.desk.test_accessibility import violations
from tests.gateway.test_case_browser import Site, _without_policy, browser, site
from tests.satisfaction.surveys.steps import closed, link_in, mails, some_days_later
from tests.support.shop import Chat

__all__ = ["browser", "site"]


@pytest.fixture
def chat(site: Site) -> Chat:
    settings = site.shop.app.settings.model_copy(update={"servqual_share": 1.0})
    object.__setattr__(site.shop.app, "settings", settings)  # the gateway holds this very app
    return closed(site.shop)


def open_link(site: Site, chat: Chat, page: Page) -> None:
    assert some_days_later(site.shop) == 1
    (mail,) = mails(site.shop)
    page.route("**/feedback**", _without_policy)
    page.goto(link_in(mail))


def choose(page: Page, group: str, answer: str) -> None:
    page.get_by_role("group", name=group).get_by_role("radio", name=answer, exact=True).check()


def test_given_a_phone_without_script_when_solved_then_the_survey_is_answered(
    site: Site, chat: Chat
) -> None:
    page = site.page(390, "light", script=False)
    open_link(site, chat, page)
    page.get_by_role("button", name="Yes, it is solved").click()
    expect(page.get_by_role("heading", name="How did we do?")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    choose(page, "How satisfied are you", "2, Dissatisfied")
    choose(page, "What was the main reason?", "How long it took")
    choose(page, "the speed of our help", "1, Much worse")
    page.get_by_role("button", name="Send").click()

    expect(page.get_by_role("heading", name="Thank you for your answer")).to_be_visible()
    choose(page, "How likely are you to recommend us", "10, Extremely likely")
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="How likely")).to_have_count(0)
    with site.shop.db.read() as uow:
        kept = uow.surveys.of_conversation(chat.id)
    assert kept is not None
    assert (kept.csat, kept.reason, kept.nps) == (2, "speed", 10)
    assert kept.servqual == {"responsiveness": 1}


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_given_each_page_then_axe_finds_nothing(
    site: Site, chat: Chat, width: int, scheme: str
) -> None:
    page = site.page(width, scheme, script=True)
    open_link(site, chat, page)
    assert violations(page) == []
    page.get_by_role("button", name="Yes, it is solved").click()
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    page.get_by_text("Something is still wrong?").click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.get_by_label("What is still wrong?").fill("The second parcel was empty")
    page.get_by_role("button", name="No, it is not solved").click()

    expect(page.get_by_role("heading", name="Your case is open again")).to_be_visible()
    expect(page.get_by_text("A colleague, by")).to_be_visible()
    assert violations(page) == []
    assert chat.case.status is CaseStatus.WITH_STAFF
    page.goto("/feedback?ask=x")
    expect(page.get_by_role("heading", name="This link does not work")).to_be_visible()
    assert violations(page) == []

"""Customer and staff side by side, each in a real browser, before the real system."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from amends.cases.model import CaseStatus
from amends.compensation.words import money
from amends.conversations.model import Role
from amends.handoff.model import StaffRole
from amends.values import utc_now
from tests.desk.seeding import PASSWORD, add_staff
from tests.support.books import Books, read_books
from tests.support.browser import chromium
from tests.support.system import System, until
from tests.support.words import says
from tests.widget.conftest import DESKTOP
from tests.widget.samples import PHONE
from tests.widget.site import Site

AGENT = "Nora Feld"
OpenContext = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def new_context(browser: Browser) -> Iterator[OpenContext]:
    contexts: list[BrowserContext] = []

    def open_(url: str, **features: object) -> BrowserContext:
        usual: dict[str, object] = {"viewport": DESKTOP, "locale": "en-GB"}
        contexts.append(browser.new_context(base_url=url, **(usual | features)))  # type: ignore[arg-type]
        return contexts[-1]

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def shop(system: System, new_context: OpenContext) -> Site:
    return Site.open(new_context(system.url), "/").open_chat()


@pytest.fixture(scope="module")
def agent(system: System) -> str:
    seen = utc_now().replace(month=1, day=1)
    add_staff(system.db, ("nora", AGENT, StaffRole.AGENT), seen_at=seen)
    return "nora"


@pytest.fixture
def desk(system: System, new_context: OpenContext, agent: str) -> Page:
    page = new_context(system.desk_url).new_page()
    page.goto("/sign-in")
    page.get_by_label("Name").fill(agent)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("region", name="Waiting")).to_be_visible()
    return page


def shown(site: Site, response: str, **values: str) -> None:
    """Wait until a bubble says this."""
    until(lambda: says(response, "\n".join(site.bubbles.all_inner_texts()), **values), 20)


def answered(site: Site, text: str) -> None:
    """Write, and wait until more than that was said."""
    count = site.bubbles.count()
    site.write(text)
    expect(site.bubbles.nth(count + 1)).to_be_visible()


def choose(site: Site, title: str) -> None:
    site.page.get_by_role("button", name=title, exact=True).click()


def conversation_with(system: System, words: str) -> Books:
    """Return the books of the conversation in which the customer wrote these words."""
    with system.db.read() as uow:
        recent = uow.conversations.changed_since(utc_now().replace(hour=0, minute=0, second=0))
        found = [
            cid
            for cid, *_ in recent
            if any(words in m.text for m in uow.conversations.after(cid, 0))
        ]
    (only,) = found
    return read_books(system.db, only)


def last_question_is_answered(kept: Books) -> bool:
    asked = max(m.seq for m in kept.messages if m.role is Role.CUSTOMER)
    return any(m.in_reply_to == asked and m.role is Role.BOT for m in kept.messages)


def rate(site: Site, answer: str) -> None:
    site.page.get_by_role("radio", name=answer).check()
    site.page.get_by_role("button", name="Send rating").click()
    expect(site.page.get_by_text("Thank you. Your rating")).to_be_visible()


def complain_until_promised(site: Site, system: System, order: str) -> Books:
    answered(site, f"My order {order} never arrived and I waited for it all week")
    choose(site, "A refund")
    shown(site, "say_fact_late", order_number=order)
    offer = site.page.locator("amends-widget .card", has_text="Valid until")
    kept = conversation_with(system, order)
    for remedy in kept.remedies:
        expect(offer).to_contain_text(money(remedy.amount) if remedy.amount else "")
    choose(site, "Yes, I accept")
    shown(site, "say_accepted", case_number=kept.case.number)
    for remedy in kept.remedies:
        expect(site.page.locator("amends-widget .card").last).to_contain_text(remedy.title["en"])
    choose(site, "No, that's all")
    return kept


class TestComplaint:
    def test_given_a_complaint_in_the_shop_then_choices_lead_to_promise_and_rating(
        self, system: System, shop: Site, late_order: str
    ) -> None:
        complain_until_promised(shop, system, late_order)
        rate(shop, "5, Very good")

        until(lambda: conversation_with(system, late_order).survey is not None, 10)
        kept = conversation_with(system, late_order)
        assert kept.survey is not None
        assert (kept.survey.csat, kept.case.status) == (5, CaseStatus.RESOLVED)
        assert shop.problems == []

    def test_given_a_phone_then_the_same_by_touch_and_nothing_is_cut_off(
        self, system: System, new_context: OpenContext, late_order: str
    ) -> None:
        site = Site.open(new_context(system.url, **PHONE), "/").open_chat()

        complain_until_promised(site, system, late_order)
        rate(site, "4, Good")

        width = site.page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["viewport"]["width"]  # type: ignore[index]
        assert site.problems == []

    def test_given_a_reload_in_mid_form_then_the_chat_is_found_as_it_was(
        self, shop: Site, late_order: str
    ) -> None:
        answered(shop, f"My order {late_order} never arrived and I waited for it all week")
        expect(shop.choices.first).to_be_visible()
        before = shop.bubbles.all_inner_texts()

        shop.page.reload()

        shop.shows(*before)
        choose(shop, "A refund")
        shown(shop, "say_fact_late", order_number=late_order)


class TestPerson:
    def test_given_a_furious_customer_then_a_person_answers_and_the_bot_is_silent_until_returned(
        self, system: System, shop: Site, desk: Page, late_order: str
    ) -> None:
        words = (
            f"My order {late_order} still has not come, three weeks of waiting, "
            "I am absolutely furious and disgusted!"
        )

        shop.write(words)
        sent = time.monotonic()
        row = desk.get_by_role("region", name="Waiting").locator(".row", has_text=late_order)
        expect(row).to_be_visible()
        print(f"shown at the desk after {time.monotonic() - sent:.2f} s")  # noqa: T201
        assert time.monotonic() - sent < 4

        self.claim(desk, row, words)
        expect(shop.page.get_by_text(f"{AGENT} has joined the chat.")).to_be_visible()
        self.chat(shop, desk)
        self.bot_is_silent(system, shop, desk, words)
        self.grant(shop, desk)
        self.return_to_bot(shop, desk)
        self.bot_answers(system, shop, words)

    def test_given_a_person_resolves_then_the_customer_is_asked_to_rate(
        self, system: System, shop: Site, desk: Page, late_order: str
    ) -> None:
        words = (
            f"My order {late_order} still has not come, three weeks of waiting, "
            "I am absolutely furious and disgusted!"
        )
        shop.write(words)
        row = desk.get_by_role("region", name="Waiting").locator(".row", has_text=late_order)
        self.claim(desk, row, words)

        desk.keyboard.press("Alt+r")
        dialog = desk.get_by_role("dialog", name="Resolve the case")
        dialog.get_by_role("button", name=re.compile("Resolve", re.I)).last.click()

        expect(desk.get_by_text("This chat was resolved.")).to_be_visible()
        rate(shop, "3, ")
        until(lambda: conversation_with(system, words).survey is not None, 10)
        assert conversation_with(system, words).case.status is CaseStatus.RESOLVED

    @staticmethod
    def claim(desk: Page, row: Locator, words: str) -> None:
        row.click()
        desk.get_by_role("button", name="Claim").click()
        expect(desk.get_by_label("Message to the customer")).to_be_focused()
        expect(desk.get_by_role("log", name="Transcript")).to_contain_text(words)

    @staticmethod
    def chat(shop: Site, desk: Page) -> None:
        desk.keyboard.type("I am Nora. I read everything and I am on it.")
        desk.keyboard.press("Enter")
        expect(shop.bubbles.last).to_contain_text("I am Nora. I read everything")
        shop.write("Finally! So where is my parcel?")
        transcript = desk.get_by_role("log", name="Transcript")
        expect(transcript).to_contain_text("Finally! So where is my parcel?")

    @staticmethod
    def bot_is_silent(system: System, shop: Site, desk: Page, words: str) -> None:
        before = [m.seq for m in conversation_with(system, words).messages if m.role is Role.BOT]
        shop.write("My order 10046 arrived broken too, what about my case?")
        transcript = desk.get_by_role("log", name="Transcript")
        expect(transcript).to_contain_text("arrived broken too")
        time.sleep(1.5)  # longer than any turn, and than the gateway's sweep
        after = [m.seq for m in conversation_with(system, words).messages if m.role is Role.BOT]
        assert after == before

    @staticmethod
    def grant(shop: Site, desk: Page) -> None:
        desk.get_by_role("toolbar").get_by_role("button", name="Grant").click()
        dialog = desk.get_by_role("dialog", name="Grant a remedy")
        expect(dialog).to_be_visible()
        dialog.get_by_role("button", name="Continue").click()
        sure = desk.get_by_role("dialog", name="Grant this now?")
        sure.get_by_role("button", name="Grant and tell the customer").click()
        expect(shop.page.get_by_text("I have arranged this for you")).to_be_visible()

    @staticmethod
    def return_to_bot(shop: Site, desk: Page) -> None:
        desk.get_by_role("button", name="Return to bot").click()
        desk.get_by_role("dialog").get_by_role("button", name="Return to bot").click()
        expect(desk.get_by_text("This chat is with the assistant again.")).to_be_visible()
        expect(shop.page.get_by_text(f"{AGENT} has left the chat.")).to_be_visible()

    @staticmethod
    def bot_answers(system: System, shop: Site, words: str) -> None:
        shop.write("What is the status of my case?")
        until(lambda: last_question_is_answered(conversation_with(system, words)), 20)

"""The browser tells of news, each once: a notification where nobody looks, a tone, a toast."""

from playwright.sync_api import Page, expect

from amends.values import utc_now
from tests.desk.conftest import Desk, until
from tests.desk.pages import mine, open_and_claim, rows
from tests.desk.seeding import customer_says

SPY = """
window.told = []; window.tones = 0; window.asked = 0; window.looked = true;
let granted = "default";
window.Notification = class {
  constructor(title, options) { window.told.push({ title, ...options }); window.last = this; }
  static get permission() { return granted; }
  static async requestPermission() { window.asked += 1; return (granted = "granted"); }
  close() {}
};
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) { window.tones += 1; start.call(this, at); };
const visibility = () => (window.looked ? "visible" : "hidden");
Object.defineProperty(document, "visibilityState", { get: visibility });
"""


def watched(desk: Desk) -> Page:
    """Ana's page, in a browser that notes what it is asked to tell."""
    page = desk.sign_in("ana")
    page.context.add_init_script(SPY)
    page.reload()
    expect(page.get_by_role("region", name="Waiting")).to_be_visible()
    until(lambda: page.evaluate("document.documentElement.lang") == "en")
    return page


def look_away(page: Page) -> None:
    page.evaluate("window.looked = false; document.dispatchEvent(new Event('visibilitychange'))")


def told(page: Page) -> list[str]:
    return [one["title"] for one in page.evaluate("window.told")]


class TestNews:
    def test_given_nobody_asked_for_it_then_the_browser_is_asked_nothing_and_tells_nothing(
        self, desk: Desk
    ) -> None:
        page = watched(desk)
        look_away(page)

        desk.add_chat()
        expect(rows(page)).to_have_count(1)

        assert page.evaluate("[window.asked, window.told.length, window.tones]") == [0, 0, 0]

    def test_given_notify_me_then_each_news_is_told_once_while_nobody_looks(
        self, desk: Desk
    ) -> None:
        page = watched(desk)
        page.get_by_role("button", name="Notify me").click()
        expect(page.get_by_role("button", name="Notifications on")).to_have_attribute(
            "aria-pressed", "true"
        )
        assert page.evaluate("window.asked") == 1
        chat = desk.add_chat()
        open_and_claim(page)
        assert told(page) == [], "a page that is looked at shows it itself"

        look_away(page)
        customer_says(desk.db, chat, "Are you still there?", utc_now())
        until(lambda: told(page) == ["Camille Moreau wrote to you"])
        desk.add_chat(customer="cus-vogt", reasons=("danger",))
        until(lambda: told(page)[-1] == "Critical: Lena Vogt waits for a person")
        desk.add_chat(customer=None, order=None)
        until(lambda: told(page)[-1] == "Guest waits for a person")

        expect(page).to_have_title("(1 new, 2 waiting) Desk")
        assert len(told(page)) == 3

    def test_given_a_click_on_a_notification_then_its_chat_opens(self, desk: Desk) -> None:
        page = watched(desk)
        page.get_by_role("button", name="Notify me").click()
        look_away(page)
        desk.add_chat()
        until(lambda: len(told(page)) == 1)

        page.evaluate("window.last.onclick()")

        expect(page.locator(".chat-head h2")).to_have_text("Camille Moreau")

    def test_given_two_pages_of_one_person_then_one_of_them_tells(self, desk: Desk) -> None:
        first = watched(desk)
        first.get_by_role("button", name="Notify me").click()
        second = first.context.new_page()
        second.goto("/")
        until(lambda: second.evaluate("document.documentElement.lang") == "en")
        second.evaluate("Notification.requestPermission()")
        for page in (first, second):
            look_away(page)

        desk.add_chat()

        for page in (first, second):
            expect(rows(page)).to_have_count(1)
        until(lambda: len(told(first)) + len(told(second)) > 0)
        desk.add_chat(customer="cus-vogt")
        until(lambda: len(told(first)) + len(told(second)) > 1)
        assert sorted(told(first) + told(second)) == [
            "Camille Moreau waits for a person",
            "Lena Vogt waits for a person",
        ]

    def test_given_sound_is_switched_on_then_a_tone_is_made_and_it_is_kept(
        self, desk: Desk
    ) -> None:
        page = watched(desk)
        page.get_by_role("button", name="Sound: off").click()
        expect(page.get_by_role("button", name="Sound: on")).to_be_visible()
        before = page.evaluate("window.tones")
        assert before > 0

        desk.add_chat()
        expect(rows(page)).to_have_count(1)

        until(lambda: page.evaluate("window.tones") > before)
        page.reload()
        expect(page.get_by_role("button", name="Sound: on")).to_have_attribute(
            "aria-pressed", "true"
        )

    def test_given_a_deadline_is_near_then_warned_by_colour_word_and_toast_once(
        self, desk: Desk
    ) -> None:
        page = watched(desk)

        desk.add_chat(minutes_ago=24)

        expect(rows(page).first.locator(".due-soon")).to_have_text("Due soon, in 5 min")
        expect(page.locator(".toast-news")).to_have_text("Camille Moreau: Due soon, in 5 min")
        rows(page).first.click()
        expect(page.locator(".clock.due-soon")).to_have_text("Due soon, in 5 min")
        expect(page.locator(".clock").last).to_contain_text("At the latest in 2 h")
        expect(mine(page)).to_have_count(0)

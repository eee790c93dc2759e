"""A customer behind the database and staff in a real browser write to each other."""

from playwright.sync_api import Page, expect

from amends.cases.model import CaseStatus
from amends.conversations.model import Mode, Role
from amends.values import utc_now
from tests.desk.conftest import Desk
from tests.desk.pages import messages, mine, open_and_claim, rows, transcript, with_claimed_chat
from tests.desk.seeding import PASSWORD, customer_says

LOSE_ONE = """() => {
  const real = window.socket.emit.bind(window.socket);
  let left = 1;
  window.socket.emit = (name, ...rest) =>
    name === "event" && left-- > 0 ? window.socket : real(name, ...rest);
}"""
"""Lose what the page sends next, as a connection does that breaks at this moment."""

BUSY_FOR_8_SECONDS = "() => { const end = Date.now() + 8000; while (Date.now() < end); }"


class TestChat:
    def test_given_customer_writes_then_it_is_shown_live_and_the_answer_carries_the_author(
        self, desk: Desk
    ) -> None:
        chat, page = with_claimed_chat(desk)

        customer_says(desk.db, chat, "Are you a person?", utc_now())
        expect(transcript(page)).to_contain_text("Are you a person?")

        page.keyboard.type("Yes, I am Ana.")
        page.keyboard.press("Shift+Enter")
        page.keyboard.type("I read what you wrote.")
        page.keyboard.press("Enter")

        expect(transcript(page)).to_contain_text("I read what you wrote.")
        last = messages(desk, chat)[-1]
        assert (last.role, last.author) == (Role.STAFF, "Ana Torres")
        assert last.text == "Yes, I am Ana.\nI read what you wrote."
        with desk.db.read() as uow:
            found = uow.handoffs.get(chat.handoff_id)
        assert found is not None
        assert found.first_answer_at is not None

    def test_given_a_connection_that_loses_an_answer_and_a_note_then_each_arrives_once(
        self, desk: Desk
    ) -> None:
        chat, page = with_claimed_chat(desk)

        page.evaluate(LOSE_ONE)
        page.get_by_label("Message to the customer").fill("I am on it.")
        page.keyboard.press("Enter")
        page.keyboard.press("Alt+i")
        page.evaluate(LOSE_ONE)
        page.get_by_label("Internal note").fill("Knows the shop manager.")
        page.keyboard.press("Enter")

        expect(transcript(page)).to_contain_text("I am on it.", timeout=20_000)
        expect(transcript(page)).to_contain_text("Knows the shop manager.", timeout=20_000)
        page.wait_for_function("() => sessionStorage.getItem('amends.desk.sending') === '[]'")
        said = [one.text for one in messages(desk, chat) if one.role is Role.STAFF]
        assert said == ["I am on it."]

    def test_given_a_browser_that_is_busy_for_seconds_then_its_connection_holds(
        self, desk: Desk
    ) -> None:
        chat, page = with_claimed_chat(desk)
        connection = page.evaluate("() => window.socket.id")

        page.evaluate(BUSY_FOR_8_SECONDS)

        customer_says(desk.db, chat, "Are you still there?", utc_now())
        expect(transcript(page)).to_contain_text("Are you still there?")
        assert page.evaluate("() => window.socket.id") == connection

    def test_given_unsent_words_then_they_are_kept_per_chat_and_over_a_reload(
        self, desk: Desk
    ) -> None:
        desk.add_chat()
        desk.add_chat(customer="cus-vogt")
        page = desk.sign_in("ana")
        box = page.get_by_label("Message to the customer")
        open_and_claim(page)
        box.fill("Half a thought")

        open_and_claim(page)
        expect(box).to_have_value("")
        mine(page).first.click()
        expect(box).to_have_value("Half a thought")
        page.reload()

        expect(box).to_have_value("Half a thought")

    def test_given_another_chat_of_mine_gets_a_message_then_it_is_marked_new(
        self, desk: Desk
    ) -> None:
        first = desk.add_chat()
        desk.add_chat(customer="cus-vogt")
        page = desk.sign_in("ana")
        open_and_claim(page)
        open_and_claim(page)
        expect(mine(page)).to_have_count(2)
        expect(mine(page).first).not_to_contain_text("New")

        customer_says(desk.db, first, "Hello?", utc_now())

        expect(mine(page).first).to_contain_text("New")
        expect(page).to_have_title("(1 new) Desk")
        mine(page).first.click()
        expect(mine(page).first).not_to_contain_text("New")

    def test_given_keyboard_alone_then_claim_answer_and_resolve(self, desk: Desk) -> None:
        chat = desk.add_chat()
        page = desk.sign_in("ana")
        expect(rows(page)).to_have_count(1)

        page.keyboard.press("Alt+j")
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Claim")).to_be_visible()
        page.keyboard.press("Alt+c")
        expect(page.get_by_label("Message to the customer")).to_be_focused()
        page.keyboard.type("I am on it.")
        page.keyboard.press("Enter")
        expect(transcript(page)).to_contain_text("I am on it.")
        page.keyboard.press("Alt+r")
        expect(page.get_by_role("dialog", name="Resolve the case")).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        expect(page.get_by_role("radio", name="Yes")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")

        expect(page.get_by_text("This chat was resolved.")).to_be_visible()
        with desk.db.read() as uow:
            case = uow.cases.get(chat.case_id)
            talk = uow.conversations.get(chat.conversation_id)
        assert case is not None
        assert talk is not None
        assert (case.status, case.outcome) == (CaseStatus.RESOLVED, "explained")
        assert talk.mode is Mode.CLOSED

    def test_given_keyboard_alone_then_from_the_door_to_note_pass_on_take_back_and_resolve(
        self, desk: Desk
    ) -> None:
        desk.add_chat()
        desk.sign_in("ben")
        page = desk.browser.new_context(base_url=desk.url).new_page()
        page.goto("/sign-in")
        page.get_by_label("Name").focus()
        page.keyboard.type("ana")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(rows(page)).to_have_count(1)
        expect(page.locator(".people li")).to_have_count(2)

        page.keyboard.press("Alt+n")
        expect(page.get_by_role("button", name="Claim")).to_be_visible()
        page.keyboard.press("Alt+c")
        expect(page.get_by_label("Message to the customer")).to_be_focused()
        page.keyboard.press("Alt+i")
        page.keyboard.type("Has called twice")
        page.keyboard.press("Enter")
        expect(transcript(page).locator(".msg-note")).to_contain_text("Has called twice")
        expect(page.get_by_label("Message to the customer")).to_be_focused()
        page.keyboard.press("Alt+p")
        expect(page.get_by_role("radio", name="Ben Okafor English")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.type("Please take it")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Take it back")).to_be_visible()
        self.has_the_focus(page)
        page.keyboard.press("Alt+c")
        expect(page.get_by_label("Message to the customer")).to_be_focused()
        page.keyboard.press("Alt+q")
        asked = page.get_by_role("dialog", name="Put back in the queue?")
        expect(asked.get_by_role("button", name="Cancel")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Claim")).to_be_visible()
        self.has_the_focus(page)
        page.keyboard.press("Alt+c")
        expect(page.get_by_label("Message to the customer")).to_be_focused()
        page.keyboard.press("Alt+r")
        expect(page.get_by_role("radio", name="Put right with a remedy")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")

        expect(page.get_by_text("This chat was resolved.")).to_be_visible()
        self.has_the_focus(page)

    @staticmethod
    def has_the_focus(page: Page) -> None:
        """Something that can be seen has it; nobody is sent back to the top of the page."""
        page.wait_for_function(
            "document.activeElement !== document.body && document.activeElement.offsetParent"
        )

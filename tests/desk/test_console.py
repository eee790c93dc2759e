"""Two people at the desk, a customer behind the database, a real browser."""

import re
import time

from playwright.sync_api import Page, expect

from amends.cases.model import CaseStatus
from amends.conversations.model import Mode, Role
from amends.handoff.model import HandoffState, StaffRole
from amends.values import utc_now
from tests.desk.conftest import Desk, until
from tests.desk.seeding import PASSWORD, Chat, add_staff, customer_says


def rows(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_role("region", name="Waiting").locator(".row")


def mine(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_role("region", name="My chats").locator(".row")


def transcript(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_role("log", name="Transcript")


def open_and_claim(page: Page) -> None:
    rows(page).first.click()
    page.get_by_role("button", name="Claim").click()
    expect(page.get_by_label("Message to the customer")).to_be_focused()


def messages(desk: Desk, chat: Chat):  # type: ignore[no-untyped-def]
    with desk.db.read() as uow:
        return list(uow.conversations.after(chat.conversation_id, 0))


class TestQueue:
    def test_given_chat_asks_for_a_person_then_it_appears_on_an_open_page_within_a_second(
        self, desk: Desk
    ) -> None:
        page = desk.sign_in("ana")
        expect(page.get_by_text("Nobody waits. Well done.")).to_be_visible()

        desk.add_chat()
        asked = time.monotonic()
        expect(rows(page)).to_have_count(1)

        assert time.monotonic() - asked < 1.0
        expect(rows(page).first).to_contain_text("Camille Moreau")
        expect(rows(page).first).to_contain_text("Asked for a person")
        expect(page).to_have_title("(1 waiting) Desk")

    def test_given_several_then_the_most_urgent_is_first_and_overdue_is_said(
        self, desk: Desk
    ) -> None:
        desk.add_chat(minutes_ago=40)
        desk.add_chat(customer="cus-vogt", reasons=("danger",), minutes_ago=1)
        desk.add_chat(customer=None, order=None, reasons=("not_understood",), minutes_ago=5)

        page = desk.sign_in("ana")

        expect(rows(page)).to_have_text(
            [re.compile("Critical.*Lena Vogt", re.S), re.compile("Overdue by", re.S),
             re.compile("Guest.*does not understand", re.S)]
        )  # fmt: skip
        expect(page.locator(".bar-counts")).to_have_text("3 waiting · 1 overdue")

    def test_given_a_more_urgent_chat_arrives_then_the_focus_stays_on_its_row(
        self, desk: Desk
    ) -> None:
        desk.add_chat()
        page = desk.sign_in("ana")
        rows(page).first.focus()

        desk.add_chat(customer="cus-vogt", reasons=("danger",))

        expect(rows(page)).to_have_count(2)
        expect(rows(page).nth(1)).to_be_focused()

    def test_given_markup_in_a_message_then_it_is_shown_as_text(self, desk: Desk) -> None:
        desk.add_chat(says=[("<img src=x onerror=document.title='owned'> it broke in two", -0.5)])
        page = desk.sign_in("ana")

        rows(page).first.click()

        expect(transcript(page)).to_contain_text("<img src=x")
        assert page.locator(".transcript img, .row img, .right img").count() == 0


class TestClaim:
    def test_given_both_have_it_open_then_one_wins_and_the_other_is_told_by_whom(
        self, desk: Desk
    ) -> None:
        chat = desk.add_chat()
        ana, ben = desk.sign_in("ana"), desk.sign_in("ben")
        for page in (ana, ben):
            rows(page).first.click()
            expect(page.get_by_role("button", name="Claim")).to_be_visible()

        # Both clicks are in the browsers before either desk page has heard of the other's.
        for page in (ana, ben):
            page.evaluate("document.querySelector('[data-key=KeyC]').click()")

        until(lambda: _claimed_by(desk, chat) is not None)
        winner = _claimed_by(desk, chat)
        won, lost = (ana, ben) if winner == "Ana Torres" else (ben, ana)
        expect(mine(won)).to_have_count(1)
        expect(lost.locator(".toast-error")).to_have_text(f"{winner} was faster and has this chat.")
        expect(lost.get_by_text(f"{winner} has this chat.", exact=False).last).to_be_visible()
        expect(lost.get_by_label("Message to the customer")).to_be_hidden()
        assert [m.text for m in messages(desk, chat)].count(f"{winner} has joined the chat.") == 1


def _claimed_by(desk: Desk, chat: Chat) -> str | None:
    with desk.db.read() as uow:
        found = uow.handoffs.get(chat.handoff_id)
        member = uow.staff.get(found.claimed_by) if found and found.claimed_by else None
        return member.name if member else None


class TestChat:
    def test_given_customer_writes_then_it_is_shown_live_and_the_answer_carries_the_author(
        self, desk: Desk
    ) -> None:
        chat = desk.add_chat()
        page = desk.sign_in("ana")
        open_and_claim(page)

        customer_says(desk.db, chat, "Are you a person?", utc_now())
        said = time.monotonic()
        expect(transcript(page)).to_contain_text("Are you a person?")
        assert time.monotonic() - said < 1.0

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


class TestHandingOn:
    def test_given_returned_to_the_bot_then_the_assistant_has_it_and_the_customer_is_told(
        self, desk: Desk
    ) -> None:
        chat = desk.add_chat()
        page = desk.sign_in("ana")
        open_and_claim(page)

        page.get_by_role("button", name="Return to bot").click()
        page.get_by_role("dialog").get_by_role("button", name="Return to bot").click()

        expect(page.get_by_text("This chat is with the assistant again.")).to_be_visible()
        expect(mine(page)).to_have_count(0)
        with desk.db.read() as uow:
            talk = uow.conversations.get(chat.conversation_id)
        assert talk is not None
        assert talk.mode is Mode.BOT
        assert messages(desk, chat)[-1].role is Role.SYSTEM

    def test_given_put_back_then_a_colleague_sees_it_waiting(self, desk: Desk) -> None:
        chat = desk.add_chat()
        ana, ben = desk.sign_in("ana"), desk.sign_in("ben")
        open_and_claim(ana)
        expect(rows(ben)).to_have_count(0)

        ana.get_by_role("button", name="Put back").click()
        ana.get_by_role("dialog").get_by_role("button", name="Put back").click()

        expect(rows(ben)).to_have_count(1)
        with desk.db.read() as uow:
            found = uow.handoffs.get(chat.handoff_id)
        assert found is not None
        assert found.state is HandoffState.WAITING


class TestGranting:
    def test_given_confirmed_remedy_then_it_is_in_the_ledger_and_the_customer_is_told(
        self, desk: Desk
    ) -> None:
        chat = desk.add_chat(says=[("Order 10034 never came, and it was a present", -0.4)])
        page = desk.sign_in("ana")
        open_and_claim(page)

        page.get_by_role("button", name="Grant remedy").click()
        dialog = page.get_by_role("dialog", name="Grant a remedy")
        expect(dialog).to_contain_text("late-voucher")
        expect(dialog).to_contain_text("€4.74")
        dialog.get_by_role("button", name="Continue").click()
        sure = page.get_by_role("dialog", name="Grant this now?")
        expect(sure).to_contain_text("€4.74")
        sure.get_by_role("button", name="Grant and tell the customer").click()

        expect(transcript(page)).to_contain_text("I have arranged this for you")
        with desk.db.read() as uow:
            (offer,) = uow.ledger.offers_of_case(chat.case_id)
        assert {one.state.value for one in offer.remedies} == {"accepted"}

    def test_given_dialog_left_with_escape_then_nothing_is_granted(self, desk: Desk) -> None:
        chat = desk.add_chat(says=[("Order 10034 never came, and it was a present", -0.4)])
        page = desk.sign_in("ana")
        open_and_claim(page)

        page.keyboard.press("Alt+g")
        expect(page.get_by_role("dialog", name="Grant a remedy")).to_be_visible()
        page.keyboard.press("Escape")

        expect(page.get_by_role("dialog")).to_have_count(0)
        with desk.db.read() as uow:
            assert not uow.ledger.offers_of_case(chat.case_id)


class TestDoor:
    def test_given_no_session_then_only_the_door_is_reached(self, desk: Desk) -> None:
        page = desk.browser.new_context(base_url=desk.url).new_page()

        page.goto("/")

        expect(page).to_have_url(f"{desk.url}/sign-in")
        assert page.request.get("/password", headers={"accept": "application/json"}).status == 401

    def test_given_cookie_then_scripts_cannot_read_it_and_other_sites_cannot_send_it(
        self, desk: Desk
    ) -> None:
        page = desk.sign_in("ana")

        (cookie,) = page.context.cookies()

        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Strict"

    def test_given_post_from_another_site_then_refused(self, desk: Desk) -> None:
        page = desk.sign_in("ana")

        answer = page.request.post("/sign-out", headers={"origin": "https://elsewhere.example"})

        assert answer.status == 401
        page.reload()
        expect(page.get_by_role("region", name="Waiting")).to_be_visible()

    def test_given_sign_out_in_one_tab_then_the_other_can_do_nothing_more(self, desk: Desk) -> None:
        chat = desk.add_chat()
        page = desk.sign_in("ana")
        rows(page).first.click()
        expect(page.get_by_role("button", name="Claim")).to_be_visible()
        other = page.context.new_page()
        other.goto("/")
        other.get_by_role("button", name="Sign out").click()
        expect(other).to_have_url(f"{desk.url}/sign-in")

        page.get_by_role("button", name="Claim").click()

        expect(page).to_have_url(f"{desk.url}/sign-in")
        assert _claimed_by(desk, chat) is None

    def test_given_first_sign_in_then_a_password_of_ones_own_is_offered_and_opens_the_desk(
        self, desk: Desk
    ) -> None:
        add_staff(desk.db, ("cara", "Cara Lind", StaffRole.ADMIN), seen_at=None)
        page = desk.sign_in("cara")
        expect(page.get_by_role("heading", name="Choose your password")).to_be_visible()

        page.get_by_label("Password you have now").fill(PASSWORD)
        page.get_by_label("New password").fill("seven quiet herons")
        page.get_by_role("button", name="Change password").click()

        expect(page.get_by_role("region", name="Waiting")).to_be_visible()

    def test_given_wrong_password_then_told_in_words_and_the_name_is_kept(self, desk: Desk) -> None:
        page = desk.browser.new_context(base_url=desk.url).new_page()
        page.goto("/sign-in")
        page.get_by_label("Name").fill("ana")
        page.get_by_label("Password").fill(PASSWORD[::-1])
        page.get_by_role("button", name="Sign in").click()

        expect(page.get_by_role("alert")).to_have_text(
            "Name or password is wrong. Please try again."
        )
        expect(page.get_by_label("Name")).to_have_value("ana")

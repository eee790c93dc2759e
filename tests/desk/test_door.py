"""Who may enter the desk, and who no longer may, in a real browser."""

from playwright.sync_api import Page, expect

from amends.desk.session import hash_session
from amends.handoff.model import StaffRole
from tests.desk.conftest import Desk
from tests.desk.pages import claimed_by, rows
from tests.desk.seeding import PASSWORD, add_staff

PATIENCE_MS = 20_000  # a busy machine is slow, not wrong


def end_session(desk: Desk, page: Page) -> None:
    """End it in the database, where no open page hears of it until the poller looks again."""
    (cookie,) = page.context.cookies()
    with desk.db.write() as uow:
        uow.staff.end_session(hash_session(cookie["value"]))
        uow.commit()


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

    def test_given_sign_out_in_one_tab_then_the_other_is_shown_the_door_by_itself(
        self, desk: Desk
    ) -> None:
        desk.add_chat()
        page = desk.sign_in("ana")
        rows(page).first.click()
        expect(page.get_by_role("button", name="Claim")).to_be_visible()
        other = page.context.new_page()
        other.goto("/")

        other.get_by_role("button", name="Menu").click()
        other.get_by_role("button", name="Sign out").click()

        expect(other).to_have_url(f"{desk.url}/sign-in")
        expect(page).to_have_url(f"{desk.url}/sign-in", timeout=PATIENCE_MS)

    def test_given_the_session_ended_unnoticed_then_a_click_does_nothing_more(
        self, desk: Desk
    ) -> None:
        chat = desk.add_chat()
        page = desk.sign_in("ana")
        rows(page).first.click()
        expect(page.get_by_role("button", name="Claim")).to_be_visible()

        end_session(desk, page)
        # The poller may look in this very moment and show the door first; then no button is left.
        page.evaluate("document.querySelector('[data-key=KeyC]')?.click()")

        expect(page).to_have_url(f"{desk.url}/sign-in", timeout=PATIENCE_MS)
        assert claimed_by(desk, chat) is None

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

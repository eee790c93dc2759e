"""Administration of staff, and the desk's language, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from amends.handoff.model import HandoffState, StaffMember, StaffRole
from amends.values import utc_now
from tests.desk.conftest import Desk
from tests.desk.pages import claimed_by, messages, open_and_claim
from tests.desk.seeding import add_staff
from tests.desk.test_accessibility import violations

PATIENCE_MS = 20_000  # a busy machine is slow, not wrong


@pytest.fixture
def admin(desk: Desk) -> Page:
    """The page of an administrator who has signed in before."""
    seen_at = utc_now().replace(year=2026, month=1, day=1)
    add_staff(desk.db, ("cara", "Cara Lind", StaffRole.ADMIN), seen_at=seen_at)
    return desk.sign_in("cara")


def open_person(page: Page, name: str) -> None:
    page.goto("/admin/staff")
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def member(desk: Desk, login: str) -> StaffMember:
    with desk.db.read() as uow:
        found = uow.staff.by_login(login)
        assert found is not None
        return found[0]


class TestAdministration:
    def test_given_an_agent_then_the_page_is_refused_and_the_menu_does_not_name_it(
        self, desk: Desk
    ) -> None:
        page = desk.sign_in("ana")
        expect(page.get_by_role("region", name="Waiting")).to_be_visible()
        page.get_by_role("button", name="Menu").click()
        expect(page.get_by_role("link", name="Change password")).to_be_visible()
        expect(page.get_by_role("link", name="Staff")).to_have_count(0)

        answer = page.goto("/admin/staff")

        assert answer is not None
        assert answer.status == 403
        expect(page.get_by_text("Your role does not allow this")).to_be_visible()
        assert page.request.post(f"{desk.url}/admin/staff/new").status == 403

    def test_given_a_new_person_then_the_password_shown_opens_and_they_must_choose_their_own(
        self, desk: Desk, admin: Page
    ) -> None:
        admin.goto("/admin/staff/new")
        admin.get_by_label("Sign-in name").fill("ana")
        admin.get_by_label("Name", exact=True).fill("Eva Neu")
        admin.get_by_label("Supervisor").check()
        admin.get_by_label("Chinese").check()
        admin.get_by_label("Damaged item").check()
        admin.get_by_role("button", name="Add").click()
        expect(admin.get_by_role("alert")).to_contain_text("Somebody has this sign-in name")
        expect(admin.get_by_label("Name", exact=True)).to_have_value("Eva Neu")
        expect(admin.get_by_label("Supervisor")).to_be_checked()
        expect(admin.get_by_label("Damaged item")).to_be_checked()

        admin.get_by_label("Sign-in name").fill("eva")
        admin.get_by_role("button", name="Add").click()
        password = admin.locator(".secret").nth(1).inner_text()

        page = desk.browser.new_context(base_url=desk.url).new_page()
        page.goto("/sign-in")
        page.get_by_label("Name").fill("eva")
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Choose your password")).to_be_visible()
        page.goto("/")
        expect(page).to_have_url(f"{desk.url}/password")
        expect(page.get_by_role("link", name="Later")).to_have_count(0)
        page.get_by_label("Password you have now").fill(password)
        page.get_by_label("New password").fill("seven quiet herons")
        page.get_by_role("button", name="Change password").click()
        expect(page.get_by_role("region", name="Waiting")).to_be_visible()
        eva = member(desk, "eva")
        assert (eva.role, eva.languages) == (StaffRole.SUPERVISOR, ("en", "zh"))
        assert eva.skills == ("damaged_item",)

    def test_given_a_person_when_edited_then_saved_and_told_in_their_history(
        self, desk: Desk, admin: Page
    ) -> None:
        open_person(admin, "Ben Okafor")
        admin.get_by_label("Supervisor").check()
        admin.get_by_label("Billing error").check()

        admin.get_by_role("button", name="Save").click()

        expect(admin.get_by_role("status")).to_have_text("Saved.")
        line = admin.get_by_role("region", name="History").get_by_role("listitem").first
        expect(line).to_contain_text("by Cara Lind")
        expect(line).to_contain_text("Role: Agent → Supervisor")
        expect(line).to_contain_text("Complaints: All → Billing error")

    def test_given_a_chat_when_its_person_is_deactivated_then_it_waits_and_they_are_shown_the_door(
        self, desk: Desk, admin: Page
    ) -> None:
        chat = desk.add_chat()
        ben = desk.sign_in("ben")
        open_and_claim(ben)
        open_person(admin, "Ben Okafor")

        admin.locator("summary", has_text="Deactivate").click()
        admin.get_by_role("button", name="Deactivate now").click()

        expect(admin.get_by_role("status")).to_contain_text("Deactivated.")
        expect(ben).to_have_url(f"{desk.url}/sign-in", timeout=PATIENCE_MS)
        assert claimed_by(desk, chat) is None
        with desk.db.read() as uow:
            waiting = uow.handoffs.get(chat.handoff_id)
        assert waiting is not None
        assert waiting.state is HandoffState.WAITING
        assert "Ben Okafor is no longer at the desk." in messages(desk, chat)[-1].text

        admin.get_by_role("button", name="Reactivate").click()
        expect(admin.get_by_role("status")).to_contain_text("Reactivated.")
        assert member(desk, "ben").active

    def test_given_a_forgotten_password_when_reset_then_a_new_one_is_shown_once(
        self, desk: Desk, admin: Page
    ) -> None:
        open_person(admin, "Ana Torres")
        admin.locator("summary", has_text="Reset password").click()
        admin.get_by_role("button", name="Make a new password").click()

        expect(admin.get_by_role("heading", name="One-time password of Ana Torres")).to_be_visible()
        assert len(admin.locator(".secret").nth(1).inner_text()) == 19
        admin.get_by_role("link", name="Done").click()
        expect(admin.get_by_role("region", name="History")).to_contain_text("Password reset")
        assert member(desk, "ana").password_is_made

    def test_given_my_own_account_then_no_step_locks_me_out(self, desk: Desk, admin: Page) -> None:
        open_person(admin, "Cara Lind")
        expect(admin.locator("summary")).to_have_count(0)

        admin.get_by_label("Trainer").check()
        admin.get_by_role("button", name="Save").click()

        expect(admin.get_by_role("alert")).to_contain_text("last administrator")
        assert member(desk, "cara").role is StaffRole.ADMIN

    def test_given_a_name_with_markup_then_it_stays_text(self, desk: Desk, admin: Page) -> None:
        open_person(admin, "Ana Torres")
        admin.get_by_label("Name", exact=True).fill('<b id="x">Ana</b>')
        admin.get_by_role("button", name="Save").click()

        expect(admin.get_by_role("heading", level=1)).to_have_text('<b id="x">Ana</b>')
        assert admin.locator("#x").count() == 0

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", [1280, 390])
    def test_given_each_page_then_axe_finds_nothing_and_nothing_runs_off_the_side(
        self, desk: Desk, admin: Page, scheme: str, width: int
    ) -> None:
        page = desk.sign_in("cara", viewport={"width": width, "height": 800}, color_scheme=scheme)
        expect(page.get_by_role("region", name="Waiting")).to_be_visible()
        someone = member(desk, "ana").id
        for path in ("/admin/staff", "/admin/staff/new", f"/admin/staff/{someone}"):
            page.goto(path)
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width

        page.get_by_role("button", name="Menu").click()
        expect(page.get_by_role("link", name="Second factor")).to_be_visible()
        assert violations(page) == []


class TestLanguage:
    def test_given_chinese_is_chosen_then_kept_for_the_person_on_every_page(
        self, desk: Desk, admin: Page
    ) -> None:
        admin.goto("/admin/staff")
        admin.get_by_role("button", name="Menu").click()
        admin.locator("#menu [lang=zh]").click()

        expect(admin).to_have_url(f"{desk.url}/admin/staff")
        expect(admin.locator("html")).to_have_attribute("lang", "zh")
        assert member(desk, "cara").language == "zh"
        admin.goto("/")
        expect(admin.locator("html")).to_have_attribute("lang", re.compile("^zh"))
        admin.goto("/password")
        expect(admin.locator("html")).to_have_attribute("lang", "zh")

    def test_given_a_browser_that_likes_chinese_then_the_door_speaks_it(self, desk: Desk) -> None:
        page = desk.browser.new_context(base_url=desk.url, locale="zh-CN").new_page()

        page.goto("/sign-in")

        expect(page.locator("html")).to_have_attribute("lang", "zh")

    def test_given_a_way_back_that_leads_elsewhere_then_it_leads_to_the_desk(
        self, desk: Desk
    ) -> None:
        page = desk.sign_in("ana")

        for back in ("https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example"):
            answer = page.request.post(
                f"{desk.url}/language", form={"language": "en", "back": back}, max_redirects=0
            )
            assert (answer.status, answer.headers["location"]) == (303, "/")

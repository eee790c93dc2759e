"""The second factor in a real browser: switched on, asked for, switched off."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from playwright.sync_api import Page, expect

from amends.handoff.staff_model import SecondFactor
from tests.desk.conftest import Desk
from tests.desk.seeding import PASSWORD
from tests.desk.test_accessibility import violations


@pytest.fixture
def desk_settings(request: pytest.FixtureRequest) -> dict[str, str]:
    return {"AMENDS_DESK_SECOND_FACTOR": getattr(request, "param", "optional")}


def secret_of(desk: Desk, login: str = "ana") -> str:
    with desk.db.read() as uow:
        found = uow.staff.by_login(login)
        assert found is not None
        secret = uow.second_factors.get(found[0].id).secret
        assert secret is not None
        return secret


def forget_last_step(desk: Desk, login: str = "ana") -> None:
    """Let the code of this very half minute count again, so that no test waits for the next."""
    with desk.db.write() as uow:
        found = uow.staff.by_login(login)
        assert found is not None
        factor = uow.second_factors.get(found[0].id)
        codes = SecondFactor(factor.secret, factor.enabled_at, None)
        uow.second_factors.put(found[0].id, codes)
        uow.commit()


def code_now(desk: Desk) -> str:
    return pyotp.TOTP(secret_of(desk)).now()


def wrong_code(desk: Desk) -> str:
    """Return a code of none of the steps that are near."""
    totp, now = pyotp.TOTP(secret_of(desk)), datetime.now(UTC)
    near = {totp.at(now + timedelta(seconds=30 * step)) for step in range(-3, 6)}
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in near)


def set_up(desk: Desk, page: Page) -> list[str]:
    """Switch the second factor on; returns the recovery codes."""
    page.goto("/second-factor")
    page.get_by_label("Code that the app shows").fill(code_now(desk))
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_role("heading", name="Your second factor is on")).to_be_visible()
    return page.locator(".codes li").all_text_contents()


def enter(page: Page, code: str) -> None:
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in").click()


class TestSecondFactor:
    @pytest.mark.parametrize("desk_settings", ["required"], indirect=True)
    def test_given_it_is_required_then_setting_it_up_comes_before_anything_else(
        self, desk: Desk
    ) -> None:
        page = desk.sign_in("ana")

        expect(page.get_by_role("heading", name="Set up your second factor")).to_be_visible()
        page.goto("/")
        expect(page).to_have_url(f"{desk.url}/second-factor")
        expect(page.get_by_role("link", name="Back to the desk")).to_have_count(0)

        set_up(desk, page)
        page.get_by_role("link", name="I have kept them").click()
        expect(page.get_by_role("region", name="Waiting")).to_be_visible()

    def test_given_it_is_switched_on_then_password_and_code_open_and_neither_alone(
        self, desk: Desk
    ) -> None:
        page = desk.sign_in("ana")
        set_up(desk, page)
        page.context.clear_cookies()
        forget_last_step(desk)

        page = desk.sign_in("ana")
        expect(page.get_by_label("Code")).to_be_focused()
        page.goto("/")
        expect(page).to_have_url(f"{desk.url}/sign-in")

        page.goto("/sign-in/code")
        enter(page, wrong_code(desk))
        expect(page.get_by_role("alert")).to_contain_text("The code is wrong or was used before.")
        enter(page, code_now(desk))
        expect(page.get_by_role("region", name="Waiting")).to_be_visible()

    def test_given_a_lost_phone_then_a_recovery_code_opens(self, desk: Desk) -> None:
        recovery = set_up(desk, desk.sign_in("ana"))
        assert len(set(recovery)) == 10

        page = desk.sign_in("ana")
        enter(page, recovery[0].upper())

        expect(page.get_by_role("region", name="Waiting")).to_be_visible()
        page.goto("/second-factor")
        expect(page.get_by_text("9 recovery codes are left.")).to_be_visible()

    def test_given_a_wrong_code_when_switching_on_then_the_same_picture_is_shown_again(
        self, desk: Desk
    ) -> None:
        page = desk.sign_in("ana")
        page.goto("/second-factor")
        shown = page.locator(".secret").inner_text().replace(" ", "")
        assert shown == secret_of(desk)

        page.get_by_label("Code that the app shows").fill(wrong_code(desk))
        page.get_by_role("button", name="Switch on").click()

        expect(page.get_by_role("alert")).to_contain_text("The code is wrong or too old.")
        assert page.locator(".secret").inner_text().replace(" ", "") == shown
        expect(page.get_by_role("img", name="Picture to scan")).to_be_visible()

    def test_given_password_and_code_then_it_is_switched_off_again(self, desk: Desk) -> None:
        page = desk.sign_in("ana")
        set_up(desk, page)
        forget_last_step(desk)
        page.goto("/second-factor")

        page.get_by_label("Password").fill("not the password")
        page.get_by_label("Code").fill(code_now(desk))
        page.get_by_role("button", name="Switch off").click()
        expect(page.get_by_role("alert")).to_be_visible()
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_label("Code").fill(code_now(desk))
        page.get_by_role("button", name="Switch off").click()

        expect(page.get_by_role("alert")).to_have_count(0)
        with desk.db.read() as uow:
            found = uow.staff.by_login("ana")
        assert found is not None
        assert not found[0].has_second_factor

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_given_each_page_then_axe_finds_nothing(self, desk: Desk, scheme: str) -> None:
        page = desk.sign_in("ana", viewport={"width": 390, "height": 800}, color_scheme=scheme)
        page.goto("/second-factor")
        assert violations(page) == []
        set_up(desk, page)
        assert violations(page) == []
        page.goto("/second-factor")
        assert violations(page) == []
        page.context.clear_cookies()

        page = desk.sign_in("ana", viewport={"width": 390, "height": 800}, color_scheme=scheme)
        expect(page.get_by_label("Code")).to_be_visible()
        assert violations(page) == []

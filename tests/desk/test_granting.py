"""Staff grant remedies, in a real browser."""

from playwright.sync_api import expect

from tests.desk.conftest import Desk
from tests.desk.pages import open_and_claim, transcript


class TestGranting:
    def test_given_confirmed_remedy_then_it_is_in_the_ledger_and_the_customer_is_told(
        self, desk: Desk
    ) -> None:
        chat = desk.add_chat(says=[("Order 10034 never came, and it was a present", -0.4)])
        page = desk.sign_in("ana")
        open_and_claim(page)

        page.get_by_role("toolbar").get_by_role("button", name="Grant").click()
        dialog = page.get_by_role("dialog", name="Grant a remedy")
        expect(dialog).to_contain_text("A voucher that grows with the delay")
        dialog.get_by_role("radio").nth(1).check()
        dialog.get_by_role("button", name="Continue").click()
        sure = page.get_by_role("dialog", name="Grant this now?")
        expect(sure).to_contain_text("€9.48")
        sure.get_by_role("button", name="Back").click()
        dialog.get_by_role("radio").first.check()
        dialog.get_by_role("button", name="Continue").click()
        expect(sure).to_contain_text("€4.74")
        will_read = sure.locator(".will-read").inner_text()
        sure.get_by_role("button", name="Grant and tell the customer").click()

        expect(transcript(page)).to_contain_text(will_read)
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

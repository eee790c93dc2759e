"""Who waits, and who takes a chat; two people at the desk, each in a real browser."""

import re

from playwright.sync_api import expect

from amends.desk.components.chat_list import MOST_SHOWN
from tests.desk.conftest import Desk, until
from tests.desk.pages import claimed_by, messages, mine, rows, transcript


class TestQueue:
    def test_given_chat_asks_for_a_person_then_it_appears_on_an_open_page(self, desk: Desk) -> None:
        page = desk.sign_in("ana")
        expect(page.get_by_text("Nobody waits. Well done.")).to_be_visible()

        desk.add_chat()

        expect(rows(page)).to_have_count(1)
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

    def test_given_more_than_a_page_carries_then_the_first_and_all_when_asked_for(
        self, desk: Desk
    ) -> None:
        for _ in range(MOST_SHOWN + 2):
            desk.add_chat(customer=None, order=None)
        urgent = desk.add_chat(customer="cus-vogt", reasons=("danger",))
        page = desk.sign_in("ana")

        expect(rows(page)).to_have_count(MOST_SHOWN)
        expect(rows(page).first).to_have_attribute("data-chat", urgent.handoff_id)
        expect(page.locator(".bar-counts")).to_have_text(f"{MOST_SHOWN + 3} waiting")
        page.get_by_role("button", name="Show 3 more").click()

        expect(rows(page)).to_have_count(MOST_SHOWN + 3)
        expect(page.get_by_role("button", name="more")).to_be_hidden()

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

        until(lambda: claimed_by(desk, chat) is not None)
        winner = claimed_by(desk, chat)
        won, lost = (ana, ben) if winner == "Ana Torres" else (ben, ana)
        expect(mine(won)).to_have_count(1)
        expect(lost.locator(".toast-error")).to_have_text(f"{winner} was faster and has this chat.")
        expect(lost.get_by_text(f"{winner} has this chat.", exact=False).last).to_be_visible()
        expect(lost.get_by_label("Message to the customer")).to_be_hidden()
        assert [m.text for m in messages(desk, chat)].count(f"{winner} has joined the chat.") == 1

"""Chats move between people: passed on, listened to, taken over, taken back; each in a browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from amends.conversations.model import Mode
from amends.handoff.model import StaffRole
from amends.values import utc_now
from tests.desk.conftest import Desk, until
from tests.desk.pages import (
    banner,
    claimed_by,
    listed,
    messages,
    mine,
    open_and_claim,
    pass_on,
    rows,
    transcript,
    with_claimed_chat,
)
from tests.desk.seeding import add_staff, customer_says
from tests.desk.test_accessibility import violations

NOTE = "She needs it before Friday."
BEN = re.compile("^Ben Okafor English")


@pytest.fixture
def desk(desk: Desk) -> Desk:
    long_ago = utc_now().replace(year=2026, month=1, day=1)
    add_staff(desk.db, ("cleo", "Cleo Adler", StaffRole.SUPERVISOR), seen_at=long_ago)
    return desk


def write_note(page: Page, words: str) -> None:
    page.keyboard.press("Alt+i")
    expect(page.get_by_label("Internal note")).to_be_focused()
    page.keyboard.type(words)
    page.keyboard.press("Enter")


class TestNotes:
    def test_given_a_note_then_colleagues_see_it_and_the_customers_log_does_not_change(
        self, desk: Desk
    ) -> None:
        chat, page = with_claimed_chat(desk)
        page.keyboard.type("Half a reply")
        before = messages(desk, chat)

        write_note(page, "Knows the shop manager")

        note = transcript(page).locator(".msg-note")
        expect(note).to_contain_text("Knows the shop manager")
        expect(note).to_contain_text("Internal note")
        expect(page.locator(".timeline-note")).to_have_text("Knows the shop manager")
        assert messages(desk, chat) == before
        page.keyboard.press("Alt+m")
        expect(page.get_by_label("Message to the customer")).to_have_value("Half a reply")
        assert violations(page) == []

    def test_given_a_half_written_note_then_it_never_stands_where_a_reply_is_sent(
        self, desk: Desk
    ) -> None:
        _, page = with_claimed_chat(desk)
        page.keyboard.press("Alt+i")
        page.get_by_label("Internal note").fill("He is lying, I think")

        page.keyboard.press("Alt+m")
        expect(page.get_by_label("Message to the customer")).to_have_value("")
        page.reload()
        expect(page.get_by_label("Message to the customer")).to_be_focused()
        page.keyboard.press("Alt+i")

        expect(page.get_by_label("Internal note")).to_have_value("He is lying, I think")


class TestPassOn:
    def test_given_passed_on_then_the_other_sees_the_note_takes_it_and_all_are_told(
        self, desk: Desk
    ) -> None:
        chat = desk.add_chat()
        ana, ben = desk.sign_in("ana"), desk.sign_in("ben")
        open_and_claim(ana)

        pass_on(ana, BEN, NOTE)

        expect(banner(ana)).to_contain_text("You have passed this chat on to Ben Okafor.")
        passed = listed(ben, "Passed to you")
        expect(passed).to_contain_text(f"Ana Torres: {NOTE}")
        expect(ben.locator(".toast-news")).to_contain_text("Ana Torres passes the chat")
        assert violations(ana) == []
        passed.click()
        expect(banner(ben)).to_contain_text(NOTE)
        assert violations(ben) == []
        ben.keyboard.press("Alt+c")

        expect(ben.get_by_label("Message to the customer")).to_be_focused()
        assert claimed_by(desk, chat) == "Ben Okafor"
        expect(mine(ana)).to_have_count(0)
        expect(ana.locator(".toast-news")).to_contain_text("Ben Okafor has taken the chat")
        told = [message.text for message in messages(desk, chat)]
        assert any("passing this chat on to Ben Okafor" in words for words in told)
        assert told[-1] == "Ben Okafor has joined the chat."
        assert not any(NOTE in words for words in told)

    def test_given_no_note_then_said_in_the_dialog_which_stays_open(self, desk: Desk) -> None:
        desk.add_chat()
        desk.sign_in("ben")
        page = desk.sign_in("ana")
        open_and_claim(page)
        expect(page.locator(".people li")).to_have_count(2)

        page.keyboard.press("Alt+p")
        dialog = page.get_by_role("dialog", name="Pass the chat on")
        expect(dialog).to_be_visible()
        assert violations(page, "page-has-heading-one") == []
        dialog.get_by_role("button", name="Pass on").click()

        expect(dialog.get_by_role("alert")).to_have_text("Write a note for whoever takes the chat.")
        expect(dialog).to_be_visible()

    def test_given_the_sender_takes_it_back_then_the_other_can_take_it_no_more(
        self, desk: Desk
    ) -> None:
        chat = desk.add_chat()
        ana, ben = desk.sign_in("ana"), desk.sign_in("ben")
        open_and_claim(ana)
        pass_on(ana, BEN, NOTE)
        listed(ben, "Passed to you").click()
        expect(ben.get_by_role("button", name="Take", exact=False)).to_be_visible()

        ana.keyboard.press("Alt+c")

        expect(ana.get_by_label("Message to the customer")).to_be_focused()
        expect(listed(ben, "Passed to you")).to_have_count(0)
        expect(banner(ben)).to_have_text("Ana Torres has this chat.")
        expect(transcript(ben)).to_be_hidden()
        assert claimed_by(desk, chat) == "Ana Torres"


class TestListenIn:
    def test_given_a_supervisor_reads_along_then_live_seen_by_its_person_and_nothing_changes(
        self, desk: Desk
    ) -> None:
        chat = desk.add_chat()
        ana, cleo = desk.sign_in("ana"), desk.sign_in("cleo")
        open_and_claim(ana)
        before = messages(desk, chat)

        row = listed(cleo, "All chats")
        expect(row).to_contain_text("With Ana Torres")
        expect(row).to_contain_text("Mood: negative")
        row.click()

        expect(banner(cleo)).to_contain_text("You read along, and Ana Torres sees it.")
        expect(ana.get_by_text("Cleo Adler listens in.")).to_be_visible()
        expect(cleo.get_by_label("Message to the customer")).to_have_count(0)
        expect(cleo.get_by_label("Internal note")).to_be_visible()
        assert messages(desk, chat) == before
        assert violations(cleo) == []
        assert violations(ana) == []
        customer_says(desk.db, chat, "Is anybody there?", utc_now())
        expect(transcript(cleo)).to_contain_text("Is anybody there?")

        cleo.get_by_label("Internal note").fill("Offer a call back")
        cleo.keyboard.press("Enter")
        expect(transcript(ana)).to_contain_text("Offer a call back")
        cleo.context.close()
        expect(ana.get_by_text("Cleo Adler listens in.")).to_be_hidden()

    def test_given_an_agent_then_a_colleagues_chat_is_not_read(self, desk: Desk) -> None:
        chat = desk.add_chat()
        ana, ben = desk.sign_in("ana"), desk.sign_in("ben")
        open_and_claim(ana)

        ben.goto(f"/?chat={chat.handoff_id}")

        expect(banner(ben)).to_have_text("Ana Torres has this chat.")
        expect(transcript(ben)).to_be_hidden()
        expect(listed(ben, "All chats")).to_have_count(0)


class TestTakeOver:
    def test_given_a_supervisor_takes_over_then_both_and_the_customer_are_told(
        self, desk: Desk
    ) -> None:
        chat = desk.add_chat()
        ana, cleo = desk.sign_in("ana"), desk.sign_in("cleo")
        open_and_claim(ana)
        ana.keyboard.type("I was just about to")
        listed(cleo, "All chats").click()
        expect(cleo.get_by_role("button", name="Take over")).to_be_visible()

        cleo.keyboard.press("Alt+o")
        dialog = cleo.get_by_role("dialog", name="Take this chat over?")
        expect(dialog).to_contain_text("Ana Torres is writing with this customer now.")
        cleo.keyboard.press("Tab")
        cleo.keyboard.press("Enter")

        expect(cleo.get_by_label("Message to the customer")).to_be_focused()
        expect(ana.locator(".toast-news")).to_contain_text("Cleo Adler has taken over the chat")
        expect(banner(ana)).to_have_text("Cleo Adler has this chat.")
        expect(ana.locator(".composer")).to_be_hidden()
        assert messages(desk, chat)[-1].text == "Cleo Adler takes over this chat from Ana Torres."
        expect(cleo.locator(".timeline")).to_contain_text("Took the chat over from Ana Torres")


class TestTakeBack:
    def test_given_returned_to_the_bot_then_who_returned_it_takes_it_back(self, desk: Desk) -> None:
        chat, page = with_claimed_chat(desk)
        page.keyboard.press("Alt+b")
        page.get_by_role("dialog").get_by_role("button", name="Return to bot").click()
        expect(banner(page)).to_have_text("This chat is with the assistant again.")
        expect(listed(page, "Returned to the bot")).to_have_count(1)
        expect(page.get_by_role("button", name="Take back from the bot")).to_be_focused()
        assert violations(page) == []

        page.keyboard.press("Alt+c")

        expect(page.get_by_label("Message to the customer")).to_be_focused()
        expect(mine(page)).to_have_count(1)
        expect(listed(page, "Returned to the bot")).to_have_count(0)
        with desk.db.read() as uow:
            talk = uow.conversations.get(chat.conversation_id)
        assert talk is not None
        assert talk.mode is Mode.STAFF


class TestForMe:
    def test_given_another_language_then_marked_behind_what_fits_and_hidden_on_request(
        self, desk: Desk
    ) -> None:
        chinese = desk.add_chat(customer="cus-vogt", minutes_ago=9)
        with desk.db.write() as uow:
            uow.conversations.set_language(chinese.conversation_id, "zh")
            uow.commit()
        desk.add_chat(minutes_ago=2)
        page = desk.sign_in("ana")

        expect(rows(page)).to_have_text(
            [re.compile("Camille"), re.compile("Lena.*Other language: Chinese", re.S)]
        )
        page.get_by_role("button", name="For me").click()
        expect(rows(page)).to_have_count(1)
        page.reload()
        expect(rows(page)).to_have_count(1)
        page.get_by_role("button", name="All", exact=True).click()
        expect(rows(page)).to_have_count(2)


def test_given_several_chats_then_digits_switch_and_what_waits_is_said(desk: Desk) -> None:
    first = desk.add_chat()
    desk.add_chat(customer="cus-vogt")
    page = desk.sign_in("ana")
    open_and_claim(page)
    open_and_claim(page)
    expect(mine(page)).to_have_count(2)

    customer_says(desk.db, first, "Hello?", utc_now())
    expect(page.locator(".toast-news")).to_contain_text("Camille Moreau wrote to you")
    page.keyboard.press("Alt+1")

    expect(page.locator(".chat-head h2")).to_have_text("Camille Moreau")
    expect(mine(page).first).to_have_attribute("aria-current", "true")
    until(lambda: claimed_by(desk, first) == "Ana Torres")

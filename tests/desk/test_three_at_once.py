"""A customer at the real gateway and two people at the desk, on one database."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from amends.conversations.model import Mode
from amends.handoff import fallbacks
from amends.handoff import use_cases as handoff
from amends.values import utc_now
from tests.desk.conftest import Desk, until
from tests.desk.gateway import BOT, Customer, Gateway, running_gateway
from tests.desk.pages import banner, listed, mine, open_and_claim, pass_on, rows, transcript

NOTE = "Private: she cried on the phone"
BEN = re.compile("^Ben Okafor English")


@pytest.fixture
def gateway(desk: Desk) -> Iterator[Gateway]:
    with running_gateway(desk) as opened:
        yield opened


@pytest.fixture
def customer(desk: Desk, gateway: Gateway) -> Customer:
    """Somebody whom the assistant has answered, and who asked for a person then."""
    opened = gateway.customer()
    opened.say("My lamp came in pieces")
    until(lambda: opened.reads(BOT))
    ask_for_person(desk, opened)
    return opened


def ask_for_person(desk: Desk, customer: Customer) -> None:
    with desk.db.write() as uow:
        handoff.request(uow, desk.thresholds, customer.id, ("customer_asked",), utc_now())
        uow.commit()


def mode(desk: Desk, customer: Customer) -> Mode:
    with desk.db.read() as uow:
        talk = uow.conversations.get(customer.id)
        assert talk is not None
        return talk.mode


def answer(page: Page, words: str) -> None:
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(transcript(page)).to_contain_text(words)


class TestThreeAtOnce:
    def test_given_claimed_noted_passed_on_and_answered_then_the_customer_hears_all_but_the_note(
        self, desk: Desk, customer: Customer
    ) -> None:
        ana, ben = desk.sign_in("ana"), desk.sign_in("ben")
        open_and_claim(ana)
        until(lambda: customer.reads("Ana Torres has joined the chat."))
        answer(ana, "I am Ana, I am on it.")
        until(lambda: customer.reads("I am Ana, I am on it."))

        pass_on(ana, BEN, NOTE)
        until(lambda: customer.reads("passing this chat on to Ben Okafor"))
        customer.say("Is somebody there?")
        expect(transcript(ana)).to_contain_text("Is somebody there?")
        listed(ben, "Passed to you").click()
        expect(transcript(ben)).to_contain_text(NOTE)
        ben.get_by_role("button", name="Take", exact=False).click()
        expect(ben.get_by_label("Message to the customer")).to_be_focused()
        answer(ben, "Ben here, it comes on Friday.")

        until(lambda: customer.reads("Ben here, it comes on Friday."))
        assert customer.page().count(BOT) == 1, "only what it said before anybody was there"
        assert NOTE not in customer.page()

    def test_given_the_bots_answer_is_under_way_when_a_person_claims_then_it_is_never_said(
        self, desk: Desk, gateway: Gateway, customer: Customer
    ) -> None:
        page = desk.sign_in("ana")
        gateway.engine.may_answer.clear()
        gateway.engine.under_way.clear()
        customer.say("And my chair is broken too")
        assert gateway.engine.under_way.wait(20)

        open_and_claim(page)
        gateway.engine.may_answer.set()
        answer(page, "I look at both.")

        until(lambda: customer.reads("I look at both."))
        until(lambda: len(gateway.engine.answered) == 2)
        customer.say("Thank you")  # what follows it in the log was decided after the bot's answer
        expect(transcript(page)).to_contain_text("Thank you")
        assert customer.page().count(BOT) == 1

    def test_given_taken_back_from_the_bot_while_it_answers_then_it_falls_silent_at_once(
        self, desk: Desk, gateway: Gateway, customer: Customer
    ) -> None:
        page = desk.sign_in("ana")
        open_and_claim(page)
        page.keyboard.press("Alt+b")
        page.get_by_role("dialog").get_by_role("button", name="Return to bot").click()
        expect(page.get_by_role("button", name="Take back from the bot")).to_be_visible()
        gateway.engine.may_answer.clear()
        gateway.engine.under_way.clear()
        customer.say("Are you the robot again?")
        assert gateway.engine.under_way.wait(20)

        page.get_by_role("button", name="Take back from the bot").click()
        expect(page.get_by_label("Message to the customer")).to_be_focused()
        gateway.engine.may_answer.set()
        until(lambda: len(gateway.engine.answered) == 2)
        answer(page, "No, it is me.")

        until(lambda: customer.reads("No, it is me."))
        assert customer.page().count(BOT) == 1

    def test_given_a_laptop_is_closed_then_the_chat_waits_again_and_the_customer_is_told(
        self, desk: Desk, customer: Customer
    ) -> None:
        ana, ben = desk.sign_in("ana"), desk.sign_in("ben")
        open_and_claim(ana)
        answer(ana, "One moment please.")
        expect(rows(ben)).to_have_count(0)

        ana.context.close()
        with desk.db.write() as uow:  # as the gateway's job does, some minutes later
            (taken,) = uow.handoffs.claimed()
            later = utc_now() + desk.thresholds.gone_after + timedelta(minutes=1)
            assert fallbacks.take_away(uow, desk.thresholds, taken.id, later)
            uow.commit()

        expect(rows(ben)).to_have_count(1)
        assert customer.reads("Ana Torres is no longer at the desk.")
        assert mode(desk, customer) is Mode.WAITING
        open_and_claim(ben)
        expect(mine(ben)).to_have_count(1)
        until(lambda: customer.reads("Ben Okafor has joined the chat."))

    def test_given_nobody_takes_what_is_passed_on_then_all_may_and_the_customer_is_told(
        self, desk: Desk, customer: Customer
    ) -> None:
        ana, ben = desk.sign_in("ana"), desk.sign_in("ben")
        open_and_claim(ana)
        pass_on(ana, BEN, NOTE)
        expect(listed(ben, "Passed to you")).to_have_count(1)

        with desk.db.write() as uow:
            (passed,) = uow.handoffs.claimed()
            later = utc_now() + desk.thresholds.transfer_within
            assert fallbacks.take_away(uow, desk.thresholds, passed.id, later)
            uow.commit()

        expect(listed(ben, "Passed to you")).to_have_count(0)
        expect(rows(ben)).to_have_count(1)
        assert customer.reads("Nobody could take over from Ana Torres so far.")
        expect(ana.locator(".toast-news").last).to_contain_text("is back in the queue")
        expect(banner(ana)).to_be_hidden()
        expect(ana.get_by_role("button", name="Claim")).to_be_visible()

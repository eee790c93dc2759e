"""A chat goes back to the assistant or to the queue, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from amends.conversations.model import Draft, Mode, Role
from amends.handoff.model import Handoff, HandoffState
from amends.satisfaction.model import Survey
from amends.values import utc_now
from tests.desk.conftest import Desk
from tests.desk.pages import messages, mine, open_and_claim, rows, with_claimed_chat
from tests.desk.seeding import Chat


class TestHandingOn:
    def test_given_returned_to_the_bot_then_the_assistant_has_it_and_the_customer_is_told(
        self, desk: Desk
    ) -> None:
        chat, page = with_claimed_chat(desk)

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


class TestWasAPersonNeeded:
    def end(self, page: Page, button: str, answer: str) -> None:
        page.get_by_role("toolbar").get_by_role("button", name=button).click()
        dialog = page.get_by_role("dialog")
        if answer:
            dialog.get_by_role("radio", name=answer).check()
        dialog.get_by_role("button", name=button).click()
        expect(mine(page)).to_have_count(0)

    def stored(self, desk: Desk, chat: Chat) -> Handoff:
        with desk.db.read() as uow:
            found = uow.handoffs.get(chat.handoff_id)
        assert found is not None
        return found

    @pytest.mark.parametrize(
        ("button", "answer", "needed"),
        [
            ("Return to bot", "No", False),
            ("Resolve", "Yes", True),
            ("Resolve", "", None),
        ],
    )
    def test_given_an_answer_or_none_when_a_chat_ends_then_it_is_kept(
        self, desk: Desk, button: str, answer: str, needed: bool | None
    ) -> None:
        chat, page = with_claimed_chat(desk)

        self.end(page, button, answer)

        ended = self.stored(desk, chat)
        assert ended.state is HandoffState.ENDED
        assert ended.was_needed is needed

    def test_given_an_answer_that_was_not_sent_then_the_next_dialog_begins_without_it(
        self, desk: Desk
    ) -> None:
        chat, page = with_claimed_chat(desk)
        page.get_by_role("button", name="Resolve").click()
        page.get_by_role("dialog").get_by_role("radio", name="Yes").check()
        page.get_by_role("dialog").get_by_role("button", name="Cancel").click()

        self.end(page, "Resolve", "")

        assert self.stored(desk, chat).was_needed is None

    def test_given_a_mark_when_corrected_on_the_page_of_the_case_then_it_tells_so(
        self, desk: Desk
    ) -> None:
        chat, page = with_claimed_chat(desk)
        self.end(page, "Resolve", "Yes")
        with desk.db.read() as uow:
            case = uow.cases.get(chat.case_id)
        assert case is not None

        page.goto(f"/cases/{case.number}")
        expect(page.get_by_label("Was a person needed?")).to_have_value("yes")
        page.get_by_label("Was a person needed?").select_option("no")
        page.get_by_role("button", name="Save").click()

        expect(page.get_by_role("status")).to_have_text("Saved.")
        told = "Whether a person was needed, changed from yes to no"
        expect(page.get_by_role("region", name="What happened")).to_contain_text(told)
        assert self.stored(desk, chat).was_needed is False

    def test_given_no_person_has_ended_the_chat_then_the_page_does_not_ask(
        self, desk: Desk
    ) -> None:
        chat = desk.add_chat()
        with desk.db.read() as uow:
            case = uow.cases.get(chat.case_id)
        assert case is not None
        page = desk.sign_in("ana")
        expect(page).to_have_url(f"{desk.url}/")

        page.goto(f"/cases/{case.number}")

        expect(page.get_by_label("Root cause")).to_be_visible()
        expect(page.get_by_label("Was a person needed?")).to_have_count(0)


class TestRating:
    def test_given_the_customer_rates_while_the_chat_is_open_then_the_line_says_how(
        self, desk: Desk
    ) -> None:
        chat = desk.add_chat()
        with desk.db.write() as uow:
            draft = Draft(Role.SYSTEM, "How did we do?", card={"kind": "survey"})
            uow.conversations.append(chat.conversation_id, draft, utc_now())
            uow.commit()
        page = desk.sign_in("ana")
        open_and_claim(page)
        expect(page.get_by_text("Rating asked")).to_be_visible()

        with desk.db.write() as uow:
            uow.surveys.add(Survey(chat.conversation_id, chat.case_id, 2, "", utc_now()))
            draft = Draft(Role.CUSTOMER, "As I said.")
            uow.conversations.append(chat.conversation_id, draft, utc_now())
            uow.commit()

        expect(page.get_by_text("Rated 2 of 5")).to_be_visible()
        expect(page.get_by_text("Rating asked")).to_have_count(0)

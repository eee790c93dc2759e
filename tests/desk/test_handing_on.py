"""A chat goes back to the assistant or to the queue, in a real browser."""

from playwright.sync_api import expect

from amends.conversations.model import Mode, Role
from amends.handoff.model import HandoffState
from tests.desk.conftest import Desk
from tests.desk.pages import messages, mine, open_and_claim, rows


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

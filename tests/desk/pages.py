"""The parts of an open desk page, and what is in the database behind it."""

from playwright.sync_api import Page, expect

from tests.desk.conftest import Desk
from tests.desk.seeding import Chat


def rows(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_role("region", name="Waiting").locator(".row")


def mine(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_role("region", name="My chats").locator(".row")


def listed(page: Page, name: str):  # type: ignore[no-untyped-def]
    """The rows of a list that is shown only when somebody is on it."""
    return page.get_by_role("region", name=name).locator(".row")


def banner(page: Page):  # type: ignore[no-untyped-def]
    return page.locator(".banner:not(.listeners)")


def pass_on(page: Page, target: str, note: str) -> None:
    """Pass the open chat on, from the button to the dialog's end."""
    page.get_by_role("button", name="Pass on").click()
    dialog = page.get_by_role("dialog", name="Pass the chat on")
    dialog.get_by_role("radio", name=target).check()
    dialog.get_by_label("Note for whoever takes it").fill(note)
    dialog.get_by_role("button", name="Pass on").click()
    expect(dialog).to_be_hidden()


def transcript(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_role("log", name="Transcript")


def open_and_claim(page: Page) -> None:
    rows(page).first.click()
    page.get_by_role("button", name="Claim").click()
    expect(page.get_by_label("Message to the customer")).to_be_focused()


def with_claimed_chat(desk: Desk) -> tuple[Chat, Page]:
    """Add a chat that Ana has claimed; return it with her page."""
    chat = desk.add_chat()
    page = desk.sign_in("ana")
    open_and_claim(page)
    return chat, page


def messages(desk: Desk, chat: Chat):  # type: ignore[no-untyped-def]
    with desk.db.read() as uow:
        return list(uow.conversations.after(chat.conversation_id, 0))


def claimed_by(desk: Desk, chat: Chat) -> str | None:
    with desk.db.read() as uow:
        found = uow.handoffs.get(chat.handoff_id)
        member = uow.staff.get(found.claimed_by) if found and found.claimed_by else None
        return member.name if member else None

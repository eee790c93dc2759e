"""Staff ask for what no clause gives, and somebody else approves it, in two browsers."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from amends.compensation.clauses import EXCEPTION
from amends.handoff.approval_model import ApprovalState
from amends.handoff.model import StaffRole
from tests.desk.conftest import Desk
from tests.desk.pages import open_and_claim, transcript
from tests.desk.seeding import Chat, add_staff
from tests.desk.test_accessibility import violations
from tests.desk.test_requests import card, requests, stored

STORY = [("Order 10034 never came, and it was a present", -0.4)]
WHY = "It was a present for her mother"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    add_staff(
        desk.db,
        ("sam", "Sam Reyes", StaffRole.SUPERVISOR),
        seen_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return desk


def open_dialog(page: Page):  # type: ignore[no-untyped-def]
    page.get_by_role("toolbar").get_by_role("button", name="Grant").click()
    grant = page.get_by_role("dialog", name="Grant a remedy")
    expect(grant).to_contain_text("up to €40.00; somebody else has to approve it.")
    grant.get_by_role("button", name="Ask for an exception").click()
    dialog = page.get_by_role("dialog", name="Ask for an exception")
    expect(dialog).to_be_visible()
    return dialog


def send(dialog, amount: str, why: str = WHY) -> None:  # type: ignore[no-untyped-def]
    dialog.get_by_label("Amount in EUR, at most €40.00").fill(amount)
    dialog.get_by_label("Why, in a few words").fill(why)
    dialog.get_by_role("button", name="Send the request").click()


def agent_in_chat(desk: Desk, **features: object) -> tuple[Chat, Page]:
    chat = desk.add_chat(says=STORY)
    page = desk.sign_in("ana", **features)
    open_and_claim(page)
    return chat, page


def test_given_an_exception_asked_for_when_approved_then_granted_and_marked(desk: Desk) -> None:
    boss = desk.sign_in("sam")
    chat, agent = agent_in_chat(desk)
    send(open_dialog(agent), "12,50")
    expect(agent.get_by_role("dialog")).to_have_count(0)
    expect(card(agent)).to_contain_text("Waits for a decision")
    expect(card(agent)).to_contain_text("exception")
    with desk.db.read() as uow:
        assert not uow.ledger.offers_of_case(chat.case_id)

    requests(boss).click()
    expect(card(boss)).to_contain_text(WHY)
    card(boss).get_by_role("button", name="Approve").click()
    sure = boss.get_by_role("dialog", name="Approve this request?")
    expect(sure).to_contain_text("€12.50")
    sure.get_by_role("button", name="Approve and tell the customer").click()

    expect(transcript(agent)).to_contain_text("(€12.50)")
    expect(card(agent)).to_contain_text("Approved")
    assert stored(desk, chat).state is ApprovalState.APPROVED
    with desk.db.read() as uow:
        (offer,) = uow.ledger.offers_of_case(chat.case_id)
    assert [one.clauses for one in offer.remedies] == [(EXCEPTION,)]


def test_given_wrong_use_then_a_sentence_says_so_and_what_was_typed_stays(desk: Desk) -> None:
    chat, page = agent_in_chat(desk)
    dialog = open_dialog(page)

    for amount, sentence in (
        ("lots", "Write the amount in figures"),
        ("12.345", "Write the amount in figures"),
        ("40.01", "This exception is not possible"),
        ("0", "This exception is not possible"),
    ):
        send(dialog, amount)
        expect(dialog.get_by_role("alert")).to_contain_text(sentence)
        expect(dialog.get_by_label("Why, in a few words")).to_have_value(WHY)
    send(dialog, "5", "")
    expect(dialog.get_by_role("alert")).to_contain_text("say in a few words why")

    with desk.db.read() as uow:
        assert not uow.approvals.of_case(chat.case_id)


def test_given_the_keyboard_alone_then_an_exception_can_be_asked_for(desk: Desk) -> None:
    chat, page = agent_in_chat(desk)
    page.keyboard.press("Alt+g")
    button = page.get_by_role("button", name="Ask for an exception")
    expect(button).to_be_visible()
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Ask for an exception")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Amount in EUR").focus()
    page.keyboard.type("5")
    page.keyboard.press("Tab")
    page.keyboard.type(WHY)
    for _ in range(2):  # past Cancel
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(card(page)).to_contain_text(WHY)
    assert stored(desk, chat).asked_by


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_given_the_dialog_then_axe_finds_nothing(desk: Desk, scheme: str, width: int) -> None:
    size = {"width": width, "height": 900}
    _, page = agent_in_chat(desk, viewport=size, color_scheme=scheme)
    open_dialog(page)

    # Behind a modal dialog the page with its first heading is inert.
    assert violations(page, "page-has-heading-one") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width

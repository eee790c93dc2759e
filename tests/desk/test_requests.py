"""What is beyond one's authority is asked for, and decided on by somebody else, in two browsers."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from amends.handoff.approval_model import Approval, ApprovalState
from amends.handoff.model import StaffRole
from tests.desk.conftest import PROJECT, Desk
from tests.desk.pages import open_and_claim, transcript
from tests.desk.seeding import Chat, add_staff
from tests.desk.test_accessibility import violations

STORY = [("Order 10034 never came, and it was a present", -0.4)]


@pytest.fixture
def desk_settings(tmp_path: Path) -> dict[str, str]:
    """Agents may grant no vouchers here."""
    text = (PROJECT / "policies/retail.yml").read_text(encoding="utf-8")
    agent = "  agent:\n    goodwill_per_case"
    assert text.count(agent) == 1
    strict = "  agent:\n    may_not_grant: [voucher]\n    goodwill_per_case"
    policy = tmp_path / "strict.yml"
    policy.write_text(text.replace(agent, strict), encoding="utf-8")
    return {"AMENDS_POLICY_PATH": str(policy)}


@pytest.fixture
def desk(desk: Desk) -> Desk:
    people = (("sam", "Sam Reyes", StaffRole.SUPERVISOR), ("mia", "Mia Chen", StaffRole.MANAGER))
    add_staff(desk.db, *people, seen_at=datetime(2026, 1, 1, tzinfo=UTC))
    return desk


def ask(page: Page, note: str = "It was a present") -> None:
    """Ask for the first option that is beyond one's authority."""
    page.get_by_role("toolbar").get_by_role("button", name="Grant").click()
    grant = page.get_by_role("dialog", name="Grant a remedy")
    expect(grant).to_contain_text("late-voucher")
    grant.get_by_role("button", name="Ask for it").click()
    dialog = page.get_by_role("dialog", name="Ask a supervisor")
    expect(dialog).to_contain_text("€4.74")
    dialog.get_by_label("Why, in a few words").fill(note)
    dialog.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def requests(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_role("region", name="Requests").locator(".row")


def card(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_role("complementary", name="Case").locator(".request")


def stored(desk: Desk, chat: Chat) -> Approval:
    with desk.db.read() as uow:
        (found,) = uow.approvals.of_case(chat.case_id)
    return found


def asked(desk: Desk) -> tuple[Chat, Page]:
    chat = desk.add_chat(says=STORY)
    agent = desk.sign_in("ana")
    open_and_claim(agent)
    ask(agent)
    expect(card(agent)).to_contain_text("Waits for a decision")
    return chat, agent


class TestDeciding:
    @pytest.mark.parametrize("login", ["sam", "mia"])
    def test_given_approved_then_granted_once_and_the_person_who_asked_is_told(
        self, desk: Desk, login: str
    ) -> None:
        boss = desk.sign_in(login)
        expect(boss.get_by_role("region", name="Requests")).to_have_count(0)
        chat, agent = asked(desk)

        expect(requests(boss)).to_have_count(1)
        requests(boss).click()
        expect(card(boss)).to_contain_text("It was a present")
        card(boss).get_by_role("button", name="Approve").click()
        sure = boss.get_by_role("dialog", name="Approve this request?")
        expect(sure).to_contain_text("€4.74")
        sure.get_by_role("button", name="Approve and tell the customer").click()

        expect(agent.locator(".toast-news")).to_contain_text("approved what you asked for")
        expect(card(agent)).to_contain_text("Approved")
        expect(transcript(agent)).to_contain_text("I have arranged this for you")
        expect(boss.get_by_role("region", name="Requests")).to_have_count(0)
        kept = stored(desk, chat)
        assert kept.state is ApprovalState.APPROVED
        with desk.db.read() as uow:
            (offer,) = uow.ledger.offers_of_case(chat.case_id)
        assert offer.id == kept.offer_id

    def test_given_refused_with_a_reason_then_the_person_who_asked_reads_it(
        self, desk: Desk
    ) -> None:
        chat, agent = asked(desk)
        boss = desk.sign_in("sam")
        requests(boss).click()

        card(boss).get_by_role("button", name="Refuse").click()
        dialog = boss.get_by_role("dialog", name="Refuse this request?")
        dialog.get_by_role("button", name="Refuse").click()
        expect(dialog.get_by_role("alert")).to_contain_text("say in a few words why")
        dialog.get_by_label("Reason for Ana Torres").fill("Not for so few days")
        dialog.get_by_role("button", name="Refuse").click()

        expect(agent.locator(".toast-news")).to_contain_text("Not for so few days")
        expect(card(agent)).to_contain_text("Sam Reyes: Not for so few days")
        assert stored(desk, chat).state is ApprovalState.REFUSED
        with desk.db.read() as uow:
            assert not uow.ledger.offers_of_case(chat.case_id)

    def test_given_two_who_decide_at_once_then_the_second_is_told_who_was_faster(
        self, desk: Desk
    ) -> None:
        chat, _ = asked(desk)
        first, second = desk.sign_in("sam"), desk.sign_in("mia")
        for page in (first, second):
            requests(page).click()
            card(page).get_by_role("button", name="Approve").click()
            expect(page.get_by_role("dialog", name="Approve this request?")).to_be_visible()

        for page in (first, second):
            page.get_by_role("button", name="Approve and tell the customer").click()
            expect(page.get_by_role("dialog")).to_have_count(0)
            expect(page.get_by_role("region", name="Requests")).to_have_count(0)

        expect(second.locator(".toast-error")).to_contain_text("Sam Reyes was faster")
        with desk.db.read() as uow:
            assert len(uow.ledger.offers_of_case(chat.case_id)) == 1


class TestAsking:
    def test_given_no_note_then_told_in_the_dialog_and_the_choice_stays(self, desk: Desk) -> None:
        desk.add_chat(says=STORY)
        page = desk.sign_in("ana")
        open_and_claim(page)
        page.get_by_role("toolbar").get_by_role("button", name="Grant").click()
        page.get_by_role("button", name="Ask for it").click()
        dialog = page.get_by_role("dialog", name="Ask a supervisor")
        dialog.locator("input[name=approval]").last.check()

        dialog.get_by_role("button", name="Send the request").click()

        expect(dialog.get_by_role("alert")).to_contain_text("say in a few words why")
        expect(dialog.locator("input[name=approval]").last).to_be_checked()

    def test_given_taken_back_then_nobody_is_asked_any_more(self, desk: Desk) -> None:
        boss = desk.sign_in("sam")
        chat, agent = asked(desk)
        expect(requests(boss)).to_have_count(1)

        card(agent).get_by_role("button", name="Take the request back").click()

        expect(card(agent)).to_contain_text("Taken back")
        expect(boss.get_by_role("region", name="Requests")).to_have_count(0)
        assert stored(desk, chat).state is ApprovalState.WITHDRAWN

    def test_given_agent_then_sees_no_list_of_requests_and_cannot_decide(self, desk: Desk) -> None:
        _, agent = asked(desk)

        expect(agent.get_by_role("region", name="Requests")).to_have_count(0)
        expect(card(agent).get_by_role("button", name="Approve")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_given_a_request_then_axe_finds_nothing(desk: Desk, scheme: str, width: int) -> None:
    asked(desk)
    page = desk.sign_in("sam", viewport={"width": width, "height": 900}, color_scheme=scheme)
    expect(requests(page)).to_have_count(1)
    assert violations(page) == []

    requests(page).click()
    if width < 700:
        page.get_by_role("navigation", name="Views").get_by_role("button", name="Case").click()
    expect(card(page)).to_be_visible()
    assert violations(page) == []
    card(page).get_by_role("button", name="Refuse").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page, "page-has-heading-one") == []

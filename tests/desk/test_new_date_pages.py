"""Staff give a promise a new date, from the chat and from the case, in a real browser."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from amends.cases import promising
from amends.cases.model import Promise
from amends.compensation import use_cases as compensation
from amends.handoff import new_dates
from amends.handoff import use_cases as handoff
from amends.handoff.model import StaffRole
from amends.values import utc_now
from tests.desk.conftest import Desk
from tests.desk.pages import messages, open_and_claim, transcript
from tests.desk.seeding import Chat, add_staff
from tests.desk.test_accessibility import violations
from tests.desk.test_case_pages import add_case

WHY = "The carrier lost the parcel"
LINK = "Give a new date"


def late(desk: Desk) -> tuple[Chat, str]:
    """A case whose accepted remedies are under way, each late."""
    chat, number = add_case(desk, order="10045", customer="cus-collins")
    day = timedelta(days=1)
    with desk.db.write() as uow:
        offer = compensation.decide_case(uow, desk.policy, chat.case_id, utc_now()).offer
        assert offer is not None
        compensation.accept(uow, offer.id, 0, utc_now() - 12 * day)
        case = uow.cases.get(chat.case_id)
        assert case is not None
        for promise in uow.promises.of_case(case.id):
            if promise.remedy_id:
                promising.break_promise(uow, case, promise, utc_now() - day)
        uow.commit()
    return chat, number


def newest(desk: Desk, chat: Chat) -> Promise:
    with desk.db.read() as uow:
        return max(uow.promises.of_case(chat.case_id), key=lambda one: one.made_at)


def count(desk: Desk, chat: Chat) -> int:
    with desk.db.read() as uow:
        return len([p for p in uow.promises.of_case(chat.case_id) if p.remedy_id])


def give(page: Page, reason: str = WHY) -> None:
    page.get_by_label("Why, in a few words (required)").fill(reason)
    page.get_by_role("button", name="Give it and tell the customer").click()


class TestFromTheCase:
    def test_given_a_late_promise_when_moved_then_the_customer_is_told_and_both_are_listed(
        self, desk: Desk
    ) -> None:
        chat, number = late(desk)
        page = desk.enter(f"/cases/{number}", "ana")
        panel = page.get_by_role("region", name="Promises")
        links = panel.get_by_role("link", name=LINK)
        before = links.count()
        links.first.click()
        suggested = page.get_by_label("By when it will be done").input_value()

        give(page)

        expect(page.get_by_role("status")).to_have_text("Saved.")
        expect(panel).to_contain_text("Broken, new date given")
        expect(panel.get_by_text("Another new date is for a supervisor.")).to_have_count(1)
        expect(links).to_have_count(before - 1)
        expect(page.get_by_role("region", name="What happened")).to_contain_text(WHY)
        said = messages(desk, chat)[-1].text
        assert "We have not kept that, and we are sorry." in said
        assert WHY not in said
        due_at = newest(desk, chat).due_at
        assert due_at.replace(tzinfo=None) == datetime.fromisoformat(suggested)

    def test_given_wrong_use_then_a_sentence_says_so_and_what_was_typed_stays(
        self, desk: Desk
    ) -> None:
        chat, number = late(desk)
        before = count(desk, chat)
        page = desk.enter(f"/cases/{number}", "ana")
        page.get_by_role("link", name=LINK).first.click()
        page.evaluate("document.querySelector('form.form').noValidate = true")

        page.get_by_label("By when it will be done").fill("2026-01-01T10:00")
        give(page)

        expect(page.get_by_role("alert")).to_contain_text("This time has passed already")
        expect(page.get_by_label("Why, in a few words (required)")).to_have_value(WHY)
        page.evaluate("document.querySelector('form.form').noValidate = true")
        far = (utc_now() + timedelta(days=40)).strftime("%Y-%m-%dT%H:%M")
        page.get_by_label("By when it will be done").fill(far)
        give(page)
        expect(page.get_by_role("alert")).to_contain_text("within the next 30 days")
        page.evaluate("document.querySelector('form.form').noValidate = true")
        page.get_by_label("By when it will be done").fill("")
        give(page)
        expect(page.get_by_role("alert")).to_contain_text("as a day and a time")
        assert count(desk, chat) == before

    def test_given_a_promise_that_was_moved_meanwhile_then_a_sentence_says_so(
        self, desk: Desk
    ) -> None:
        chat, number = late(desk)
        page = desk.enter(f"/cases/{number}", "ana")
        page.get_by_role("link", name=LINK).first.click()
        promise_id, hours = page.url.split("/")[-1].split("?")[0], desk.thresholds.hours
        with desk.db.write() as uow:
            (ana,) = (one for one in uow.staff.all() if one.login == "ana")
            now = utc_now()
            due_at = now + timedelta(days=2)
            new_dates.give(uow, hours, promise_id, chat.case_id, due_at, WHY, ana, now)
            uow.commit()

        give(page)

        expect(page.get_by_text("A new date was given already")).to_be_visible()
        page.goto(f"/cases/{number}/promises/nothing")
        expect(page.get_by_text("There is no such promise in this case.")).to_be_visible()

    def test_given_a_role_that_edits_no_cases_then_the_promises_are_only_shown(
        self, desk: Desk
    ) -> None:
        _, number = late(desk)
        add_staff(desk.db, ("tim", "Tim Vale", StaffRole.TRAINER), seen_at=utc_now())
        page = desk.enter(f"/cases/{number}", "tim")

        panel = page.get_by_role("region", name="Promises")
        expect(panel).to_contain_text("Broken")
        expect(panel.get_by_role("link")).to_have_count(0)


class TestFromTheChat:
    def test_given_the_keyboard_alone_when_moved_then_the_chat_is_open_again_and_says_so(
        self, desk: Desk
    ) -> None:
        chat, _ = late(desk)
        page = desk.sign_in("ana")
        open_and_claim(page)
        card = page.get_by_role("complementary", name="Case")
        card.get_by_role("link", name=LINK).first.focus()
        page.keyboard.press("Enter")
        page.get_by_label("Why, in a few words (required)").focus()
        page.keyboard.type(WHY)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")

        expect(transcript(page)).to_contain_text("We have not kept that, and we are sorry.")
        expect(card).to_contain_text("Broken, new date given")
        with desk.db.read() as uow:
            found = uow.handoffs.get(chat.handoff_id)
        assert found is not None
        assert found.first_answer_at is None  # a notice is no answer of a person

    def test_given_a_colleague_has_the_chat_then_the_date_is_for_them_to_give(
        self, desk: Desk
    ) -> None:
        chat, number = late(desk)
        with desk.db.write() as uow:
            (ben,) = (one for one in uow.staff.all() if one.login == "ben")
            handoff.claim(uow, chat.handoff_id, ben, utc_now())
            uow.commit()
        page = desk.enter(f"/cases/{number}", "ana")
        page.get_by_role("link", name=LINK).first.click()

        give(page)

        expect(page.get_by_role("alert")).to_contain_text("A colleague has this chat")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_given_form_and_case_then_axe_finds_nothing_and_nothing_sticks_out(
    desk: Desk, scheme: str, width: int
) -> None:
    _, number = late(desk)
    size = {"width": width, "height": 900}
    page = desk.enter(f"/cases/{number}", "ana", viewport=size, color_scheme=scheme)
    assert violations(page) == []

    page.get_by_role("link", name=LINK).first.click()
    expect(page.get_by_label("By when it will be done")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_given_a_desk_in_chinese_then_the_form_speaks_it(desk: Desk) -> None:
    _, number = late(desk)
    with desk.db.write() as uow:
        (ana,) = (one for one in uow.staff.all() if one.login == "ana")
        uow.staff.set_language(ana.id, "zh")
        uow.commit()
    page = desk.enter(f"/cases/{number}", "ana")

    page.get_by_role("link", name="另定时间").first.click()

    expect(page.get_by_role("button", name="确定并告知客户")).to_be_visible()
    expect(page.get_by_label("最迟何时办妥")).to_be_visible()

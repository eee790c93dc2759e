"""Business hours and thresholds are tried and stored at the desk, in pages that need no script."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from amends.handoff.model import StaffRole
from amends.handoff.rule_model import RuleKind, RuleVersion
from amends.values import utc_now
from tests.desk.conftest import PROJECT, Desk, until
from tests.desk.seeding import add_staff
from tests.desk.test_accessibility import violations

TABLE = (PROJECT / "policies" / "handoff.yml").read_text(encoding="utf-8")
WITHOUT_ASKING = TABLE.replace("flags: [human_request]", "flags: [discrimination]")
OFFICE = """time_zone: Europe/London
week:
  monday: 09:00-18:00
  tuesday: 09:00-18:00
  wednesday: 09:00-18:00
  thursday: 09:00-18:00
  friday: [09:00-12:30, 13:30-17:00]
  saturday: closed
  sunday: closed
holidays: []
"""


@pytest.fixture
def desk(desk: Desk) -> Desk:
    people = (("mia", "Mia Kern", StaffRole.MANAGER), ("luz", "Luz Amaro", StaffRole.ADMIN))
    add_staff(desk.db, *people, seen_at=datetime(2026, 1, 1, tzinfo=UTC))
    return desk


def ruler(desk: Desk, path: str = "", login: str = "mia", **features: object) -> Page:
    return desk.enter(f"/admin/rules{path}", login, java_script_enabled=False, **features)


def stored(desk: Desk, kind: RuleKind):  # type: ignore[no-untyped-def]
    with desk.db.read() as uow:
        return list(uow.rules.latest(kind, 10))


def preview_text(page: Page, text: str) -> None:
    page.get_by_label("The table, in YAML").fill(text)
    page.get_by_role("button", name="Preview the text").click()


def store(page: Page, note: str = "") -> None:
    page.get_by_label("Why, in a few words").fill(note)
    page.get_by_role("button", name="Store, and let it hold").click()


class TestSeeing:
    def test_given_nothing_stored_then_the_files_hold_and_are_told_in_words(
        self, desk: Desk
    ) -> None:
        page = ruler(desk)

        hours = page.get_by_role("region", name="Business hours")
        expect(hours).to_contain_text("hours.yml holds; nothing was stored at the desk.")
        expect(hours).to_contain_text("A chat that came now would be promised an answer by")
        expect(hours.locator(".outlook li")).to_have_count(14)
        table = page.get_by_role("region", name="When a person takes over")
        row = table.get_by_role("row").filter(has_text="upset_serious")
        expect(row).to_contain_text("at least of severity High")
        expect(row).to_contain_text("mood below -0.65")

    def test_given_agent_then_the_pages_are_refused(self, desk: Desk) -> None:
        page = ruler(desk, login="ana")

        expect(page.get_by_role("heading", name="You cannot open this page")).to_be_visible()


class TestHours:
    def test_given_form_when_stored_then_it_holds_and_the_history_tells(self, desk: Desk) -> None:
        page = ruler(desk, "/hours")
        for day in ("Monday", "Tuesday", "Wednesday", "Thursday"):
            page.get_by_label(day).fill("09:00-18:00")
        page.get_by_label("Friday").fill("09:00-12:30, 13:30-17:00")
        page.get_by_label("Saturday").fill("")
        page.get_by_label("Sunday").fill("closed")
        page.get_by_label("1. Date").fill("2026-12-24")
        page.get_by_label("1. Name").fill("Christmas Eve")
        page.get_by_label("1. Open").fill("09:00-13:00")

        page.get_by_role("button", name="Preview the form").click()
        tried = page.get_by_role("region", name="What would hold")
        expect(tried.locator(".outlook")).to_contain_text("09:00–12:30, 13:30–17:00")
        expect(tried.get_by_role("region", name="What differs")).to_contain_text("saturday: closed")
        assert stored(desk, RuleKind.HOURS) == []

        store(page, "Office hours from now on")
        expect(page.get_by_role("status")).to_contain_text("Stored.")
        expect(page.get_by_role("region", name="What holds now")).to_contain_text("Version 1 holds")
        expect(page.get_by_role("region", name="What holds now")).to_contain_text("Mia Kern")
        (version,) = stored(desk, RuleKind.HOURS)
        assert "friday: [09:00-12:30, 13:30-17:00]" in version.text
        assert "{date: 2026-12-24, name: Christmas Eve, open: 09:00-13:00}" in version.text

        page.get_by_role("link", name="History").click()
        expect(page.get_by_role("region", name="Versions")).to_contain_text("Office hours from now")
        expect(page.locator(".diff-new").first).to_be_visible()

    def test_given_mistake_in_the_form_then_told_where_and_nothing_is_lost(
        self, desk: Desk
    ) -> None:
        page = ruler(desk, "/hours")
        page.get_by_label("Tuesday").fill("nine to five")
        page.get_by_label("2. Name").fill("Founders' day")

        page.get_by_role("button", name="Preview the form").click()

        expect(page.get_by_role("alert")).to_contain_text(
            "week, tuesday: 'nine to five' is no span"
        )
        expect(page.get_by_label("Tuesday")).to_have_value("nine to five")
        expect(page.get_by_label("1. Name")).to_have_value("Founders' day")
        assert stored(desk, RuleKind.HOURS) == []

    def test_given_many_holidays_then_there_are_more_lines(self, desk: Desk) -> None:
        page = ruler(desk, "/hours")
        for line in (1, 2, 3):
            page.get_by_label(f"{line}. Name").fill(f"Day {line}")

        page.get_by_role("button", name="More lines").click()

        expect(page.get_by_label("3. Name")).to_have_value("Day 3")
        expect(page.get_by_label("6. Name")).to_have_value("")

    def test_given_mistake_in_the_text_then_told_with_its_line(self, desk: Desk) -> None:
        page = ruler(desk, "/hours")

        preview_text(page, OFFICE.replace("saturday: closed", "saturday: shut"))

        expect(page.get_by_role("alert")).to_contain_text("line 8: week, saturday: 'shut'")
        expect(page.get_by_label("The table, in YAML")).to_have_value(
            OFFICE.replace("saturday: closed", "saturday: shut")
        )

    def test_given_stored_hours_when_going_back_to_the_file_then_that_is_a_version_too(
        self, desk: Desk
    ) -> None:
        page = ruler(desk, "/hours")
        preview_text(page, OFFICE)
        store(page)

        page.get_by_role("link", name="Go back to the file").click()
        store(page, "Round the clock again")

        expect(page.get_by_role("region", name="What holds now")).to_contain_text(
            "It says what the file says."
        )
        newest, first = stored(desk, RuleKind.HOURS)
        assert (newest.version, first.version) == (2, 1)
        assert newest.text == (PROJECT / "policies" / "hours.yml").read_text(encoding="utf-8")

    def test_given_two_managers_then_the_second_is_told_and_loses_nothing(self, desk: Desk) -> None:
        first, second = (ruler(desk, "/hours", who) for who in ("mia", "luz"))
        preview_text(second, OFFICE.replace("Europe/London", "Europe/Berlin"))
        preview_text(first, OFFICE)
        store(first)

        store(second, "We move to Berlin")

        expect(second.get_by_role("alert")).to_contain_text("Somebody else has stored another")
        expect(second.get_by_role("region", name="What holds now")).to_contain_text("Mia Kern")
        expect(second.get_by_label("Why, in a few words")).to_have_value("We move to Berlin")
        store(second, "We move to Berlin")
        expect(second.get_by_role("status")).to_contain_text("Stored.")
        newest, _ = stored(desk, RuleKind.HOURS)
        assert "Europe/Berlin" in newest.text


class TestThresholds:
    def test_given_new_table_when_tried_then_past_chats_tell_what_would_change(
        self, desk: Desk
    ) -> None:
        says = [("My lamp has not come. I want a person", -0.3)]
        chat = desk.add_chat(flags=("human_request",), says=says)
        with desk.db.read() as uow:
            (case,) = uow.cases.of_conversation(chat.conversation_id)
        page = ruler(desk, "/thresholds")

        preview_text(page, WITHOUT_ASKING)

        tried = page.get_by_role("region", name="What would hold")
        expect(tried).to_contain_text("New: 0. Not any more: 1.")
        expect(tried.locator(".rule-chats")).to_contain_text("Asked for a person")
        expect(tried.get_by_role("link", name=case.number)).to_have_attribute(
            "href", f"/cases/{case.number}"
        )
        store(page)
        expect(page.get_by_role("status")).to_contain_text("Stored.")

    def test_given_row_that_cannot_be_used_then_told_with_its_line(self, desk: Desk) -> None:
        page = ruler(desk, "/thresholds")

        preview_text(page, TABLE.replace("priority: 1", "priority: 9", 1))

        expect(page.get_by_role("alert")).to_contain_text("row self_harm, priority")
        expect(page.get_by_role("alert")).to_contain_text("line 48")

    def test_given_a_version_of_another_process_then_it_is_read_without_a_restart(
        self, desk: Desk
    ) -> None:
        text = TABLE.replace("title: Furious", "title: Beside themselves")
        desk.add_chat(reasons=("furious",))
        page = desk.sign_in("ana")
        expect(page.locator(".row")).to_contain_text("Furious")

        with desk.db.write() as uow:
            mia = next(one for one in uow.staff.all() if one.login == "mia")
            uow.rules.add(RuleVersion(RuleKind.THRESHOLDS, 1, text, "", mia.id, utc_now()))
            uow.commit()

        def shown() -> bool:
            page.reload()
            return page.get_by_text("Beside themselves").count() > 0

        until(shown)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("kind", ["hours", "thresholds"])
def test_given_the_pages_then_axe_finds_nothing_and_nothing_sticks_out(
    desk: Desk, kind: str, width: int, scheme: str
) -> None:
    desk.add_chat(flags=("human_request",))
    page = desk.enter(
        "/admin/rules", "mia", viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    assert violations(page) == []

    page.goto(f"/admin/rules/{kind}")
    preview_text(page, OFFICE if kind == "hours" else WITHOUT_ASKING)
    expect(page.get_by_role("region", name="What would hold")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    store(page, "Tried in a test")
    page.goto(f"/admin/rules/{kind}/history")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

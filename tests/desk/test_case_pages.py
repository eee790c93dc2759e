"""The list of cases and the page of one, before a real browser."""

import csv
import io
import json
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from amends.cases.fields import FIELD_CHANGED
from amends.handoff.model import StaffRole
from amends.records.indexing import index_case
from amends.values import utc_now
from tests.desk.conftest import Desk
from tests.desk.seeding import Chat, add_staff
from tests.desk.test_accessibility import violations

LAMP = "My lamp has not come and nobody answers. I want a person!"


def add_case(desk: Desk, text: str = LAMP, **facts: object) -> tuple[Chat, str]:
    chat = desk.add_chat(says=[(text, -0.7)], **facts)
    with desk.db.write() as uow:
        index_case(uow, chat.case_id)
        uow.commit()
    return chat, number_of(desk, chat)


def number_of(desk: Desk, chat: Chat) -> str:
    with desk.db.read() as uow:
        case = uow.cases.get(chat.case_id)
    assert case is not None
    return case.number


def add_manager(desk: Desk) -> None:
    add_staff(desk.db, ("mia", "Mia Lund", StaffRole.MANAGER), seen_at=utc_now())


def open_cases(desk: Desk, login: str, path: str = "/cases", **features: object) -> Page:
    return desk.enter(path, login, **features)


def rows(page: Page):  # type: ignore[no-untyped-def]
    return page.locator("tbody tr")


class TestList:
    def test_given_cases_when_searched_then_the_link_shows_the_same_to_a_colleague(
        self, desk: Desk
    ) -> None:
        _, lamp = add_case(desk)
        add_case(desk, "The kettle is dented and the handle is off", category="damaged_item")
        page = open_cases(desk, "ana")
        expect(rows(page)).to_have_count(2)

        page.get_by_label("Search").fill("lamp moreau")
        page.get_by_label("Status").select_option("unresolved")
        page.get_by_role("button", name="Search").click()

        expect(rows(page)).to_have_count(1)
        expect(rows(page)).to_contain_text(lamp)
        expect(page.get_by_role("status")).to_have_text("1 case")
        colleague = open_cases(desk, "ben", page.url)
        expect(rows(colleague)).to_have_count(1)
        expect(colleague.get_by_label("Search")).to_have_value("lamp moreau")

    def test_given_a_filter_nobody_knows_then_a_sentence_says_so(self, desk: Desk) -> None:
        add_case(desk)
        page = open_cases(desk, "ana", "/cases?category=unicorns")

        expect(page.get_by_role("alert")).to_contain_text("“unicorns” is not a category")
        expect(rows(page)).to_have_count(1)

    def test_given_an_overdue_case_then_it_is_marked_and_comes_first(self, desk: Desk) -> None:
        add_case(desk)
        _, overdue = add_case(desk, minutes_ago=60)
        with desk.db.write() as uow:
            case = uow.cases.by_number(overdue)
            assert case is not None
            uow.cases.save(replace(case, resolution_due_at=case.opened_at))
            uow.commit()
        page = open_cases(desk, "ana")

        expect(rows(page).first).to_contain_text(overdue)
        expect(rows(page).first).to_contain_text("Overdue")
        page.goto("/cases?overdue=1")
        expect(rows(page)).to_have_count(1)

    def test_given_a_browser_elsewhere_then_times_are_in_its_zone(self, desk: Desk) -> None:
        add_case(desk)
        page = open_cases(desk, "ana", timezone_id="Asia/Tokyo")

        expect(page.get_by_text("Times of Asia/Tokyo.")).to_be_visible()


class TestCase:
    def test_given_a_case_when_fields_are_set_then_the_timeline_says_who_and_what(
        self, desk: Desk
    ) -> None:
        chat, number = add_case(desk, offer=True)
        page = open_cases(desk, "ana", f"/cases/{number}")

        page.get_by_label("Root cause").select_option(label="Carrier was late")
        page.get_by_label("Owner").select_option(label="Ben Okafor")
        page.get_by_role("button", name="Save").click()

        expect(page.get_by_role("status")).to_have_text("Saved.")
        course = page.get_by_role("region", name="What happened")
        expect(course).to_contain_text("Root cause changed from not set to Carrier was late")
        expect(course).to_contain_text("Owner changed from Assistant to Ben Okafor")
        with desk.db.read() as uow:
            made = [e for e in uow.cases.entries(chat.case_id) if e.kind == FIELD_CHANGED]
        assert [entry.data["field"] for entry in made] == ["root_cause", "owner"]

    def test_given_two_people_on_one_case_then_one_does_not_undo_the_other(
        self, desk: Desk
    ) -> None:
        _, number = add_case(desk)
        ana = open_cases(desk, "ana", f"/cases/{number}")
        ben = open_cases(desk, "ben", f"/cases/{number}")
        ana.get_by_label("Owner").select_option(label="Ben Okafor")
        ana.get_by_role("button", name="Save").click()
        expect(ana.get_by_role("status")).to_have_text("Saved.")

        ben.get_by_label("Root cause").select_option("packaging")
        ben.get_by_role("button", name="Save").click()

        expect(ben.get_by_role("status")).to_have_text("Saved.")
        expect(ben.get_by_label("Owner").locator("option:checked")).to_have_text("Ben Okafor")

    def test_given_a_deadline_in_the_past_then_a_sentence_and_what_was_chosen_stays(
        self, desk: Desk
    ) -> None:
        _, number = add_case(desk)
        page = open_cases(desk, "ana", f"/cases/{number}")
        page.get_by_label("Root cause").select_option("capacity")
        page.get_by_label("To be resolved by").fill("2020-01-01T09:00")
        page.get_by_role("button", name="Save").click()

        expect(page.get_by_role("alert")).to_contain_text("has passed already")
        expect(page.get_by_label("Root cause")).to_have_value("capacity")
        expect(page.get_by_label("To be resolved by")).to_have_value("2020-01-01T09:00")
        page.goto(f"/cases/{number}")
        expect(page.get_by_label("Root cause")).to_have_value("")

    def test_given_an_open_chat_then_a_link_leads_there_and_one_leads_back(
        self, desk: Desk
    ) -> None:
        chat, number = add_case(desk)
        page = open_cases(desk, "ana", f"/cases/{number}")

        page.get_by_role("link", name="Open the chat").click()

        expect(page).to_have_url(f"{desk.url}/?chat={chat.handoff_id}")
        page.get_by_role("link", name=number).click()
        expect(page.get_by_role("heading", name=f"Case {number}")).to_be_visible()

    def test_given_a_kind_then_only_that_is_shown(self, desk: Desk) -> None:
        _, number = add_case(desk)
        page = open_cases(desk, "ana", f"/cases/{number}")

        page.get_by_role("link", name="Messages").click()

        expect(page.locator(".course .tag").first).to_have_text("Message")
        assert set(page.locator(".course .tag").all_inner_texts()) == {"Message"}

    def test_given_a_trainer_then_the_case_can_be_read_and_not_set(self, desk: Desk) -> None:
        add_staff(desk.db, ("tom", "Tom Trainer", StaffRole.TRAINER), seen_at=utc_now())
        _, number = add_case(desk)
        page = open_cases(desk, "tom", f"/cases/{number}")

        expect(page.get_by_role("heading", name="Handling")).to_be_visible()
        expect(page.get_by_role("button", name="Save")).to_have_count(0)
        answer = page.request.post(f"/cases/{number}/fields", form={"cause": "capacity"})
        assert answer.status == 403

    def test_given_no_such_number_then_the_page_says_so(self, desk: Desk) -> None:
        page = open_cases(desk, "ana", "/cases/AM-AAAAAA")

        expect(page.get_by_role("heading", name="There is no such case")).to_be_visible()


class TestExport:
    def test_given_a_manager_then_the_list_is_a_file_without_names(self, desk: Desk) -> None:
        add_manager(desk)
        _, number = add_case(desk)
        page = open_cases(desk, "mia", "/cases?q=lamp")

        page.get_by_text("Export this list").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Export", exact=True).click()

        text = download.value.path().read_text("utf-8-sig")
        (row,) = csv.DictReader(io.StringIO(text))
        assert row["number"] == number
        assert "Moreau" not in text

    def test_given_personal_data_are_wanted_then_the_case_says_who_took_them(
        self, desk: Desk
    ) -> None:
        add_manager(desk)
        chat, number = add_case(desk)
        page = open_cases(desk, "mia", f"/cases/{number}")

        answer = page.request.post(
            f"/cases/{number}/export", form={"format": "json", "personal": "yes"}
        )

        made = json.loads(answer.text())
        assert made["personal_data"] is True
        assert made["people"][0]["name"] == "Camille Moreau"
        with desk.db.read() as uow:
            (entry,) = [e for e in uow.cases.entries(chat.case_id) if e.kind == "exported"]
            assert uow.staff.get(entry.actor).name == "Mia Lund"  # type: ignore[union-attr]

    def test_given_the_page_to_print_then_it_holds_no_names_and_no_menus(self, desk: Desk) -> None:
        add_manager(desk)
        _, number = add_case(desk)
        page = open_cases(desk, "mia", f"/cases/{number}")
        page.get_by_text("Export", exact=True).first.click()
        page.get_by_role("button", name="Export", exact=True).click()
        expect(page.get_by_text("Without personal data.")).to_be_visible()

        page.emulate_media(media="print")

        expect(page.locator("header.plain-bar")).to_be_hidden()
        expect(page.get_by_text("Moreau")).to_have_count(0)

    def test_given_an_agent_then_nothing_can_be_exported(self, desk: Desk) -> None:
        _, number = add_case(desk)
        page = open_cases(desk, "ana", f"/cases/{number}")

        for path in (f"/cases/{number}/export", "/cases/export"):
            assert page.request.post(path, form={"format": "json"}).status == 403
        expect(page.get_by_text("Export")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_given_the_pages_then_axe_finds_nothing_and_nothing_sticks_out(
    desk: Desk, scheme: str, width: int
) -> None:
    add_manager(desk)
    _, number = add_case(desk, offer=True, flags=("legal",))
    page = open_cases(desk, "mia", viewport={"width": width, "height": 900}, color_scheme=scheme)
    for path in ("/cases", "/cases?q=lamp&overdue=&sort=oldest", f"/cases/{number}"):
        page.goto(path)
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path

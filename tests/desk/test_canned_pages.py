"""Canned replies are found, written, previewed and switched off, in pages that need no script."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from amends.handoff.model import StaffRole
from tests.desk.conftest import Desk
from tests.desk.seeding import add_staff
from tests.desk.test_accessibility import violations


@pytest.fixture
def desk(desk: Desk) -> Desk:
    people = (("sam", "Sam Reyes", StaffRole.SUPERVISOR), ("luz", "Luz Amaro", StaffRole.ADMIN))
    add_staff(desk.db, *people, seen_at=datetime(2026, 1, 1, tzinfo=UTC))
    return desk


def editor(desk: Desk, login: str = "sam", path: str = "", **features: object) -> Page:
    return desk.enter(f"/admin/canned{path}", login, java_script_enabled=False, **features)


def is_inside(url: str) -> bool:
    return not url.endswith("/sign-in")


def stored(desk: Desk, shortcut: str):  # type: ignore[no-untyped-def]
    with desk.db.read() as uow:
        found = uow.canned.id_of_shortcut(shortcut)
        return uow.canned.get(found) if found else None


def write(page: Page, shortcut: str = "parcel", text: str = "Case {case_number}") -> None:
    page.get_by_label("Shortcut").fill(shortcut)
    page.get_by_label("Title (English)").fill("Say where the parcel is")
    page.get_by_label("Text (English)").fill(text)


class TestFinding:
    def test_given_first_start_then_the_shipped_replies_are_there(self, desk: Desk) -> None:
        page = editor(desk)

        expect(page.get_by_role("heading", name="Canned replies")).to_be_visible()
        assert page.locator("tbody tr").count() >= 12
        expect(page.get_by_role("link", name="Ask for the order number")).to_be_visible()

    @pytest.mark.parametrize("words", ["order number", "ask-order-number", "确认邮件"])
    def test_given_words_of_title_shortcut_or_text_then_found(self, desk: Desk, words: str) -> None:
        page = editor(desk)

        page.get_by_label("Search").fill(words)
        page.get_by_role("button", name="Search").click()

        expect(page.get_by_role("link", name="Ask for the order number")).to_be_visible()
        expect(page.get_by_role("link", name="Danger comes first")).to_have_count(0)

    def test_given_agent_then_the_page_is_refused(self, desk: Desk) -> None:
        page = editor(desk, "ana")

        expect(page.get_by_role("heading", name="You cannot open this page")).to_be_visible()


class TestWriting:
    def test_given_new_reply_then_previewed_and_stored(self, desk: Desk) -> None:
        page = editor(desk, path="/new")
        write(page)

        page.get_by_role("button", name="Preview").click()
        expect(page.locator(".canned-sample")).to_have_text("Case AM-7K3F9D")
        expect(page.get_by_label("Title (English)")).to_have_value("Say where the parcel is")
        assert stored(desk, "parcel") is None

        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_role("status")).to_contain_text("Added")
        kept = stored(desk, "parcel")
        assert kept.wording.texts == {"en": "Case {case_number}"}
        assert kept.version == 1

    @pytest.mark.parametrize(
        ("facts", "sentence"),
        [
            ({"text": "You get {amount} back"}, "{amount} is no placeholder"),
            ({"shortcut": "Two words"}, "small letters, digits and hyphens"),
            ({"shortcut": "goodbye"}, "/goodbye"),
            ({"text": " "}, "both title and text in English"),
        ],
    )
    def test_given_mistake_then_told_and_nothing_typed_is_lost(
        self, desk: Desk, facts: dict[str, str], sentence: str
    ) -> None:
        page = editor(desk, path="/new")
        write(page, **facts)
        page.get_by_label("Title (Chinese)").fill("包裹在哪里")
        page.get_by_label("Text (Chinese)").fill("工单{case_number}")

        page.get_by_role("button", name="Add", exact=True).click()

        expect(page.get_by_role("alert")).to_contain_text(sentence)
        expect(page.get_by_label("Title (English)")).to_have_value("Say where the parcel is")
        expect(page.get_by_label("Text (Chinese)")).to_have_value("工单{case_number}")

    def test_given_two_editors_then_the_second_is_told_and_loses_nothing(self, desk: Desk) -> None:
        first, second = (editor(desk, who, "/goodbye") for who in ("sam", "luz"))
        first.get_by_label("Text (English)").fill("Thank you.")
        first.get_by_role("button", name="Save", exact=True).click()
        expect(first.get_by_role("status")).to_have_text("Saved.")

        second.get_by_label("Text (English)").fill("Goodbye, and thank you.")
        second.get_by_role("button", name="Save", exact=True).click()

        expect(second.get_by_role("alert")).to_contain_text("Somebody else has changed this reply")
        expect(second.get_by_role("region", name="What stands now")).to_contain_text("Thank you.")
        expect(second.get_by_role("region", name="What stands now")).to_contain_text("Sam Reyes")
        expect(second.get_by_label("Text (English)")).to_have_value("Goodbye, and thank you.")
        assert stored(desk, "goodbye").wording.texts["en"] == "Thank you."

        second.get_by_role("button", name="Save", exact=True).click()
        expect(second.get_by_role("status")).to_have_text("Saved.")
        assert stored(desk, "goodbye").wording.texts["en"] == "Goodbye, and thank you."

    def test_given_switched_off_then_kept_apart_and_can_be_switched_on(self, desk: Desk) -> None:
        page = editor(desk, path="/goodbye")

        page.get_by_role("button", name="Save and switch off").click()

        expect(page.get_by_role("status")).to_contain_text("Switched off")
        page.goto("/admin/canned")
        expect(page.get_by_role("link", name="Thank and say goodbye")).to_have_count(0)
        page.get_by_role("link", name="Switched off (1)").click()
        page.get_by_role("link", name="Thank and say goodbye").click()
        page.get_by_role("button", name="Save and switch on").click()
        assert stored(desk, "goodbye").wording.active


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_given_the_pages_then_axe_finds_nothing(desk: Desk, scheme: str, width: int) -> None:
    page = desk.sign_in("sam", viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.wait_for_url(is_inside)

    for path in ("", "/new", "/goodbye", "?q=nothing-like-this"):
        page.goto(f"/admin/canned{path}")
        assert violations(page) == [], path

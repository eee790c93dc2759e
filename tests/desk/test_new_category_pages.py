"""The guided form for a new category or intent: checked, shown, written as one change."""

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from amends.handoff.model import StaffRole
from amends.training.new_intent.model import Draft
from amends.values import utc_now
from tests.desk.conftest import Desk
from tests.desk.seeding import add_staff
from tests.desk.test_accessibility import violations
from tests.desk.test_dialogue_pages import last_commit, open_page, press, project
from tests.desk.training_project import settings_of
from tests.training.new_intent.samples import GIFT_WRAPPING, OPENING_HOURS

__all__ = ["project"]

PATH = "/training/new"


@pytest.fixture
def desk_settings(project: Path) -> dict[str, str]:
    return settings_of(project)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    add_staff(desk.db, ("tim", "Tim Weller", StaffRole.TRAINER), seen_at=utc_now())
    return desk


def fill(page: Page, draft: Draft) -> None:
    page.get_by_role("radio", name="category of complaints").check()
    page.locator("#key").fill(draft.key)
    page.locator("#about").fill(draft.about)
    for language in ("en", "zh"):
        for what, texts in draft.words.items():
            page.locator(f"#{what}_{language}").fill(texts[language])
        page.locator(f"#answer_{language}").fill(draft.answer[language])
        page.locator(f"#examples_{language}").fill("\n".join(draft.examples[language]))
    if draft.is_complaint:
        page.locator("#like").select_option(draft.like)
    else:
        page.get_by_role("radio", name="Another intent").check()


def status(project: Path) -> str:
    command = ["git", "status", "--porcelain"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=True).stdout


def test_given_a_category_when_written_then_every_file_knows_it_in_one_commit(
    desk: Desk, project: Path
) -> None:
    page = open_page(desk, PATH)
    fill(page, GIFT_WRAPPING)
    page.locator("#answer_en").fill("Sorry! We will refund you at once.")
    press(page, "Check, and show what would be written")

    expect(page.get_by_role("alert")).to_contain_text("Apology or answer (English)")
    expect(page.locator("#answer_en-wrong")).to_contain_text("promises something")
    expect(page.locator("#examples_zh")).to_have_value("\n".join(GIFT_WRAPPING.examples["zh"]))
    assert status(project) == ""

    page.locator("#answer_en").fill(GIFT_WRAPPING.answer["en"])
    press(page, "Check, and show what would be written")
    preview = page.get_by_role("region", name="What would be written")
    expect(preview.locator("summary code")).to_have_text(
        [
            "domain.yml",
            "data/rules/fallback.yml",
            "data/rules/complaints.yml",
            "amends/cases/categories.yml",
            "data/nlu/gift_wrapping.yml",
            "data/nlu/zh/gift_wrapping.yml",
            "tests/conversations/test_gift_wrapping.yml",
        ]
    )
    assert status(project) == ""
    assert violations_of(page) == []

    press(page, "Write all of it")
    expect(page.get_by_role("status")).to_contain_text("report_gift_wrapping is written")
    assert status(project) == ""
    commit = last_commit(project)
    assert "Tim Weller: Add the category gift_wrapping" in commit
    assert "7 files changed" in commit
    assert "report_gift_wrapping" in (project / "domain.yml").read_text("utf-8")


def test_given_an_intent_when_written_twice_then_the_second_is_told_that_it_exists(
    desk: Desk, project: Path
) -> None:
    page = open_page(desk, PATH)
    for _ in range(2):
        fill(page, OPENING_HOURS)
        press(page, "Check, and show what would be written")
        if page.get_by_role("button", name="Write all of it").count():
            press(page, "Write all of it")

    expect(page.locator("#key-wrong")).to_contain_text("exists already")
    assert "5 files changed" in last_commit(project)
    assert (project / "data/rules/ask_opening_hours.yml").is_file()


def violations_of(page: Page) -> list[str]:
    """Without script axe cannot run; the empty form is looked at in a page that has it."""
    state = page.context.storage_state()
    scripted = page.context.browser.new_context(storage_state=state).new_page()  # type: ignore[union-attr]
    scripted.goto(page.url)
    found = violations(scripted)
    scripted.context.close()
    return found

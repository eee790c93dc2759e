"""The playground in a browser: with the trained model once, with an engine that is told else."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from amends.handoff.model import StaffRole
from amends.values import utc_now
from amends.wiring.model import current_model
from amends.wiring.settings import load_settings
from tests.desk.conftest import Desk
from tests.desk.seeding import add_staff
from tests.desk.test_accessibility import violations
from tests.support.sandboxes import settings_with_engine, some_model

STARTED = 150_000
COMPLAINT = "My lamp has not arrived, I have waited two weeks! I'll see you in court."


@pytest.fixture
def desk_settings(tmp_path: Path) -> dict[str, str]:
    """An engine that starts at once, two models that are none, and one place for a sandbox."""
    settings = settings_with_engine(tmp_path)
    models = tmp_path / "models"
    models.mkdir()
    for name in ("old", "new"):
        some_model(models, name)
    return {
        "AMENDS_ENGINE_PYTHON": str(settings.engine_python),
        "AMENDS_MODELS_DIR": str(models),
        "AMENDS_SANDBOXES_AT_ONCE": "1",
    }


def trainer(desk: Desk, login: str = "tia", **features: object) -> Page:
    add_staff(desk.db, (login, login.title(), StaffRole.TRAINER), seen_at=utc_now())
    return desk.enter("/training/playground", login, **features)


def start(page: Page) -> None:
    page.get_by_role("button", name="Start a sandbox").click(timeout=STARTED)
    expect(page.get_by_role("log")).to_be_visible(timeout=STARTED)


def say(page: Page, text: str, number: int) -> None:
    page.get_by_label("Message as the customer").fill(text)
    page.get_by_label("Message as the customer").press("Enter")
    expect(page.get_by_role("heading", name=f"Message {number}")).to_be_visible()


def test_given_no_right_to_train_then_the_page_is_refused(desk: Desk) -> None:
    page = desk.sign_in("ana")
    expect(page.locator("header").first).to_be_visible()

    assert page.goto("/training/playground").status == 403  # type: ignore[union-attr]
    assert page.request.post("/training/playground/start").status == 403


def test_given_a_sandbox_then_each_message_is_explained_and_all_works_on_a_phone(
    desk: Desk,
) -> None:
    page = trainer(desk)
    assert violations(page) == []
    page.get_by_label("Model").select_option("old")
    start(page)
    expect(page.get_by_text("A sandbox with old")).to_be_visible()
    page.get_by_label("Customer", exact=True).select_option("Maya Collins")
    page.get_by_role("button", name="New chat").click()

    say(page, COMPLAINT, 1)
    why = page.get_by_role("region", name="Message 1")
    expect(why.get_by_text("“in court”")).to_be_visible()
    expect(why.get_by_text("action_take_complaint")).to_be_visible()
    expect(why.get_by_text("any of: Legal steps mentioned")).to_be_visible()

    page.get_by_role("button", name="A refund").click()
    expect(page.get_by_role("heading", name="Message 2")).to_be_visible()
    expect(page.get_by_text("/agree")).to_be_visible()
    page.get_by_role("link", name="Why? Message 1").click()
    expect(page.get_by_role("heading", name="Message 1")).to_be_visible()

    steps = page.locator("input[name=steps]").input_value()
    assert '"action": "action_take_complaint"' in steps
    assert '"intent": "agree"' in steps
    for scheme in ("light", "dark"):
        for width in (1280, 390):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.set_viewport_size({"width": width, "height": 844})
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width

    other = trainer(desk, "tom")
    other.get_by_role("button", name="Start a sandbox").click(timeout=STARTED)
    expect(other.get_by_role("alert")).to_contain_text("1 sandbox runs already")
    page.get_by_role("button", name="Stop the sandbox").click()
    expect(page.get_by_role("button", name="Start a sandbox")).to_be_visible()


def test_given_an_engine_that_does_not_start_then_the_page_says_why(
    desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "engine").write_text("#!/bin/sh\necho this model is broken\nexit 3\n")
    page = trainer(desk)

    page.get_by_role("button", name="Start a sandbox").click(timeout=STARTED)

    expect(page.get_by_role("alert")).to_contain_text("this model is broken", timeout=STARTED)
    assert violations(page) == []


class TestWithTheTrainedModel:
    @pytest.fixture
    def desk_settings(self) -> dict[str, str]:
        assert current_model(load_settings()).is_file(), "run `amends train` first"
        return {}

    def test_given_a_complaint_then_what_really_happened_is_explained(self, desk: Desk) -> None:
        page = trainer(desk)
        start(page)

        say(page, COMPLAINT, 1)

        why = page.get_by_role("region", name="Message 1")
        expect(why.locator(".play-intent")).to_have_text("report_not_received")
        expect(why.get_by_text("“see you in court”")).to_be_visible()
        expect(why.get_by_text("action_take_complaint")).to_be_visible()
        expect(why.get_by_text("Case opened")).to_be_visible()

        page.get_by_role("link", name="Compare two models").click()
        page.get_by_label("Messages, one a line").fill(f"{COMPLAINT}\nThank you!")
        page.get_by_role("button", name="Compare").click(timeout=STARTED)
        expect(page.get_by_text("Both read every message alike.")).to_be_visible(timeout=STARTED)
        expect(page.get_by_role("table")).to_have_count(2)
        assert violations(page) == []

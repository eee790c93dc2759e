"""The insights before a real browser: who may see them, empty, with little, and by keyboard."""

import csv
import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from amends.compensation.load import load_policy
from amends.handoff.model import StaffRole
from amends.handoff.thresholds import load_thresholds
from amends.insights.facts import FACT_NAMES
from amends.storage import Database
from amends.values import utc_now
from benchmarks.conversations import fill
from tests.desk.conftest import PROJECT, Desk, _answers, until
from tests.desk.seeding import add_staff
from tests.desk.test_accessibility import violations
from tests.support.browser import free_port
from tests.support.database import fresh_url
from tests.support.forked import start_desk

PATHS = ("/insights", "/insights/satisfaction", "/insights/service", "/insights/cost",
         "/insights/causes", "/insights/quality", "/insights/conversations")  # fmt: skip
PEOPLE = (
    ("mia", "Mia Lund", StaffRole.MANAGER),
    ("sam", "Sam Reyes", StaffRole.SUPERVISOR),
    ("ana", "Ana Torres", StaffRole.AGENT),
)
LOOKS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Desk]:
    """One desk for the whole file, at first without any conversation."""
    folder: Path = tmp_path_factory.mktemp("desk")
    url, port = fresh_url(folder), free_port()
    db = Database(url)
    add_staff(db, *PEOPLE, seen_at=utc_now())
    environment = {
        **os.environ,
        "AMENDS_DATABASE_URL": url,
        "AMENDS_VAR_DIR": str(folder / "var"),
        "AMENDS_DESK_PORT": str(port),
    }
    process = start_desk(environment, folder / "desk.out")
    address = f"http://127.0.0.1:{port}"
    try:
        until(lambda: _answers(address, process), 90)
        policy = load_policy(PROJECT / "policies/retail.yml")
        thresholds = load_thresholds(PROJECT / "policies/handoff.yml")
        yield Desk(address, db, policy, thresholds, browser, folder / "desk.out", url)
    finally:
        process.terminate()
        process.join(10)
        db.close()


@pytest.fixture(scope="module")
def filled(desk: Desk) -> Desk:
    """The same desk with 300 conversations; tests of an empty one stand above."""
    fill(desk.db_url, 300)
    return desk


@pytest.fixture(autouse=True)
def _close_contexts(browser: Browser) -> Iterator[None]:
    yield
    for context in browser.contexts:
        context.close()


def open_page(desk: Desk, login: str, path: str, **features: object) -> Page:
    return desk.enter(path, login, **features)


def faults(page: Page, path: str, width: int) -> list[str]:
    page.goto(path)
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    wide = page.evaluate("document.documentElement.scrollWidth")
    return violations(page) + ([f"{wide} wide"] if wide > width else [])


class TestEmpty:
    @pytest.mark.parametrize(("width", "scheme"), LOOKS)
    def test_given_no_conversation_then_every_page_says_so_and_axe_finds_nothing(
        self, desk: Desk, width: int, scheme: str
    ) -> None:
        page = open_page(
            desk, "mia", "/insights", viewport={"width": width, "height": 900}, color_scheme=scheme
        )

        expect(page.get_by_role("heading", name="Nothing to add up yet")).to_be_visible()
        assert {path: found for path in PATHS if (found := faults(page, path, width))} == {}


class TestRoles:
    def test_given_an_agent_then_neither_pages_nor_lists_nor_files(self, desk: Desk) -> None:
        page = open_page(desk, "ana", "/insights")

        expect(page.get_by_role("heading", name="You cannot open this page")).to_be_visible()
        expect(page.get_by_role("link", name="Insights")).to_have_count(0)
        for path in (*PATHS, "/insights/conversations/load-0000001"):
            assert page.request.get(path).status == 403, path
        assert page.request.post("/insights/conversations/export").status == 403

    def test_given_nobody_signed_in_then_the_door(self, desk: Desk) -> None:
        page = desk.browser.new_context(base_url=desk.url).new_page()

        page.goto("/insights/cost")

        expect(page).to_have_url(f"{desk.url}/sign-in")

    def test_given_a_supervisor_then_the_figures_and_no_file(self, filled: Desk) -> None:
        page = open_page(filled, "sam", "/insights/conversations?last=364")

        expect(page.get_by_role("status")).to_have_text("300 conversations")
        expect(page.get_by_role("button", name="Export this list (CSV)")).to_have_count(0)
        assert page.request.post("/insights/conversations/export").status == 403


class TestFigures:
    def test_given_a_number_when_clicked_then_just_its_conversations_and_each_leads_on(
        self, filled: Desk
    ) -> None:
        page = open_page(filled, "mia", "/insights?last=91")
        title = page.get_by_role("heading", name="Complaints", exact=True)
        card = page.locator(".card").filter(has=title)
        count = card.locator(".card-value").inner_text()

        card.get_by_role("link").click()

        expect(page.get_by_role("status")).to_have_text(f"{count} conversations")
        expect(page.locator(".said-filters")).to_contain_text("ComplaintYes")
        first = page.locator("tbody a").first
        assert first.get_attribute("href").startswith("/cases/AM-")  # type: ignore[union-attr]

    def test_given_filters_when_shown_then_they_stay_in_the_address_and_on_the_next_page(
        self, filled: Desk
    ) -> None:
        page = open_page(filled, "mia", "/insights?last=91")

        page.get_by_text("Dates and filters").click()
        page.get_by_label("Language").select_option("zh")
        page.get_by_role("button", name="Show", exact=True).click()
        page.get_by_role("navigation", name="Insights").get_by_role(
            "link", name="Causes", exact=True
        ).click()

        expect(page).to_have_url(f"{filled.url}/insights/causes?last=91&language=zh")
        expect(page.get_by_label("Language")).to_have_value("zh")

    def test_given_a_filter_that_fits_nothing_then_a_way_out(self, filled: Desk) -> None:
        page = open_page(filled, "mia", "/insights?from=2001-01-01&to=2001-02-01")

        expect(page.get_by_role("heading", name="No conversation fits")).to_be_visible()
        page.get_by_role("link", name="Clear all filters").click()
        expect(page.locator(".card").first).to_be_visible()

    def test_given_what_cannot_be_used_then_a_sentence(self, filled: Desk) -> None:
        page = open_page(filled, "mia", "/insights/cost?category=unicorns")

        expect(page.get_by_role("alert")).to_contain_text("“unicorns” is not a category")

    def test_given_a_chart_of_links_then_the_keyboard_reaches_them(self, filled: Desk) -> None:
        page = open_page(filled, "mia", "/insights/quality?last=364")
        bar = page.locator("svg.chart-bars a").first
        bar.focus()

        page.keyboard.press("Enter")

        said = page.locator(".said-filters")
        expect(said).to_contain_text("Not metCase number in the first answer")

    def test_given_a_root_cause_then_an_action_on_it_can_be_planned(self, filled: Desk) -> None:
        page = open_page(filled, "mia", "/insights/causes?last=364")
        causes = page.get_by_role("region", name="Root causes (Pareto)")
        cause = causes.get_by_role("rowheader").first.inner_text().removeprefix("1. ")

        causes.get_by_role("link", name="Plan an action").first.click()

        chosen = page.get_by_label("Root cause").locator("option:checked")
        expect(chosen).to_have_text(cause)

    def test_given_chinese_then_the_page_is_chinese(self, filled: Desk) -> None:
        page = open_page(filled, "sam", "/insights")
        page.request.post("/language", form={"language": "zh", "back": "/insights"})
        page.reload()

        expect(page.get_by_role("heading", name="概览")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", "zh")
        page.request.post("/language", form={"language": "en", "back": "/insights"})


class TestList:
    def test_given_more_than_a_page_then_all_are_reached_once(self, filled: Desk) -> None:
        page = open_page(filled, "mia", "/insights/conversations?last=364")
        seen: list[str] = []
        while True:
            seen += page.locator("tbody a").evaluate_all("all => all.map(one => one.href)")
            following = page.get_by_role("link", name="Next page")
            if not following.count():
                break
            following.click()
            page.wait_for_load_state()

        assert len(seen) == len(set(seen)) == 300

    def test_given_a_manager_then_the_list_is_a_file_that_names_nobody(self, filled: Desk) -> None:
        page = open_page(filled, "mia", "/insights/conversations?last=364&csat=1")
        count = page.get_by_role("status").inner_text().split(" ")[0]

        with page.expect_download() as download:
            page.get_by_role("button", name="Export this list (CSV)").click()

        rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
        assert tuple(rows[0]) == FACT_NAMES
        assert len(rows) == int(count)
        assert {row["csat"] for row in rows} == {"1"}

    def test_given_a_conversation_without_a_case_then_a_page_of_its_own(self, filled: Desk) -> None:
        page = open_page(filled, "mia", "/insights/conversations?last=364&result=no_case")

        page.locator("tbody a").first.click()

        expect(page.get_by_role("heading", name="What was said")).to_be_visible()
        expect(page.locator(".said li")).to_have_count(10)
        expect(page.locator(".said-customer .sub").first).to_contain_text("Understood as:")
        expect(page.locator(".review li")).to_have_count(8)

    def test_given_no_such_conversation_then_the_page_says_so(self, filled: Desk) -> None:
        page = open_page(filled, "mia", "/insights/conversations/nothing")

        expect(page.get_by_role("heading", name="There is no such conversation")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_given_300_conversations_then_axe_finds_nothing_and_nothing_sticks_out(
    filled: Desk, width: int, scheme: str
) -> None:
    page = open_page(
        filled, "mia", "/insights", viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    paths = [f"{path}?last=91" for path in PATHS] + ["/insights/conversations/load-0000001"]

    assert {path: found for path in paths if (found := faults(page, path, width))} == {}

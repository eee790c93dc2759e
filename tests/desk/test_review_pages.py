"""The review queue at the desk: decided on by keyboard, and by two at once."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from amends.training.review.deciding import Chosen, decide
from amends.training.review.model import Kind, Verdict
from amends.values import utc_now
from tests.desk.conftest import PROJECT, Desk
from tests.desk.review_steps import (
    LAST,
    PATH,
    decisions,
    examples,
    groups,
    opened,
    page_of,
    project_in,
    rows,
    with_queue,
)
from tests.desk.test_accessibility import violations


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return project_in(tmp_path / "project")


@pytest.fixture
def desk_settings(project: Path) -> dict[str, str]:
    return {"AMENDS_PROJECT_DIR": str(project)}


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return with_queue(desk)


class TestByKeyboard:
    def test_given_the_queue_when_gone_through_by_keys_then_every_step_is_stored(
        self, desk: Desk, project: Path
    ) -> None:
        page = page_of(desk)
        expect(rows(page)).to_have_count(4)
        expect(opened(page)).to_contain_text("neighbour")

        self._move(page)
        self._relabel_and_add(desk, page, project)
        self._further_categories(desk, page)
        self._undo_and_flags(desk, page)
        self._accept_skip_and_put_aside(desk, page)
        self._see_the_keys(page)

    def _move(self, page: Page) -> None:
        page.keyboard.press("j")
        expect(opened(page)).to_contain_text("kettle")
        page.keyboard.press("ArrowDown")
        expect(opened(page)).to_contain_text("快递员")
        page.keyboard.press("k")
        expect(opened(page)).to_contain_text("kettle")
        page.keyboard.press("ArrowUp")
        expect(opened(page)).to_contain_text("neighbour")

    def _relabel_and_add(self, desk: Desk, page: Page, project: Path) -> None:
        page.keyboard.press("r")
        expect(page.get_by_label("Type to search, Enter chooses the first")).to_be_focused()
        page.keyboard.type("not rec")
        expect(page.locator(".review-intents button:visible")).to_have_text(
            ["Not received", "Refund not received"]
        )
        page.keyboard.press("Enter")

        panel = page.get_by_role("region", name="Add as example")
        expect(panel.locator("mark")).to_have_text("20417")
        text = panel.get_by_label("Example").input_value()
        assert "20417" not in text
        assert text.startswith("The courier left my parcel with a neighbour who moved away, order ")
        page.keyboard.press("e")
        expect(page.get_by_role("status")).to_contain_text("Added as an example")

        assert examples(project, text) == ["deliveries.yml"]
        [made] = decisions(desk)
        assert (made.verdict.kind, made.intent, made.size) == (
            Kind.RELABEL, "report_not_received", 2,
        )  # fmt: skip
        assert made.example_at is not None

    def _further_categories(self, desk: Desk, page: Page) -> None:
        expect(opened(page)).to_contain_text("kettle")
        page.keyboard.press("s")
        page.get_by_role("group", name="Further categories").get_by_label("Damaged item").focus()
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        expect(opened(page)).to_contain_text("快递员")
        assert decisions(desk)[0].verdict == Verdict(Kind.SECONDARY, None, ("damaged_item",))

    def _undo_and_flags(self, desk: Desk, page: Page) -> None:
        page.keyboard.press("u")
        expect(page.get_by_role("status")).to_contain_text("Undone.")
        expect(opened(page)).to_contain_text("kettle")
        assert len(decisions(desk)) == 1

        page.keyboard.press("f")
        page.get_by_role("group", name="Flags").get_by_label("Somebody's safety").focus()
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        expect(opened(page)).to_contain_text("快递员")
        assert decisions(desk)[0].verdict == Verdict(Kind.FLAGS, None, None, ("safety",))

    def _accept_skip_and_put_aside(self, desk: Desk, page: Page) -> None:
        page.keyboard.press("a")
        expect(page.get_by_role("link", name="Add as example")).to_be_visible()
        expect(opened(page)).to_contain_text("curtains")
        page.keyboard.press("x")
        expect(page.get_by_text("Nothing to review")).to_be_visible()
        page.keyboard.press("u")
        expect(opened(page)).to_contain_text("curtains")
        page.keyboard.press("o")
        expect(page.get_by_text("Nothing to review")).to_be_visible()
        kinds = [one.verdict.kind for one in decisions(desk)]
        assert kinds == [Kind.OUT_OF_SCOPE, Kind.ACCEPT, Kind.FLAGS, Kind.RELABEL]

    def _see_the_keys(self, page: Page) -> None:
        page.keyboard.press("?")
        shown = page.get_by_role("region", name="Keys of this page")
        expect(shown).to_contain_text("Undo your last decision")
        page.keyboard.press("Escape")
        expect(shown).to_be_hidden()


class TestGuide:
    """What the guide calls by name stands on the page; the tests above do its steps."""

    def test_given_the_guide_then_what_it_names_is_there(self, desk: Desk) -> None:
        guide = (PROJECT / "docs/how-to/review-what-was-misheard.md").read_text(encoding="utf-8")
        named = set(re.findall(r"(?<!\*)\*([A-Z][^*\n]+)\*(?!\*)", guide))
        keys = set(re.findall(r"^\| `(.)` \|", guide, re.MULTILINE))
        page = page_of(desk)
        page.keyboard.press("x")
        expect(page.get_by_role("status")).to_contain_text("Skipped.")
        shown = page.locator("body").text_content() or ""
        page.keyboard.press("r")
        page.get_by_role("button", name="Faulty product", exact=True).click()
        shown += page.get_by_role("region", name="Add as example").text_content() or ""

        assert len(named) > 20
        assert {one for one in named if one not in shown} == set()
        assert keys == {"a", "r", "s", "f", "x", "o"}
        for key in keys:
            expect(page.locator(f"[data-key={key}]")).to_have_count(1)


class TestTwoAtOnce:
    def test_given_somebody_was_faster_then_the_second_is_told_and_nothing_changes(
        self, desk: Desk
    ) -> None:
        page = page_of(desk, "luz")
        first = groups(desk)[0]
        with desk.db.write() as uow:
            tim = next(one for one in uow.staff.all() if one.login == "tim")
            verdict = Verdict(Kind.RELABEL, "report_not_received")
            decide(uow, Chosen(first.id, LAST), verdict, ["report_not_received"], tim, utc_now())
            uow.commit()

        page.keyboard.press("a")

        told = page.get_by_role("alert")
        expect(told).to_contain_text("Somebody was faster")
        expect(told).to_contain_text("Relabelled: Not received (Tim Weller)")
        expect(opened(page)).to_contain_text("kettle")
        assert len(decisions(desk)) == 1


class TestRights:
    @pytest.mark.parametrize("login", ["ana", "max"])
    def test_given_other_roles_then_the_page_is_not_for_them(self, desk: Desk, login: str) -> None:
        page = page_of(desk, login)

        expect(page.get_by_role("heading", name="You cannot open this page")).to_be_visible()
        expect(page.get_by_role("link", name="Training")).to_have_count(0)
        first = groups(desk)[0]
        answer = page.request.post(
            f"{PATH}/decide", form={"group": str(first.id), "last": str(LAST), "act": "accept"}
        )
        assert answer.status == 403
        assert decisions(desk) == []


class TestAppearance:
    def test_given_chinese_then_the_page_and_its_keys_are_chinese(self, desk: Desk) -> None:
        with desk.db.write() as uow:
            tim = next(one for one in uow.staff.all() if one.login == "tim")
            uow.staff.set_language(tim.id, "zh")
            uow.commit()
        page = page_of(desk)

        expect(page.get_by_role("heading", name="审阅", exact=True)).to_be_visible()
        expect(rows(page).first).to_contain_text("被更正")
        page.keyboard.press("r")
        page.keyboard.type("未收到")
        page.keyboard.press("Enter")
        expect(page.get_by_role("region", name="添加为示例")).to_be_visible()
        assert decisions(desk)[0].intent == "report_not_received"

    def test_given_the_pages_then_axe_finds_nothing_and_nothing_scrolls_sideways(
        self, desk: Desk
    ) -> None:
        page = page_of(desk)
        page.keyboard.press("x")
        expect(page.get_by_role("status")).to_contain_text("Skipped.")
        for width, scheme in ((1280, "light"), (390, "dark")):
            size = {"width": width, "height": 900}
            page = page_of(desk, viewport=size, color_scheme=scheme)
            for path, key in (("", ""), ("", "r"), ("", "s"), ("", "f"), ("?state=decided", "")):
                page.goto(f"{PATH}{path}")
                if key:
                    page.keyboard.press(key)
                assert violations(page) == [], (path, key, width, scheme)
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, (path, key, width)

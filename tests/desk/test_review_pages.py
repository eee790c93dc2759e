"""The review queue at the desk: decided on by keyboard, by plain forms, and by two at once."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from amends.handoff.model import StaffRole
from amends.training.data_reader import read_corpus
from amends.training.review.deciding import Chosen, decide
from amends.training.review.model import Decision, Group, Kind, Query, Verdict
from amends.values import utc_now
from tests.desk.conftest import PROJECT, Desk
from tests.desk.review_seeding import fill_queue
from tests.desk.seeding import add_staff
from tests.desk.test_accessibility import violations

PATH = "/training"
PEOPLE = (
    ("tim", "Tim Weller", StaffRole.TRAINER),
    ("luz", "Luz Amaro", StaffRole.ADMIN),
    ("max", "Max Roth", StaffRole.MANAGER),
)
LAST = 10**9


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Training files of the desk's own, without git: an example is written, and nothing else."""
    folder = tmp_path / "project"
    for name in ("data", "policies"):
        shutil.copytree(PROJECT / name, folder / name)
    for name in ("domain.yml", "config.yml"):
        shutil.copyfile(PROJECT / name, folder / name)
    return folder


@pytest.fixture
def desk_settings(project: Path) -> dict[str, str]:
    return {"AMENDS_PROJECT_DIR": str(project)}


@pytest.fixture
def desk(desk: Desk) -> Desk:
    add_staff(desk.db, *PEOPLE, seen_at=utc_now())
    fill_queue(desk.db, utc_now())
    return desk


def page_of(desk: Desk, login: str = "tim", path: str = "", **features: object) -> Page:
    page = desk.sign_in(login, **features)
    page.wait_for_url(lambda url: not url.endswith("/sign-in"))
    page.goto(f"{PATH}{path}")
    return page


def opened(page: Page):  # type: ignore[no-untyped-def]
    return page.locator(".review-message")


def rows(page: Page):  # type: ignore[no-untyped-def]
    return page.locator(".review-list li")


def decisions(desk: Desk) -> list[Decision]:
    with desk.db.read() as uow:
        return [one for one, _ in uow.reviews.decisions(Query(), None, 50)]


def groups(desk: Desk) -> list[Group]:
    with desk.db.read() as uow:
        return list(uow.reviews.groups(Query(), None, 50))


def examples(project: Path, text: str) -> list[str]:
    """Return the files in which a line says this."""
    found = (project / "data" / "nlu").rglob("*.yml")
    return [one.name for one in found if f"- {text}\n" in one.read_text(encoding="utf-8")]


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


class TestWithoutScript:
    def test_given_plain_forms_when_three_buttons_are_pressed_then_it_is_an_example(
        self, desk: Desk, project: Path
    ) -> None:
        page = page_of(desk, java_script_enabled=False)

        page.locator("#review-relabel summary").click()
        page.get_by_role("button", name="Not received", exact=True).click()
        page.get_by_label("Example", exact=True).fill("The neighbour who took it has moved away")
        page.get_by_role("button", name="Add as example").click()

        expect(page.get_by_role("status")).to_contain_text("Added as an example")
        assert examples(project, "The neighbour who took it has moved away")

    def test_given_a_twin_then_it_is_shown_with_its_place_and_the_wording_can_be_changed(
        self, desk: Desk, project: Path
    ) -> None:
        corpus = read_corpus(project / "data" / "nlu", project)
        known = next(one for one in corpus.examples if one.intent == "report_faulty_product")
        page = page_of(desk, java_script_enabled=False)
        page.locator("#review-relabel summary").click()
        page.get_by_role("button", name="Not received", exact=True).click()

        page.get_by_label("Example", exact=True).fill(known.text)
        page.get_by_role("button", name="Add as example").click()
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("It stands there already")
        expect(alert).to_contain_text(str(known.place))
        expect(alert).to_contain_text("under “Faulty product”")
        expect(alert.locator("blockquote")).to_have_text(known.text)
        expect(page.get_by_label("Example", exact=True)).to_have_value(known.text)

        page.get_by_label("Example", exact=True).fill("Mail me at ana.k@corp-mail.com about it")
        page.get_by_role("button", name="Add as example").click()
        expect(page.get_by_role("alert")).to_contain_text("somebody's data")
        assert decisions(desk)[0].example_at is None

    def test_given_alike_messages_when_one_is_unticked_then_it_stays_open(self, desk: Desk) -> None:
        page = page_of(desk, java_script_enabled=False)

        page.get_by_label("please help").uncheck()
        page.get_by_role("button", name="Accept").click()

        expect(rows(page)).to_have_count(4)
        assert decisions(desk)[0].size == 1
        assert any("please help" in one.leader.text for one in groups(desk))

    def test_given_none_is_ticked_then_it_says_so(self, desk: Desk) -> None:
        page = page_of(desk, java_script_enabled=False)

        for box in page.locator("input[name=ticked]").all():
            box.uncheck()
        page.get_by_role("button", name="Accept").click()

        expect(page.get_by_role("alert")).to_contain_text("Tick at least one")
        assert decisions(desk) == []

    def test_given_filters_then_the_list_is_narrowed_and_decided_ones_are_found(
        self, desk: Desk
    ) -> None:
        page = page_of(desk, path="?reason=asked_back", java_script_enabled=False)
        expect(rows(page)).to_have_count(2)
        page.goto(f"{PATH}?language=zh")
        expect(opened(page)).to_contain_text("快递员")
        page.goto(f"{PATH}?intent=report_not_as_described")
        expect(opened(page)).to_contain_text("curtains")
        page.get_by_role("button", name="Skip").click()
        expect(page.get_by_text("No message fits")).to_be_visible()
        page.goto(f"{PATH}?to=2020-01-01")
        expect(page.get_by_text("No message fits")).to_be_visible()

        page.goto(f"{PATH}?state=decided")
        expect(rows(page)).to_have_count(1)
        expect(rows(page)).to_contain_text("Skipped (Tim Weller)")
        page.get_by_role("button", name="Undo last decision").click()
        expect(opened(page)).to_contain_text("curtains")

        page.goto(f"{PATH}?reason=nonsense&from=soon&language=xx")
        expect(page.get_by_role("alert").locator("p")).to_have_count(3)
        expect(rows(page)).to_have_count(4)

    def test_given_the_open_message_then_the_talk_around_it_stands_beside(self, desk: Desk) -> None:
        page = page_of(desk, java_script_enabled=False)

        said = page.locator(".said li")
        expect(page.locator(".said .is-open")).to_contain_text("neighbour")
        expect(said.last).to_contain_text("I have opened a case")
        expect(page.locator(".review-facts")).to_contain_text("Wrong item 34%")
        expect(page.locator(".review-facts")).to_contain_text("Not received 31%")
        expect(page.locator(".review-facts")).to_contain_text("Turned out to be")


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

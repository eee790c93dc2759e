"""Actions on causes are planned, moved on and noted, in pages that need no script."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from amends.cases.root_causes import RootCause
from amends.handoff.model import StaffMember, StaffRole
from amends.insights import action_editing as editing
from amends.insights.actions import ActionState, CauseAction, Plan
from amends.storage import Database
from amends.values import utc_now
from tests.desk.conftest import Desk
from tests.desk.seeding import add_staff
from tests.desk.test_accessibility import violations
from tests.insights.action_samples import seed_facts

PATH = "/insights/actions"
NOW = utc_now()
TODAY = NOW.date()
DONE_ON = TODAY - timedelta(days=36)
PEOPLE = (
    ("sam", "Sam Reyes", StaffRole.SUPERVISOR),
    ("luz", "Luz Amaro", StaffRole.MANAGER),
    ("tim", "Tim Weller", StaffRole.TRAINER),
)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    add_staff(desk.db, *PEOPLE, seen_at=NOW)
    return desk


def member(db: Database, login: str) -> StaffMember:
    with db.read() as uow:
        return next(one for one in uow.staff.all() if one.login == login)


def seed(desk: Desk) -> CauseAction:
    """Store an action that is done and helped, and one that is overdue."""
    sam = member(desk.db, "sam")
    with desk.db.write() as uow:
        seed_facts(uow, DONE_ON, (9, 11, 8, 10, 12), (5, 4, 6, 3, 7))
        cause, due = RootCause.PACKAGING, DONE_ON - timedelta(days=4)
        done = editing.add(uow, Plan("Strong cartons", "", cause, None, sam.id, due), sam, NOW)
        done = editing.move(uow, done.id, ActionState.DONE, DONE_ON, 1, sam, NOW, TODAY)
        late = Plan("Second carrier", "", RootCause.CARRIER_DELAY, None, sam.id, due)
        editing.add(uow, late, sam, NOW)
        uow.commit()
    return done


def page_of(desk: Desk, login: str, path: str = "", **features: object) -> Page:
    return desk.enter(f"{PATH}{path}", login, **({"java_script_enabled": False} | features))


def stored(desk: Desk) -> list[CauseAction]:
    with desk.db.read() as uow:
        return list(uow.cause_actions.all())


class TestClosingTheLoop:
    def test_given_an_action_when_planned_then_changed_moved_and_noted(self, desk: Desk) -> None:
        page = page_of(desk, "sam", "/new?category=damaged_item")

        self._plan_with_a_mistake(desk, page)
        other = page_of(desk, "luz", f"/{stored(desk)[0].id}")
        self._change(page)
        self._change_at_once(desk, other)
        self._move_and_note(desk, other)

    def _plan_with_a_mistake(self, desk: Desk, page: Page) -> None:
        page.get_by_label("Title").fill("Strong cartons")
        page.get_by_label("Due on").fill((TODAY + timedelta(days=9)).isoformat())
        expect(page.get_by_label("Owner")).to_have_value(member(desk.db, "sam").id)
        page.get_by_label("Category").select_option("")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_role("alert")).to_have_text("Choose a root cause, a category, or both.")
        expect(page.get_by_label("Title")).to_have_value("Strong cartons")
        assert stored(desk) == []

        page.get_by_label("Root cause").select_option(label="Packaging")
        page.get_by_label("Owner").select_option(label="Tim Weller")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_role("status")).to_contain_text("Added")
        assert stored(desk)[0].plan.owner == member(desk.db, "tim").id

    def _change(self, page: Page) -> None:
        page.get_by_label("What is done").fill("Order them")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("status")).to_have_text("Saved.")
        expect(page.get_by_role("region", name="Notes and history")).to_contain_text(
            "What is done: Order them"
        )

    def _change_at_once(self, desk: Desk, page: Page) -> None:
        page.get_by_label("Title").fill("Stronger cartons")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("alert")).to_contain_text("Somebody else has changed this action")
        stands = page.get_by_role("region", name="What stands now")
        expect(stands).to_contain_text("Strong cartons")
        expect(stands).to_contain_text("Order them")
        expect(page.get_by_label("Title")).to_have_value("Stronger cartons")
        assert stored(desk)[0].plan.title == "Strong cartons"

        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("status")).to_have_text("Saved.")
        assert stored(desk)[0].plan.title == "Stronger cartons"

    def _move_and_note(self, desk: Desk, page: Page) -> None:
        page.get_by_label("As of").fill((TODAY + timedelta(days=2)).isoformat())
        page.get_by_label("As of").evaluate("field => field.removeAttribute('max')")
        page.get_by_role("button", name="Begin").click()
        expect(page.get_by_role("alert")).to_contain_text("This day lies ahead")

        page.get_by_role("button", name="Begin").click()
        page.get_by_role("button", name="Done").click()
        effect = page.get_by_role("region", name="Did it help?")
        expect(effect).to_contain_text("It takes 4 whole weeks before and after")
        assert stored(desk)[0].state is ActionState.DONE

        page.get_by_role("textbox", name="Note").fill("The cartons came.")
        page.get_by_role("button", name="Add the note").click()
        history = page.get_by_role("region", name="Notes and history")
        expect(history.locator("li").first).to_contain_text("The cartons came.")
        expect(history.locator("li").first).to_contain_text("Luz Amaro")


class TestReading:
    def test_given_actions_then_overdue_first_and_what_each_role_may_see(self, desk: Desk) -> None:
        done = seed(desk)
        page = page_of(desk, "tim")

        expect(page.locator("tbody tr").first).to_contain_text("Second carrier")
        expect(page.locator("tbody tr").first).to_contain_text("Overdue")
        expect(page.get_by_role("link", name="Plan an action")).to_have_count(0)
        page.get_by_role("link", name="Mine").click()
        expect(page.get_by_text("Nothing is to be done.")).to_be_visible()

        page.goto(f"{PATH}/{done.id}")
        effect = page.get_by_role("region", name="Did it help?")
        expect(effect).to_contain_text("Better")
        expect(effect.get_by_role("row", name="Before")).to_contain_text("10.0")
        expect(effect.get_by_role("row", name="After")).to_contain_text("5.0")
        expect(page.get_by_role("button", name="Save")).to_have_count(0)
        for path in ("/new", "/none"):
            page.goto(f"{PATH}{path}")
            expect(page.get_by_role("heading", level=1)).to_contain_text("page")

        agent = page_of(desk, "ana")
        expect(agent.get_by_role("heading", name="You cannot open this page")).to_be_visible()

    def test_given_the_pages_then_axe_finds_nothing(self, desk: Desk) -> None:
        done = seed(desk)
        for width, scheme in ((1280, "light"), (390, "dark"), (390, "light"), (1280, "dark")):
            size = {"width": width, "height": 900}
            page = page_of(
                desk, "sam", viewport=size, color_scheme=scheme, java_script_enabled=True
            )
            for path in ("", "/new", f"/{done.id}"):
                page.goto(f"{PATH}{path}")
                assert violations(page) == [], (path, width, scheme)

"""Examples are looked up, added, reworded, moved, removed, and each change can be taken back."""

import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from amends.handoff.model import StaffRole
from amends.training.changes import Change
from amends.values import utc_now
from tests.desk.conftest import PROJECT, Desk
from tests.desk.seeding import add_staff
from tests.desk.test_accessibility import violations

PATH = "/training/examples"
ITEMS = """# Things that came broken.
version: "3.1"
nlu:
- intent: report_damaged_item
  examples: |
    - the vase came in four pieces
    - my kettle has a crack all along the lid
    - screen of the tablet was shattered in the box

# Thanks.
- intent: thank
  examples: |
    - thanks a lot
    - that was kind of you
"""
ITEMS_ZH = """version: "3.1"
nlu:
- intent: report_damaged_item
  examples: |
    - 收到的花瓶碎成了四块
    - 水壶的盖子裂开了
"""


def git(project: Path, *arguments: str) -> str:
    who = ["-c", "user.name=Ina", "-c", "user.email=ina@example.com"]
    done = subprocess.run(
        ["git", *who, *arguments], cwd=project, check=True, capture_output=True, text=True
    )
    return done.stdout


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "data" / "nlu" / "zh").mkdir(parents=True)
    (folder / "data" / "nlu" / "items.yml").write_text(ITEMS, encoding="utf-8")
    (folder / "data" / "nlu" / "zh" / "items.yml").write_text(ITEMS_ZH, encoding="utf-8")
    for name in ("policies", "domain.yml", "config.yml"):
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
        copy(PROJECT / name, folder / name)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "Begin")
    return folder


@pytest.fixture
def desk_settings(project: Path) -> dict[str, str]:
    return {"AMENDS_PROJECT_DIR": str(project)}


@pytest.fixture
def desk(desk: Desk) -> Desk:
    add_staff(desk.db, ("tim", "Tim Weller", StaffRole.TRAINER), seen_at=utc_now())
    return desk


def page_of(desk: Desk, login: str = "tim", path: str = PATH, **features: object) -> Page:
    return desk.enter(path, login, **({"java_script_enabled": False} | features))


def text_of(project: Path, name: str = "items.yml") -> str:
    return (project / "data" / "nlu" / name).read_text(encoding="utf-8")


def changes(desk: Desk) -> list[Change]:
    with desk.db.read() as uow:
        return list(uow.training_changes.latest(50))


class TestLookingUp:
    def test_given_filters_then_only_what_fits_is_shown_with_counts(self, desk: Desk) -> None:
        page = page_of(desk)
        expect(page.get_by_text("7 examples")).to_be_visible()
        expect(page.get_by_role("row", name="Damaged item 3 2 5")).to_be_visible()

        page.get_by_label("Words").fill("KETTLE lid")
        page.get_by_role("button", name="Show").click()
        expect(page.locator(".example-text")).to_have_text(
            "my kettle has a crack all along the lid"
        )

        page.get_by_role("link", name="Clear all filters").click()
        page.get_by_label("Language").select_option("zh")
        page.get_by_role("button", name="Show").click()
        expect(page.locator(".example-text")).to_have_count(2)

    def test_given_an_agent_then_the_pages_are_not_for_them(self, desk: Desk) -> None:
        page = page_of(desk, "ana")

        expect(page.get_by_role("heading", level=1)).to_have_text("You cannot open this page")


class TestChanging:
    def test_given_an_example_when_added_then_one_commit_by_the_trainer(
        self, desk: Desk, project: Path
    ) -> None:
        page = page_of(desk, path=f"{PATH}/new")
        page.get_by_label("Message").fill("the vase came in four pieces!")
        page.get_by_label("Intent", exact=True).select_option("report_damaged_item")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("It stands there already")
        assert text_of(project) == ITEMS

        page.get_by_label("Message").fill("mail me at jo@firm.de, the lamp is bent")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("somebody's data")
        page.get_by_role("button", name="Use these words").click()

        expect(page.get_by_role("status").first).to_contain_text("Added.")
        added = "    - mail me at name@example.com, the lamp is bent\n"
        behind = "shattered in the box\n"
        assert text_of(project) == ITEMS.replace(behind, behind + added)
        assert git(project, "log", "-1", "--format=%an|%cn").strip() == "Tim Weller|Amends"

    def test_given_an_example_when_reworded_moved_and_removed_then_that_line_alone_changes(
        self, desk: Desk, project: Path
    ) -> None:
        page = page_of(desk)
        page.get_by_role("link", name="my kettle has a crack").click()
        page.get_by_label("Message").fill("my kettle has a crack")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("status").first).to_contain_text("Changed.")
        assert text_of(project) == ITEMS.replace(" all along the lid", "")

        page.get_by_role("link", name="my kettle has a crack").click()
        page.get_by_label("Intent", exact=True).select_option("thank")
        page.get_by_label("Why", exact=True).first.fill("it was thanks")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("status").first).to_contain_text("Changed.")
        assert text_of(project).endswith("- that was kind of you\n    - my kettle has a crack\n")

        page.get_by_role("link", name="my kettle has a crack").click()
        page.get_by_role("button", name="Remove").click()
        expect(page.get_by_role("status").first).to_contain_text("Removed.")
        line = "    - my kettle has a crack all along the lid\n"
        assert text_of(project) == ITEMS.replace(line, "")
        assert changes(desk)[1].why == "it was thanks"

    def test_given_a_change_when_taken_back_then_the_file_is_as_it_was(
        self, desk: Desk, project: Path
    ) -> None:
        page = page_of(desk)
        page.get_by_role("link", name="thanks a lot").click()
        page.get_by_role("button", name="Remove").click()
        page.get_by_role("link", name="See the change").click()
        expect(page.locator(".diff-gone code")).to_have_text("    - thanks a lot")

        page.get_by_role("button", name="Take it back").click()

        expect(page.get_by_role("status")).to_contain_text("Taken back.")
        assert text_of(project) == ITEMS
        page.goto("/training/changes")
        expect(page.locator("tbody tr")).to_have_count(2)
        expect(page.locator("tbody tr").last).to_contain_text("Taken back")

    def test_given_a_change_then_git_takes_its_patch_elsewhere(
        self, desk: Desk, project: Path, tmp_path: Path
    ) -> None:
        other = tmp_path / "elsewhere"
        git(tmp_path, "clone", "-q", str(project), str(other))
        page = page_of(desk, path=f"{PATH}/new?language=zh")
        page.get_by_label("Message").fill("盒子里的杯子全都碎了")
        page.get_by_label("Intent", exact=True).select_option("report_damaged_item")
        page.get_by_label("Why", exact=True).fill("杯子：new words")
        page.get_by_role("button", name="Add", exact=True).click()
        (change,) = changes(desk)

        patch = tmp_path / "one.patch"
        patch.write_bytes(page.request.get(f"/training/changes/{change.id}/patch").body())
        git(other, "am", "-q", str(patch))

        assert text_of(other, "zh/items.yml") == text_of(project, "zh/items.yml")
        assert git(other, "log", "-1", "--format=%an|%s").strip() == "Tim Weller|杯子：new words"


class TestLookingOver:
    def test_given_doubles_when_looked_over_then_they_are_shown_with_their_places(
        self, desk: Desk, project: Path
    ) -> None:
        file = project / "data" / "nlu" / "items.yml"
        file.write_text(ITEMS + "    - The vase came in four pieces\n", encoding="utf-8")

        page = page_of(desk, path=f"{PATH}/check", java_script_enabled=True)

        group = page.get_by_role("region", name="The same text under two intents")
        group.get_by_role("link", name="data/nlu/items.yml:6").click()
        expect(page.locator(".example-now")).to_contain_text("the vase came in four pieces")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_given_the_pages_then_axe_finds_nothing_and_nothing_is_cut(
    desk: Desk, scheme: str, width: int, language: str
) -> None:
    with desk.db.write() as uow:
        member = next(one for one in uow.staff.all() if one.login == "tim")
        uow.staff.set_language(member.id, language)
        uow.commit()
    page = page_of(
        desk,
        java_script_enabled=True,
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
    )
    addresses = [PATH, f"{PATH}/new", f"{PATH}/check", "/training/changes"]
    addresses.append(page.locator(".example-text").first.get_attribute("href") or "")
    page.goto(addresses[-1])
    page.locator("#why-remove").press("Enter")
    page.wait_for_url("**/training/examples?done=removed*")
    addresses[-1] = page.locator(".example-text").first.get_attribute("href") or ""
    addresses.append(f"/training/changes/{changes(desk)[0].id}")
    for address in addresses:
        page.goto(address)
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address

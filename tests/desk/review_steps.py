"""A desk with a review queue, what stands on its page, and what is stored of it."""

import shutil
from pathlib import Path

from playwright.sync_api import Page

from amends.handoff.model import StaffRole
from amends.training.review.model import Decision, Group, Query
from amends.values import utc_now
from tests.desk.conftest import PROJECT, Desk
from tests.desk.review_seeding import fill_queue
from tests.desk.seeding import add_staff

PATH = "/training"
PEOPLE = (
    ("tim", "Tim Weller", StaffRole.TRAINER),
    ("luz", "Luz Amaro", StaffRole.ADMIN),
    ("max", "Max Roth", StaffRole.MANAGER),
)
LAST = 10**9


def project_in(folder: Path) -> Path:
    """Training files of the desk's own, without git: an example is written, and nothing else."""
    for name in ("data", "policies"):
        shutil.copytree(PROJECT / name, folder / name)
    for name in ("domain.yml", "config.yml"):
        shutil.copyfile(PROJECT / name, folder / name)
    return folder


def with_queue(desk: Desk) -> Desk:
    add_staff(desk.db, *PEOPLE, seen_at=utc_now())
    fill_queue(desk.db, utc_now())
    return desk


def page_of(desk: Desk, login: str = "tim", path: str = "", **features: object) -> Page:
    return desk.enter(f"{PATH}{path}", login, **features)


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

"""The desk as a process of its own, before a real browser."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from amends.compensation.load import load_policy
from amends.compensation.policy import Policy
from amends.desk.session import COOKIE, SESSION_LASTS, hash_session
from amends.handoff.model import StaffRole
from amends.handoff.thresholds import Thresholds, load_thresholds
from amends.storage import Database, demo
from amends.values import new_id, utc_now
from tests.desk.seeding import PASSWORD, Chat, add_chat, add_staff
from tests.support.browser import chromium, free_port
from tests.support.database import database, fresh_url
from tests.support.forked import start_desk

__all__ = ["database"]

PROJECT = Path(__file__).resolve().parents[2]
SITE_SECRET = "the secret of the desk's tests, long enough"


@dataclass
class Desk:
    """A running desk, its database, and browsers of people who sign in."""

    url: str
    db: Database
    policy: Policy
    thresholds: Thresholds
    browser: Browser
    log_file: Path
    db_url: str

    def add_chat(self, **facts: object) -> Chat:
        plain: dict[str, object] = {
            "says": [("My lamp has not come and nobody answers. I want a person!", -0.7)],
            "now": utc_now(),
        }
        return add_chat(self.db, self.policy, self.thresholds, **(plain | facts))  # type: ignore[arg-type]

    def sign_in(self, login: str, **features: object) -> Page:
        """Come in through the door, which leads to the console."""
        page = self._context(features).new_page()
        page.goto("/sign-in")
        page.get_by_label("Name").fill(login)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        return page

    def enter(self, path: str, login: str, **features: object) -> Page:
        """Open one page as somebody who signed in before: neither door nor console is loaded."""
        context = self._context(features)
        cookie = {"name": COOKIE, "value": self._session_of(login), "url": self.url}
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.goto(path)
        return page

    def _session_of(self, login: str) -> str:
        token, now = f"session of {login} {new_id()}".replace(" ", "-"), utc_now()
        with self.db.write() as uow:
            found = uow.staff.by_login(login)
            assert found is not None, f"nobody is called {login}"
            uow.staff.add_session(hash_session(token), found[0].id, now + SESSION_LASTS)
            uow.staff.seen(found[0].id, now)
            uow.commit()
        return token

    def _context(self, features: dict[str, object]) -> BrowserContext:
        size = {"width": 1280, "height": 800}
        wanted: dict[str, object] = {"viewport": size, "locale": "en-GB"} | features
        return self.browser.new_context(base_url=self.url, **wanted)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser per file: while it runs, no asynchronous test can run in this process."""
    with chromium() as opened:
        yield opened


@pytest.fixture
def desk_settings(tmp_path: Path) -> dict[str, str]:
    """Settings of the desk beyond the plain ones; a test file may say others."""
    return {}


@pytest.fixture
def desk(tmp_path: Path, browser: Browser, desk_settings: dict[str, str]) -> Iterator[Desk]:
    url = fresh_url(tmp_path)
    demo.fill(url, utc_now())
    db = Database(url, SITE_SECRET)
    people = (("ana", "Ana Torres", StaffRole.AGENT), ("ben", "Ben Okafor", StaffRole.AGENT))
    add_staff(db, *people, seen_at=utc_now().replace(year=2026, month=1, day=1))
    port = free_port()
    environment = {
        **os.environ,
        "AMENDS_DATABASE_URL": url,
        "AMENDS_VAR_DIR": str(tmp_path / "var"),
        "AMENDS_DESK_PORT": str(port),
        "AMENDS_SITE_SECRET": SITE_SECRET,
        **desk_settings,
    }
    log_file = tmp_path / "desk.out"
    process = start_desk(environment, log_file)
    address = f"http://127.0.0.1:{port}"
    try:
        until(lambda: _answers(address, process), 90)
        yield Desk(
            address,
            db,
            load_policy(PROJECT / "policies/retail.yml"),
            load_thresholds(PROJECT / "policies/handoff.yml"),
            browser,
            log_file,
            url,
        )
    finally:
        for context in browser.contexts:
            context.close()
        process.terminate()
        process.join(10)
        db.close()


def until(holds: Callable[[], bool], seconds: float = 20.0) -> None:
    give_up = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > give_up:
            raise AssertionError("it did not happen in time")
        time.sleep(0.05)


def _answers(address: str, process: BaseProcess) -> bool:
    if process.exitcode is not None:
        raise AssertionError(f"the desk ended with code {process.exitcode}")
    try:
        return httpx.get(f"{address}/healthz", timeout=1).status_code == 200
    except httpx.HTTPError:
        return False

"""The real system changes its model while customers talk; the desk leads it there and back.

The second model is a copy of the first under another name: a training takes minutes, and what is
looked at here is the change itself. `tests/bot/test_model_swap.py` swaps models that answer
differently.
"""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from amends.wiring.model import current_model
from amends.wiring.models import name_of
from amends.wiring.settings import PROJECT_DIR, Settings
from tests.support.browser import chromium
from tests.support.system import PATIENT, System, running_system, until

SECOND = "amends-second"
CHATS = 4
SWAPS = 4
CHANGE_SECONDS = 90
SETTLED_MB = 350


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with the trained model, and a copy of it under another name."""
    folder = tmp_path_factory.mktemp("swap") / "models"
    folder.mkdir()
    trained = current_model(Settings(project_dir=PROJECT_DIR))
    assert trained.is_file(), "run `amends train` first"
    shutil.copy(trained, folder)
    shutil.copy(trained, folder / f"{SECOND}.tar.gz")
    return folder, name_of(trained)


@pytest.fixture(scope="module")
def own_system(
    models: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[System]:
    with running_system(tmp_path_factory.mktemp("own"), models_dir=models[0]) as system:
        yield system


@pytest.fixture
def page(own_system: System) -> Iterator[Page]:
    with chromium() as browser:
        context = browser.new_context(base_url=own_system.desk_url, locale="en-GB")
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto("/sign-in")
        page.get_by_label("Name").fill("admin")
        page.get_by_label("Password").fill(str(PATIENT["admin_password"]))
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: not url.endswith("/sign-in"))
        yield page


def served(system: System) -> str:
    health = f"http://127.0.0.1:{system.ports['engine']}/webhooks/amends/health"
    return str(httpx.get(health, timeout=20, trust_env=False).json()["model"])


def serves(system: System, model: str) -> Callable[[], bool]:
    return lambda: served(system) == f"{model}.tar.gz"


def promote(page: Page, model: str, reason: str) -> None:
    page.goto(f"/training/models/{model}")
    page.get_by_text("Promote", exact=True).click()
    page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name="Promote now").click()
    expect(page.get_by_role("status").first).to_contain_text("Promoted.")


def roll_back(page: Page) -> None:
    page.goto("/training/models")
    page.get_by_text("Roll back", exact=True).click()
    page.get_by_role("button", name="Roll back now").click()
    expect(page.get_by_role("status").first).to_contain_text("Rolled back.")


def test_given_people_who_talk_when_models_change_then_each_message_is_answered_once(
    own_system: System, models: tuple[Path, str], page: Page
) -> None:
    _, first = models
    assert serves(own_system, first)()
    over = threading.Event()
    before = own_system.resident_mb("engine")

    def talk(_: int) -> int:
        customer, said = own_system.customer(), 0
        while not over.is_set() or said < 2:
            said += 1
            replies = customer.say(f"My parcel has not come, I asked {said} times")
            assert replies, "a message without an answer"
        log = customer.messages()
        asked = [one["seq"] for one in log if one["role"] == "customer"]
        assert len(asked) == said
        return said

    with ThreadPoolExecutor(CHATS) as pool:
        chats = [pool.submit(talk, number) for number in range(CHATS)]
        try:
            promote(page, SECOND, "tried on the real system")
            until(serves(own_system, SECOND), CHANGE_SECONDS)
            for number in range(SWAPS):
                roll_back(page)
                until(serves(own_system, first if number % 2 == 0 else SECOND), CHANGE_SECONDS)
        finally:
            over.set()
        told = [one.result() for one in chats]

    assert min(told) >= 2
    with own_system.db.read() as uow:
        numbers = [one.number for one in uow.models.promotions()]
    assert numbers == list(range(SWAPS + 1, 0, -1))
    until(lambda: own_system.resident_mb("engine") < max(SETTLED_MB, before + 40), 45)


def test_given_a_broken_model_then_the_old_one_answers_and_the_page_says_why(
    own_system: System, models: tuple[Path, str], page: Page
) -> None:
    folder, _ = models
    live = served(own_system)
    (folder / "amends-broken.tar.gz").write_bytes(b"no archive at all")

    promote(page, "amends-broken", "to see what happens")

    warning = page.get_by_text("The engine could not change over")
    give_up = time.monotonic() + CHANGE_SECONDS
    while not warning.count():
        assert time.monotonic() < give_up, "the page says nothing of it"
        page.reload()
    expect(warning).to_contain_text("amends-broken.tar.gz cannot be loaded")
    assert served(own_system) == live
    assert own_system.customer().say("My lamp arrived broken")

    roll_back(page)
    until(serves(own_system, live.removesuffix(".tar.gz")), CHANGE_SECONDS)

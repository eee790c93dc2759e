"""From a misheard message to a corrected model that answers, and back, on the running system.

The project is a copy with a fifth of the examples, and few of what is misheard, in a git repository
of its own: what a trainer does at the desk is committed there, and a training takes less time.
The copy also has a category that nobody had before, as the desk's form writes it, an apology in
other words, and a third language of which it was taught a little. The program runs from there: what
its first model makes of them costs no training of its own.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from amends.training.new_intent.files import new_texts
from amends.training.review.model import Query
from amends.wiring.dialogue_files import files_of_intents
from amends.wiring.settings import PROJECT_DIR
from tests.support import third_language
from tests.support.apology import CHANGED, change_apology
from tests.support.browser import chromium
from tests.support.system import PATIENT, System, running_system, until
from tests.training.new_intent.samples import GIFT_WRAPPING

MISHEARD = "The lamp flickers since I plugged it in"
MEANT = "report_faulty_product"
FILES = ("domain.yml", "config.yml", "endpoints.yml", "credentials.yml")
FOLDERS = ("amends", "actions", "bot", "data", "policies", "tests/conversations")
OF_THE_NEW_CATEGORY = (
    "you forgot to gift wrap my mother's present",
    "I ordered it wrapped as a gift and it arrived in a plain brown box",
    "the greeting card that should be with the present was missing",
    "the wrapping paper was ripped and there was no bow on the gift",
    "礼物没有包装，贺卡也没有",
    "我付了礼品包装的钱，送来的却没有包装",
)
"""None of them is among the examples."""
NEXT_TO_NONE = 40
CLICKS = 10
QUEUE_SECONDS = 120
EXAMINED_SECONDS = 1500
CHANGE_SECONDS = 120


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("loop") / "project"
    for name in FOLDERS:
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT_DIR / name, folder / name, ignore=ignore)
    for name in FILES:
        shutil.copy(PROJECT_DIR / name, folder / name)
    (folder / "requirements").mkdir()
    shutil.copy(PROJECT_DIR / "requirements" / "engine.lock", folder / "requirements")
    for file in (folder / "data" / "nlu").rglob("*.yml"):
        file.write_text(thinned(file.read_text(encoding="utf-8")), encoding="utf-8")
    for path, text in new_texts(GIFT_WRAPPING, files_of_intents(folder)).items():
        (folder / path).write_text(text, encoding="utf-8")
    change_apology(folder)
    third_language.begin(folder)
    third_language.teach_speaking(folder)
    third_language.teach_understanding(folder)
    for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", "Begin"]):
        git(folder, *command)
    return folder


def thinned(text: str) -> str:
    """Return a file with one in five of each block's examples, and next to none of one intent."""
    head, *blocks = re.split(r"^(?=- intent: )", text, flags=re.MULTILINE)
    kept = [one for one in blocks if not one.startswith(f"- intent: {MEANT}\n  metadata")]
    return head + "".join(_with_one_in(NEXT_TO_NONE if MEANT in one else 5, one) for one in kept)


def _with_one_in(step: int, block: str) -> str:
    lines = block.splitlines(keepends=True)
    places = [place for place, line in enumerate(lines) if line.startswith("    - ")]
    dropped = set(places) - set(places[::step])
    return "".join(line for place, line in enumerate(lines) if place not in dropped)


def git(folder: Path, *command: str) -> str:
    who = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.com"]
    done = subprocess.run(
        ["git", *who, *command], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture(scope="module")
def own_system(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    settings = {
        "project_dir": project,
        "models_dir": project / "models",
        "engine_python": PROJECT_DIR / ".venv-engine" / "bin" / "python",
    }
    with running_system(tmp_path_factory.mktemp("own"), project, **settings) as system:
        yield system


@dataclass
class Trainer:
    """Somebody at the desk whose clicks are counted."""

    page: Page
    clicks: int = 0

    def click(self, target: Locator) -> None:
        target.click()
        self.clicks += 1

    def press(self, name: str) -> None:
        self.click(self.page.get_by_role("button", name=name, exact=True))

    def follow(self, name: str) -> None:
        self.click(self.page.get_by_role("link", name=name, exact=True).first)


@pytest.fixture
def trainer(own_system: System) -> Iterator[Trainer]:
    with chromium() as browser:
        context = browser.new_context(base_url=own_system.desk_url, locale="en-GB")
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto("/sign-in")
        page.get_by_label("Name").fill("admin")
        page.get_by_label("Password").fill(str(PATIENT["admin_password"]))
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: not url.endswith("/sign-in"))
        yield Trainer(page)


def engine(system: System) -> httpx.Client:
    address = f"http://127.0.0.1:{system.ports['engine']}/webhooks/amends"
    return httpx.Client(base_url=address, timeout=60, trust_env=False)


def understood(system: System, text: str = MISHEARD) -> str:
    with engine(system) as client:
        answer = client.post("/understand", json={"text": text}).json()
    return str(answer["intent"]["name"])


def served(system: System) -> str:
    with engine(system) as client:
        return str(client.get("/health").json()["model"])


def test_given_a_new_category_when_trained_then_what_nobody_wrote_before_is_read_as_it(
    own_system: System,
) -> None:
    read_as = {text: understood(own_system, text) for text in OF_THE_NEW_CATEGORY}

    right = [text for text, intent in read_as.items() if intent == GIFT_WRAPPING.intent]
    assert len(right) >= len(OF_THE_NEW_CATEGORY) - 1, read_as


@pytest.mark.parametrize(
    ("text", "language"), [(OF_THE_NEW_CATEGORY[0], "en"), (OF_THE_NEW_CATEGORY[-1], "zh")]
)
def test_given_a_new_category_when_complained_of_then_it_is_apologised_for_in_its_own_words(
    own_system: System, text: str, language: str
) -> None:
    replies = own_system.customer().say(text)

    assert GIFT_WRAPPING.answer[language] in replies.text
    assert re.search(r"AM-[A-Z0-9]{6}", replies.text)


@pytest.mark.parametrize(
    ("text", "language"), [("my vase arrived smashed to pieces", "en"), ("花瓶送来就碎了", "zh")]
)
def test_given_an_apology_in_other_words_when_complained_then_the_customer_is_told_them(
    own_system: System, text: str, language: str
) -> None:
    replies = own_system.customer().say(text)

    assert CHANGED[language] in replies.text


def test_given_a_third_language_when_complained_in_it_then_the_chat_goes_on_in_it(
    own_system: System,
) -> None:
    customer = own_system.customer()

    first = customer.say("Todavía no ha llegado mi paquete y lo pedí hace un mes")
    second = customer.say("10045")

    assert third_language.SPANISH["responses"]["say_apology_not_received"] in first.text
    assert re.search(r"AM-[A-Z0-9]{6}", first.text)
    with own_system.db.read() as uow:
        found = uow.conversations.get(customer.conversation_id)
    assert found is not None
    assert found.language == third_language.CODE
    assert second.text


def test_given_misheard_message_when_corrected_at_the_desk_then_heard_right_and_back_again(
    own_system: System, project: Path, trainer: Trainer
) -> None:
    first, misheard_as = served(own_system), understood(own_system)
    assert misheard_as != MEANT
    customer = own_system.customer()
    assert customer.say(MISHEARD)
    until(lambda: is_queued(own_system), QUEUE_SECONDS)

    correct(trainer)
    assert MISHEARD in (project / "data" / "nlu" / "items.yml").read_text(encoding="utf-8")
    assert MISHEARD in git(project, "log", "-1", "--patch")
    candidate = promote_what_is_trained(trainer)
    until(lambda: served(own_system) == f"{candidate}.tar.gz", CHANGE_SECONDS)

    assert understood(own_system) == MEANT
    assert customer.say("a person, please")
    trainer.page.goto("/training/models")
    trainer.click(trainer.page.get_by_text("Roll back", exact=True))
    trainer.press("Roll back now")
    until(lambda: served(own_system) == first, CHANGE_SECONDS)
    assert understood(own_system) == misheard_as
    assert trainer.clicks <= CLICKS
    log = [one["seq"] for one in customer.messages()]
    assert log == list(range(1, len(log) + 1))


def is_queued(system: System) -> bool:
    with system.db.read() as uow:
        return bool(uow.reviews.groups(Query(), None, 5))


def correct(trainer: Trainer) -> None:
    """Say what the first message of the queue meant, and make it an example."""
    page = trainer.page
    page.goto("/training")
    expect(page.locator(".review-message")).to_contain_text("flickers")
    trainer.press("Relabel")
    trainer.press("Faulty product")
    trainer.press("Add as example")
    expect(page.get_by_role("status")).to_contain_text("Added as an example")


def promote_what_is_trained(trainer: Trainer) -> str:
    """Train and examine, promote the candidate, and return its name."""
    page = trainer.page
    trainer.follow("Models")
    trainer.press("Train and examine")
    ready = page.get_by_role("status").filter(has_text="The candidate is ready")
    expect(ready).to_be_visible(timeout=EXAMINED_SECONDS * 1000)
    link = ready.get_by_role("link").first
    name = str(link.get_attribute("href")).rsplit("/", 1)[-1]
    trainer.click(link)
    trainer.click(page.get_by_text("Promote", exact=True))
    reason = page.get_by_label("Reason")
    if reason.count():
        reason.fill("It hears what broke")
    trainer.press("Promote now")
    expect(page.get_by_role("status").first).to_contain_text("Promoted.")
    return name

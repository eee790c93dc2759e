"""The steps of `docs/how-to/add-a-category.md`, in a copy: do the files hold together?"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from amends.training.new_intent.files import new_texts
from amends.wiring.dialogue_files import files_of_intents
from tests.training.new_intent.samples import GIFT_WRAPPING, OPENING_HOURS

PROJECT = Path(__file__).resolve().parents[3]
ENGINE = PROJECT / ".venv-engine/bin/python"

ASK = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
import amends
from actions.problems import other_problems, problem_noun, problem_title
from amends.cases import use_cases as cases
from amends.cases.details import needed, wishes_for
from amends.cases.model import Category
from amends.compensation import use_cases as compensation
from amends.compensation.load import load_policy
from amends.conversations import use_cases as conversations
from amends.desk import words
from amends.desk.speech import speaking
from amends.gateway.case_texts import TEXTS
from amends.storage import Database
from amends.storage.migrate import upgrade

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
upgrade(sys.argv[1])
db, new = Database(sys.argv[1]), Category("gift_wrapping")
with db.write() as uow:
    begun = conversations.start_conversation(uow, language="en", company="S", now=NOW)
    chat = begun.conversation.id
    said = "no bow at all, and that for a wedding"
    posting = conversations.Posting("m", said, None)
    conversations.post_message(uow, chat, posting, limit=99, now=NOW)
    complaint = cases.Complaint(chat, 2, new, (), said, "low", frozenset(), None)
    case = cases.take_complaint(uow, complaint, NOW, NOW).case
    uow.commit()
with db.write() as uow:
    settled = compensation.decide_case(uow, load_policy(Path("policies/retail.yml")), case.id, NOW)
    uow.commit()
with db.read() as uow:
    stored = uow.cases.get(case.id)
with speaking("zh"):
    named = words.word(words.CATEGORIES, new.value)
print(json.dumps({
    "from": str(Path(amends.__file__).parent.parent),
    "category": stored.category.value,
    "outcome": settled.decision.outcome.value,
    "asks": [one.value for one in needed(stored, None)],
    "wishes": [one.value for one in wishes_for(new)] == [o.value for o in wishes_for(new.like)],
    "title": problem_title(new, "zh"),
    "noun": other_problems(Category.STAFF_CONDUCT, (new,), "en"),
    "alike": other_problems(Category.DAMAGED_ITEM, (new,), "en"),
    "desk": [words.CATEGORIES["gift_wrapping"], named],
    "heading": TEXTS["en"]["categories"]["gift_wrapping"],
}))
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    for name in ("amends", "actions", "bot", "data", "policies"):
        ignored = shutil.ignore_patterns("__pycache__", "static", "widget")
        shutil.copytree(PROJECT / name, folder / name, ignore=ignored)
    (folder / "tests").mkdir()
    shutil.copytree(PROJECT / "tests/conversations", folder / "tests/conversations")
    for name in ("domain.yml", "config.yml"):
        shutil.copy(PROJECT / name, folder / name)
    for draft in (GIFT_WRAPPING, OPENING_HOURS):
        for path, text in new_texts(draft, files_of_intents(folder)).items():
            (folder / path).write_text(text, encoding="utf-8")
    return folder


def test_given_a_category_when_the_program_starts_anew_then_every_part_knows_it(
    copy: Path, tmp_path: Path
) -> None:
    told = subprocess.run(
        [sys.executable, "-c", ASK, f"sqlite:///{tmp_path}/a.db"],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 0, told.stderr[-2000:]
    assert json.loads(told.stdout) == {
        "from": str(copy),
        "category": "gift_wrapping",
        "outcome": "person",
        "asks": ["order_number", "wish"],
        "wishes": True,
        "title": "礼物没有包装好",
        "noun": "the gift wrapping",
        "alike": "",
        "desk": ["Gift wrapping", "礼品包装"],
        "heading": "Your gift was not wrapped as ordered",
    }


def test_given_both_kinds_when_rasa_validates_then_it_warns_of_nothing_new(copy: Path) -> None:
    assert ENGINE.is_file(), "set the engine's environment up: make install"
    command = [str(ENGINE), "-m", "rasa", "data", "validate", "--fail-on-warnings"]

    told = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)

    said = told.stdout + told.stderr
    warned = [line for line in said.splitlines() if "WARNING" in line or "UserWarning" in line]
    known = ("is not used in any story or rule", "MovedIn20Warning")  # as the project is told
    assert [line for line in warned if not any(one in line for one in known)] == []
    assert "Error" not in said, said[-2000:]

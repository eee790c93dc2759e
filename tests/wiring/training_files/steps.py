"""Two training files, what they say before and after a change, and what is read back."""

import subprocess
from pathlib import Path

from amends.storage import Database
from amends.training.changes import Author, Change
from amends.wiring.training_files import NewExample, StoredChanges, TrainingFiles

TIM = Author("Tim Weller")
EN, ZH = "data/nlu/items.yml", "data/nlu/zh/items.yml"
ITEMS = """# Broken things.\r
nlu:\r
- intent: report_damaged_item  # the most frequent\r
  examples: |\r
    - the vase came in four pieces\r
    - my kettle has a crack\r
- intent: thank\r
  examples: |\r
    - thanks a lot\r
    - that was kind of you\r
"""
ITEMS_ZH = "nlu:\n- intent: report_damaged_item\n  examples: |\n    - 花瓶碎成了四块\n"
NEW = [
    NewExample("report_damaged_item", "the lamp is bent"),
    NewExample("report_damaged_item", "盒子里的杯子全都碎了", "zh"),
]
AFTER = {
    EN: ITEMS.replace("has a crack\r\n", "has a crack\r\n    - the lamp is bent\r\n"),
    ZH: ITEMS_ZH + "    - 盒子里的杯子全都碎了\n",
}
BEFORE = {EN: ITEMS, ZH: ITEMS_ZH}


def files_of(project: Path, db: Database) -> TrainingFiles:
    return TrainingFiles(project, project.parent / "var" / "training", StoredChanges(db))


def git(project: Path, *arguments: str) -> str:
    who = ["-c", "user.name=Ina", "-c", "user.email=ina@example.com"]
    done = subprocess.run(
        ["git", *who, *arguments], cwd=project, check=True, capture_output=True, text=True
    )
    return done.stdout


def texts(project: Path) -> dict[str, str]:
    return {path: (project / path).read_bytes().decode() for path in BEFORE}


def stored(db: Database) -> list[Change]:
    with db.read() as uow:
        return list(uow.training_changes.latest(50))


def nothing_is_left(project: Path) -> bool:
    drafts = list(project.rglob("*.draft"))
    journal = project.parent / "var" / "training"
    return not drafts and [path.name for path in journal.iterdir()] == ["lock"]

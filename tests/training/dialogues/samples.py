"""The names and rules of the project, read once."""

from pathlib import Path

from amends.training.dialogues.read import read_dialogues
from amends.training.dialogues.rules import read_rules
from amends.training.new_intent.domain_text import names_of

PROJECT = Path(__file__).resolve().parents[3]
NAMES = names_of((PROJECT / "domain.yml").read_text("utf-8"))
RULES = [
    rule
    for path in sorted((PROJECT / "data/rules").glob("*.yml"))
    for rule in read_rules(path.read_text("utf-8"), path.relative_to(PROJECT).as_posix())
]
DIALOGUES = [
    placed
    for folder in ("tests/conversations", "data/stories")
    for path in sorted((PROJECT / folder).glob("*.yml"))
    for placed in read_dialogues(path.read_text("utf-8"), path.relative_to(PROJECT).as_posix())
]

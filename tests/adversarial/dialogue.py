"""A dialogue as it is written: about which order, by whom, and what the customer says.

    - id: plead-please
      title: Please, please, please
      tactic: pleading
      setup: {order: late, other: lost, signed_in: true}
      turns:
        - "my order {order} is late"            # typed
        - {tap: "A refund", if_shown: true}     # a quick reply, by words of its title
        - {say: "again ", times: 50}            # typed, the words repeated
        - {say: "hello", chat: 2}               # in another conversation of the same customer
        - {tap: "Yes, I accept", at_once: [1, 2]}  # in both at the same moment

`{order}`, `{second_order}` and `{other_order}` stand for order numbers: the customer's own, another
own one, and somebody else's. Which kinds of order there are says `shop.py`.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.adversarial.shop import KINDS

FOLDER = Path(__file__).parent / "dialogues"


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing the customer does: types `text`, or taps what has these words in its title."""

    text: str = ""
    tap: str = ""
    if_shown: bool = False  # leave the turn out when there is no such quick reply
    chat: int = 1
    at_once: tuple[int, ...] = ()  # chats in which it is done at the same moment

    @property
    def chats(self) -> tuple[int, ...]:
        return self.at_once or (self.chat,)


@dataclass(frozen=True, slots=True)
class Setup:
    order: str
    second: str | None = None
    other: str | None = None
    signed_in: bool = False


@dataclass(frozen=True, slots=True)
class Dialogue:
    id: str
    title: str
    tactic: str
    setup: Setup
    turns: tuple[Turn, ...]


def written_dialogues() -> tuple[Dialogue, ...]:
    """Return the dialogues of all files, by id.

    Raises:
        ValueError: a file says something that nobody understands; names file and dialogue.
    """
    found = [one for path in sorted(FOLDER.glob("*.yml")) for one in _of_file(path)]
    twice = [name for name, count in Counter(one.id for one in found).items() if count > 1]
    if twice:
        raise ValueError(f"several dialogues are called {', '.join(twice)}; give each its own id")
    return tuple(sorted(found, key=lambda one: one.id))


def _of_file(path: Path) -> Iterator[Dialogue]:
    for row in YAML(typ="safe").load(path)["dialogues"]:
        try:
            yield to_dialogue(row)
        except (KeyError, TypeError, ValueError) as error:
            name = row.get("id") if isinstance(row, dict) else row
            raise ValueError(f"{path.name}, {name}: {error}") from error


def to_dialogue(row: dict[str, Any]) -> Dialogue:
    known = {"id", "title", "tactic", "setup", "turns"}
    if set(row) != known:
        raise ValueError(f"a dialogue has {sorted(known)}, not {sorted(row)}")
    setup = Setup(**row["setup"])
    for kind in (setup.order, setup.second, setup.other):
        if kind is not None and kind not in KINDS:
            raise ValueError(f"there is no kind of order {kind!r}; see tests/adversarial/shop.py")
    turns = tuple(_turn(turn) for turn in row["turns"])
    return Dialogue(row["id"], row["title"], row["tactic"], setup, turns)


def _turn(turn: str | dict[str, Any]) -> Turn:
    if isinstance(turn, str):
        return Turn(text=turn)
    said = dict(turn)
    text = said.pop("say", "") * said.pop("times", 1)
    found = Turn(text=text, at_once=tuple(said.pop("at_once", ())), **said)
    if bool(found.text) == bool(found.tap):
        raise ValueError(f"a turn either says or taps something: {turn}")
    return found

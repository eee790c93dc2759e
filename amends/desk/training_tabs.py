"""The tabs of the trainer's pages; every one of them shows `training_nav.html`."""

from collections.abc import Sequence

from amends.desk.pages.frame import NavLink
from amends.desk.speech import mark, tr

TABS = (
    ("/training", mark("Review")),
    ("/training/examples", mark("Examples")),
    ("/training/dialogues", mark("Dialogues")),
    ("/training/changes", mark("Changes")),
    ("/training/models", mark("Models")),
    ("/training/playground", mark("Playground")),
)


def tabs_at(path: str) -> Sequence[NavLink]:
    """Return all tabs in the language spoken now; the one that leads to `path` is marked."""
    return [NavLink(place, tr(words), place == path) for place, words in TABS]

"""Reads `canned_replies.yml`: the canned replies that a new installation begins with."""

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, RootModel

from amends.cases.model import Category
from amends.handoff.canned import CannedReply, Wording, checked
from amends.handoff.errors import CannedError, CannedFileError
from amends.handoff.tables import Texts, read_table

SHIPPED = Path(__file__).parent / "canned_replies.yml"


class _Reply(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Texts
    text: Texts
    category: Category | None = None


class _File(RootModel[dict[str, _Reply]]):
    pass


def load_canned(now: datetime, path: Path = SHIPPED) -> tuple[CannedReply, ...]:
    """Read the replies to begin with; the key of each is its id and its shortcut.

    Raises:
        CannedFileError: the file cannot be used; the sentence names the reply and the key.
    """
    read = read_table(path, _File, CannedFileError).root
    return tuple(_reply(key, one, now, path) for key, one in read.items())


def _reply(key: str, one: _Reply, now: datetime, path: Path) -> CannedReply:
    wording = Wording(one.title, one.text, key, one.category)
    try:
        return CannedReply(key, checked(wording), 1, now)
    except CannedError as error:
        raise CannedFileError(f"{path}: {key}: {error}") from error

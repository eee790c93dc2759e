"""One page in one browser: speaking to it from anywhere, in its reader's language."""

import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import structlog
from nicegui import Client, ui

from amends.desk.acting import Refused, SignedOut
from amends.desk.speech import mark, speaking, tr
from amends.handoff.model import StaffMember

log = structlog.get_logger()


class OpenPage:
    def __init__(self, member: StaffMember, client: Client) -> None:
        self.member = member
        self._client = client

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Build or change what the page shows."""
        with self._client, speaking(self.member.language):
            yield

    async def told[T](
        self, work: Awaitable[T], refuse: Callable[[str], None] | None = None
    ) -> T | None:
        """Do it; a refusal becomes a sentence on the page, shown by `refuse` or as a toast."""
        refused_by = refuse or (lambda sentence: self.toast(sentence, "error"))
        try:
            with speaking(self.member.language):
                return await work
        except SignedOut:
            self.to("/sign-in")
        except Refused as refused:
            with speaking(self.member.language):
                refused_by(tr(str(refused)))
        except Exception:
            log.exception("desk.action.failed", staff_id=self.member.id)
            self.toast(mark("That did not work; nothing was changed. Please try again."), "error")
        return None

    def toast(self, words: str, kind: str = "info", **values: object) -> None:
        """Say marked words, or a sentence that is said already, for a moment."""
        with speaking(self.member.language):
            self.call("toast", tr(words, **values), kind)

    def call(self, function: str, *arguments: object) -> None:
        """Call a function of desk.js."""
        given = ", ".join(json.dumps(one) for one in arguments)
        with self._client:
            ui.run_javascript(f"desk.{function}({given})")

    def to(self, path: str) -> None:
        with self._client:
            ui.navigate.to(path)

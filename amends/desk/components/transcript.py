"""The live transcript of one chat; messages and notes are added, never moved."""

from collections.abc import Sequence

from amends.desk.components import base
from amends.desk.speech import tr
from amends.desk.templating import render
from amends.desk.views import Line


class Transcript:
    def __init__(self) -> None:
        self._last = (0, 0)
        self._shown: dict[tuple[int, int], tuple[base.Html, Line]] = {}
        with base.box(
            "transcript", role="log", aria_label=tr("Transcript"), aria_live="polite", tabindex="0"
        ) as self._frame:
            self._inner = base.box("transcript-in")
        latest = base.button(tr("New messages ↓"), None, "to-latest")
        latest.on("click", js_handler="() => desk.toLatest()")

    def reset(self) -> None:
        self._inner.clear()
        self._last = (0, 0)
        self._shown = {}

    def show(self, shown: bool) -> None:
        base.show(self._frame, shown)

    def add(self, lines: Sequence[Line]) -> None:
        """Add what is new, in order; of what is shown already, only what has changed is redrawn.

        A note is written under the lock of its conversation, so nothing that was said before it
        comes in later.
        """
        with self._inner:
            for line in lines:
                place = (line.seq, line.note_id)
                if place > self._last:
                    html = render("message.html", line=line)
                    shown = base.markup(html, f"msg msg-{line.role}", "article", data_seq=line.seq)
                    self._shown[place] = (shown, line)
                    self._last = place
                elif place in self._shown and self._shown[place][1] != line:
                    base.put(self._shown[place][0], render("message.html", line=line))
                    self._shown[place] = (self._shown[place][0], line)

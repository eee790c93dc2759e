"""On top of the case: what to do next, and what was asked for beyond one's authority."""

from collections.abc import Sequence

from amends.desk.components import base
from amends.desk.help_views import Request, Step
from amends.desk.speech import tr
from amends.desk.templating import render


class HelpCard:
    def __init__(self) -> None:
        with base.box("section", tag="details", open=True) as self._steps_frame:
            base.markup(f"<h3>{base.escape(tr('Next steps'))}</h3>", tag="summary")
            self._steps = base.markup("")
        with base.box("section", tag="details", open=True) as self._requests_frame:
            base.markup(f"<h3>{base.escape(tr('Requests'))}</h3>", tag="summary")
            self._requests = base.markup("")
        self.clear()

    def update(self, steps: Sequence[Step] | None, requests: Sequence[Request]) -> None:
        """Show suggestions, None where nobody acts any more, and requests."""
        base.show(self._steps_frame, steps is not None)
        base.put(self._steps, render("steps.html", steps=steps or ()))
        base.show(self._requests_frame, bool(requests))
        base.put(self._requests, render("requests.html", requests=requests))

    def clear(self) -> None:
        self.update(None, ())

"""The dialogs that ask before something is done for good."""

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui
from nicegui.events import GenericEventArguments

from amends.compensation.decision import Outcome
from amends.compensation.grants import Preview
from amends.desk import views, words
from amends.desk.components import base
from amends.desk.templating import render

_KEYS = (
    ("Alt N", "Open the most urgent chat that waits"),
    ("Alt J, Alt K", "Go down and up in the lists (arrow keys too), Enter opens"),
    ("Alt C", "Claim the open chat"),
    ("Alt M", "Write to the customer; Enter sends, Shift Enter is a new line, Esc leaves"),
    ("Alt G", "Grant a remedy"),
    ("Alt B", "Return the chat to the bot"),
    ("Alt Q", "Put the chat back in the queue"),
    ("Alt R", "Resolve"),
    ("Alt S", "Show the case (narrow screens)"),
    ("Alt H", "These keys"),
)


class Dialog:
    """A native dialog: the browser keeps the focus inside and closes it on Escape."""

    def __init__(
        self,
        name: str,
        title: str,
        confirm: str = "",
        on_confirm: Callable[[str], Awaitable[None]] | None = None,
        field: str = "",
    ) -> None:
        self._name = name
        with base.box(name, tag="dialog", aria_labelledby=f"{name}-title"):
            with base.box("dialog-head"):
                self._title = base.text(title, tag="h2", id=f"{name}-title")
            self.body = base.markup("", "dialog-body", tabindex="0", role="group",
                                    aria_labelledby=f"{name}-title")  # fmt: skip
            with base.box("dialog-foot"):
                label = "Cancel" if confirm else "Close"
                close = base.button(label)
                close.on("click", js_handler=f"() => desk.close('{name}')")
                self._confirm = base.button(confirm, None, "btn-primary") if confirm else None
        if self._confirm and on_confirm:
            self._listen(self._confirm, on_confirm, field)

    def open(self) -> None:
        ui.run_javascript(f"desk.dialog('{self._name}')")

    def allow(self, allowed: bool) -> None:
        if self._confirm:
            base.show(self._confirm, allowed)

    def _listen(
        self, button: base.Html, on_confirm: Callable[[str], Awaitable[None]], field: str
    ) -> None:
        async def confirmed(event: GenericEventArguments) -> None:
            await on_confirm(str(event.args or ""))

        value = f"desk.picked('{field}')?.value" if field else "'yes'"
        code = (
            f"() => {{ const v = {value}; if (!v) return; desk.close('{self._name}'); emit(v); }}"
        )
        button.on("click", confirmed, js_handler=code)


class Dialogs:
    """All dialogs of the page."""

    def __init__(
        self,
        on_pick: Callable[[str], Awaitable[None]],
        on_grant: Callable[[str], Awaitable[None]],
        on_resolve: Callable[[str], Awaitable[None]],
        on_return: Callable[[str], Awaitable[None]],
        on_requeue: Callable[[str], Awaitable[None]],
    ) -> None:
        self._grant = Dialog("grant", "Grant a remedy", "Continue", on_pick, "grant")
        self._sure = Dialog("sure", "Grant this now?", "Grant and tell the customer", on_grant)
        self._resolve = Dialog("resolve", "Resolve the case", "Resolve", on_resolve, "outcome")
        self._return = Dialog("return", "Return to the bot?", "Return to bot", on_return)
        self._requeue = Dialog("requeue", "Put back in the queue?", "Put back", on_requeue)
        help_ = Dialog("help", "Keys")
        keys = "".join(f"<dt><kbd>{key}</kbd></dt><dd>{what}</dd>" for key, what in _KEYS)
        base.put(help_.body, f'<dl class="keys">{keys}</dl>')
        base.put(self._return.body, "<p>The assistant answers from here on, starting from the "
                 "case as it stands. The customer is told that you have left.</p>")  # fmt: skip
        base.put(self._requeue.body, "<p>The chat waits for a colleague again. The customer is "
                 "told so, with the place in the queue and the time.</p>")  # fmt: skip
        base.put(self._resolve.body, render("resolve.html", outcomes=words.OUTCOMES.items()))

    def ask_grant(self, preview: Preview) -> None:
        choices = [views.choice(option) for option in preview.options]
        html = render(
            "grant.html",
            choices=choices,
            beyond=[views.choice(option) for option in preview.beyond],
            role=words.word(words.ROLES, preview.role.value).lower(),
            role_needed=preview.role_needed.value if preview.role_needed else "",
            case_number=preview.case.number,
            nothing=_nothing(preview),
            explanation=preview.decision.explanation,
        )
        base.put(self._grant.body, html)
        self._grant.allow(bool(choices))
        self._grant.open()

    def ask_sure(self, lines: Sequence[tuple[str, str, str]], customer: str) -> None:
        html = render("sure.html", lines=lines, customer=customer)
        base.put(self._sure.body, html)
        self._sure.open()

    def ask_resolve(self) -> None:
        self._resolve.open()

    def ask_return(self) -> None:
        self._return.open()

    def ask_requeue(self) -> None:
        self._requeue.open()


def _nothing(preview: Preview) -> str:
    if preview.beyond:
        return "Nothing is left that you may grant here; what is below is beyond your authority."
    if preview.decision.outcome is Outcome.REMEDY:
        return "All that the policy gives here was granted already."
    if preview.decision.outcome is Outcome.NONE:
        return preview.decision.customer_reason.get("en", "The policy gives nothing here.")
    return "The policy names nothing for this case. A supervisor can decide outside of it."

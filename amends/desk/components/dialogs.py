"""The dialogs that ask before something is done for good."""

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui
from nicegui.events import GenericEventArguments

from amends.compensation.decision import Outcome
from amends.compensation.grants import Preview
from amends.desk import views, words
from amends.desk.components import base
from amends.desk.speech import mark, spoken, tr
from amends.desk.templating import render

_KEYS = (
    ("Alt N", mark("Open the most urgent chat that waits")),
    ("Alt 1–9", mark("Open one of my chats")),
    ("Alt J, Alt K", mark("Go down and up in the lists (arrow keys too), Enter opens")),
    ("Alt C", mark("Take the open chat: claim it, take what is passed to you, take it back")),
    ("Alt M", mark("Write to the customer; Enter sends, Shift Enter is a new line, Esc leaves")),
    ("Alt I", mark("Write an internal note; Alt M goes back to the customer")),
    ("Alt T", mark("Find a canned reply; “/” at the beginning of a message does so, too")),
    ("Alt G", mark("Grant a remedy")),
    ("Alt P", mark("Pass the chat on")),
    ("Alt B", mark("Return the chat to the bot")),
    ("Alt Q", mark("Put the chat back in the queue")),
    ("Alt O", mark("Take the chat over from a colleague")),
    ("Alt R", mark("Resolve")),
    ("Alt S", mark("Show the case (narrow screens)")),
    ("Alt H", mark("These keys")),
)

Ended = Callable[[str, str], Awaitable[None]]
"""Is told how a chat ended, and `yes`, `no` or nothing: whether a person was needed."""


class Dialog:
    """A native dialog: the browser keeps the focus inside and closes it on Escape."""

    def __init__(
        self,
        name: str,
        title: str,
        confirm: str = "",
        on_confirm: Callable[[str], Awaitable[None]] | None = None,
        field: str = "",
        back: str = "",
    ) -> None:
        self._name = name
        with base.box(name, tag="dialog", aria_labelledby=f"{name}-title"):
            with base.box("dialog-head"):
                self._title = base.text(title, tag="h2", id=f"{name}-title")
            self.body = base.markup("", "dialog-body", tabindex="0", role="group",
                                    aria_labelledby=f"{name}-title")  # fmt: skip
            with base.box("dialog-foot"):
                if back:
                    again = f"() => {{ desk.close('{name}'); desk.dialog('{back}'); }}"
                    base.button(tr("Back"), None, "btn-quiet").on("click", js_handler=again)
                label = tr("Cancel") if confirm else tr("Close")
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

    def on_answer(self, code: str, handler: Callable[[GenericEventArguments], Any]) -> None:
        """Let a script in the browser say what the button sends; the dialog stays open."""
        if self._confirm:
            self._confirm.on("click", handler, js_handler=code)

    def _listen(
        self, button: base.Html, on_confirm: Callable[[str], Awaitable[None]], field: str
    ) -> None:
        said = base.in_language(on_confirm)

        async def confirmed(event: GenericEventArguments) -> None:
            await said(str(event.args or ""))

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
        on_resolve: Ended,
        on_return: Ended,
        on_requeue: Callable[[str], Awaitable[None]],
    ) -> None:
        self._grant = Dialog("grant", tr("Grant a remedy"), tr("Continue"), on_pick, "grant")
        sure, granting = tr("Grant this now?"), tr("Grant and tell the customer")
        self._sure = Dialog("sure", sure, granting, on_grant, back="grant")
        resolving = tr("Resolve the case")
        self._resolve = Dialog("resolve", resolving, tr("Resolve"))
        self._return = Dialog("return", tr("Return to the bot?"), tr("Return to bot"))
        _on_ending(self._resolve, "resolve", on_resolve)
        _on_ending(self._return, "return", on_return)
        requeuing = tr("Put back in the queue?")
        self._requeue = Dialog("requeue", requeuing, tr("Put back"), on_requeue)
        help_ = Dialog("help", tr("Keys"))
        keys = [(key, tr(what)) for key, what in _KEYS]
        base.put(help_.body, render("keys.html", keys=keys))
        base.put(self._return.body, render("return.html"))
        base.put(self._requeue.body, _paragraph(tr(
            "The chat waits for a colleague again. "
            "The customer is told so, with the place in the queue and the time."
        )))  # fmt: skip
        outcomes = [(key, tr(title)) for key, title in words.OUTCOMES.items()]
        base.put(self._resolve.body, render("resolve.html", outcomes=outcomes))

    def ask_grant(self, preview: Preview) -> None:
        choices = views.grant_choices(preview)
        html = render(
            "grant.html",
            choices=choices,
            beyond=[views.choice(option) for option in preview.beyond],
            role=words.word(words.ROLES, preview.role.value).lower(),
            role_needed=words.word(
                words.ROLES, preview.role_needed.value if preview.role_needed else None
            ).lower(),
            case_number=preview.case.number,
            nothing=_nothing(preview),
            exception=words.amount(preview.exception.most) if preview.exception else "",
            explanation=preview.decision.explanation,
        )
        base.put(self._grant.body, html)
        self._grant.allow(bool(choices))
        self._grant.open()

    def ask_sure(self, choice: views.Choice, customer: str) -> None:
        html = render(
            "sure.html",
            lines=choice.remedies,
            total=choice.total,
            message=choice.message,
            customer=customer,
        )
        base.put(self._sure.body, html)
        self._sure.open()

    def ask_resolve(self) -> None:
        self._resolve.open()

    def ask_return(self) -> None:
        self._return.open()

    def ask_requeue(self) -> None:
        self._requeue.open()


def _on_ending(dialog: Dialog, name: str, on_ended: Ended) -> None:
    """Close a dialog that ends a chat, and hand on how it ended and whether a person was needed."""
    said = base.in_language(on_ended)

    async def ended(event: GenericEventArguments) -> None:
        outcome, needed = event.args
        await said(str(outcome), str(needed))

    code = f"() => {{ emit(...desk.ending('{name}')); }}"
    dialog.on_answer(code, ended)


def _paragraph(words: str) -> str:
    return f"<p>{base.escape(words)}</p>"


def _nothing(preview: Preview) -> str:
    if preview.beyond:
        return tr(
            "Nothing is left that you may grant here; what is below is beyond your authority."
        )
    if preview.decision.outcome is Outcome.REMEDY:
        return tr("All that the policy gives here was granted already.")
    if preview.decision.outcome is Outcome.NONE:
        reasons = preview.decision.customer_reason
        return reasons.get(spoken()) or reasons.get("en") or tr("The policy gives nothing here.")
    return tr(
        "The policy names nothing more for this case. If it needs another look, pass the chat on "
        "to a supervisor."
    )

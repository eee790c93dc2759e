"""What a person reads where no page is, and where a page broke: a sentence and the way back."""

from fastapi import Request
from fastapi.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from amends.desk.pages.frame import page
from amends.desk.speech import speaking, tr
from amends.handoff.model import StaffMember


async def missing_page(request: Request, missing: Exception) -> Response:
    """Say that nothing is at this address; program files and strangers get two plain words."""
    member = _member(request)
    if member is None:
        return PlainTextResponse("Not found.", status_code=404)
    with speaking(member.language):
        title = tr("There is no such page")
        sentence = tr("Nothing is at this address. It may be mistyped, or the page has moved.")
    return page(request, "refused.html", title=title, status_code=404, sentence=sentence)


def broken_page() -> ASGIApp:
    """Return what answers when a page broke: what happened is in the log, not on the page."""
    return _answer_broken


async def _answer_broken(scope: Scope, receive: Receive, send: Send) -> None:
    await _broken(Request(scope))(scope, receive, send)


def _broken(request: Request) -> Response:
    member = _member(request)
    if member is None:
        return PlainTextResponse("Something went wrong. Please try again.", status_code=500)
    with speaking(member.language):
        title = tr("This page did not work")
        sentence = tr(
            "Something went wrong on our side, and it is in the log. Please go back and look "
            "whether your change was saved before you try again."
        )
    return page(request, "refused.html", title=title, status_code=500, sentence=sentence)


def _member(request: Request) -> StaffMember | None:
    member: StaffMember | None = getattr(request.state, "staff", None)
    return member

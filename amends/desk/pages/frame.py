"""What all plain pages share: who may open them, the navigation, and the frame around them.

A page of its own asks for its right and renders a template that extends `frame.html`:

    @pages.get("/cases")
    async def cases(request: Request, member: Annotated[StaffMember, needs(Right.SEE_ALL_CASES)]):
        return page(request, "cases.html", title=tr("Cases"), cases=...)
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response

from amends.desk import words
from amends.desk.assets import version
from amends.desk.components.presence import initials
from amends.desk.speech import LANGUAGES, mark, speaking, tr
from amends.desk.templating import render
from amends.handoff.model import StaffMember
from amends.handoff.rights import Right, may, require


@dataclass(frozen=True, slots=True)
class NavEntry:
    """A page that the navigation leads to, for those who have the right."""

    path: str
    words: str
    right: Right | None = None


NAV = [
    NavEntry("/", mark("Desk")),
    NavEntry("/cases", mark("Cases"), Right.SEE_ALL_CASES),
    NavEntry("/insights", mark("Insights"), Right.SEE_INSIGHTS),
    NavEntry("/training", mark("Training"), Right.TRAIN),
    NavEntry("/admin/staff", mark("Staff"), Right.ADMINISTER_STAFF),
    NavEntry("/admin/canned", mark("Canned replies"), Right.EDIT_CANNED),
    NavEntry("/admin/rules", mark("Rules"), Right.EDIT_RULES),
    NavEntry("/admin/webhooks", mark("Webhooks"), Right.EDIT_WEBHOOKS),
]


@dataclass(frozen=True, slots=True)
class NavLink:
    path: str
    words: str
    current: bool


def needs(right: Right) -> Any:
    """Return a dependency that gives the member, or refuses who has not the right."""
    return Depends(_guard(right))


def signed_in(request: Request) -> StaffMember:
    """Return who asks; the middleware lets nobody else through."""
    member: StaffMember = request.state.staff
    return member


def navigation(member: StaffMember, path: str) -> list[NavLink]:
    """Return where this person may go, in their language; the place they are at is marked."""
    return [
        NavLink(entry.path, tr(entry.words), _is_current(entry.path, path))
        for entry in NAV
        if entry.right is None or may(member, entry.right)
    ]


def menu(member: StaffMember, path: str, back: str) -> dict[str, Any]:
    """Return what `menu.html` shows: where to go, one's own account, the desk's language.

    Args:
        path: Where the person is.
        back: Where a change of the language leads back to.
    """
    return {
        "nav": navigation(member, path),
        "languages": LANGUAGES,
        "me": member,
        "initials": initials(member.name),
        "role": words.word(words.ROLES, member.role.value),
        "back": back,
    }


def page(
    request: Request, template: str, *, title: str, status_code: int = 200, **values: Any
) -> HTMLResponse:
    """Render a page in its frame, in the language of whoever asks."""
    member = signed_in(request)
    with speaking(member.language):
        html = render(
            template,
            title=title,
            company=request.app.state.company,
            version=version(),
            **menu(member, request.url.path, _back(request)),
            **values,
        )
    return HTMLResponse(html, status_code=status_code)


async def refuse_page(request: Request, refused: Exception) -> Response:
    """Say to whoever has not the right that this page is not for them."""
    sentence = tr("Your role does not allow this; ask an administrator if you need it.")
    title = tr("You cannot open this page")
    return page(request, "refused.html", title=title, status_code=403, sentence=sentence)


def _guard(right: Right) -> Callable[[Request], StaffMember]:
    def guarded(request: Request) -> StaffMember:
        member = signed_in(request)
        require(member, right)
        return member

    return guarded


def _is_current(place: str, path: str) -> bool:
    return path == place or (place != "/" and path.startswith(f"{place}/"))


def _back(request: Request) -> str:
    return request.url.path if request.method == "GET" else "/"

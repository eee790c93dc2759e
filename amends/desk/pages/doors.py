"""Sign-in, sign-out, password, and the desk's language: plain pages that need no script."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from amends.desk.assets import version
from amends.desk.forms import read_form
from amends.desk.middleware import CODE_PATH, PASSWORD_PATH, session_token
from amends.desk.session import (
    COOKIE,
    SESSION_LASTS,
    SHORTEST_PASSWORD,
    Sessions,
    SignedIn,
    SignInExpired,
    SignInRefused,
)
from amends.desk.speech import LANGUAGES, tr
from amends.desk.templating import render

MOST_FORM_BYTES = 8192


def create_doors(sessions: Sessions) -> APIRouter:
    doors = APIRouter(include_in_schema=False)
    _add_sign_in(doors, sessions)
    _add_code(doors, sessions)
    _add_account(doors, sessions)
    return doors


def _add_sign_in(doors: APIRouter, sessions: Sessions) -> None:
    @doors.get("/sign-in")
    async def sign_in_page(request: Request) -> HTMLResponse:
        return _sign_in_page(request)

    @doors.post("/sign-in")
    async def sign_in(request: Request) -> Response:
        form = await read_form(request, MOST_FORM_BYTES)
        login = form.get("login")
        try:
            opened = await sessions.sign_in(login, form.get("password"), address_of(request))
        except SignInRefused as refused:
            return _sign_in_page(request, login, str(refused))
        return _go_on(request, opened)

    @doors.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        await sessions.sign_out(request.state.token)
        leaving = RedirectResponse("/sign-in", status_code=303)
        leaving.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
        return leaving


def _add_code(doors: APIRouter, sessions: Sessions) -> None:
    @doors.get(CODE_PATH)
    async def code_page(request: Request) -> Response:
        token = session_token(request.headers)
        if token is None or await sessions.who_awaits_code(token) is None:
            return RedirectResponse("/sign-in", status_code=303)
        return _code_page(request)

    @doors.post(CODE_PATH)
    async def enter_code(request: Request) -> Response:
        form, token = await read_form(request, MOST_FORM_BYTES), session_token(request.headers)
        try:
            opened = await sessions.enter_code(token or "", form.get("code"), address_of(request))
        except SignInExpired as refused:
            return _sign_in_page(request, error=str(refused))
        except SignInRefused as refused:
            return _code_page(request, str(refused))
        return _go_on(request, opened)


def _add_account(doors: APIRouter, sessions: Sessions) -> None:
    @doors.get(PASSWORD_PATH)
    async def password_page(request: Request, first: bool = False) -> HTMLResponse:
        return _password_page(request, first)

    @doors.post(PASSWORD_PATH)
    async def change_password(request: Request) -> Response:
        form = await read_form(request, MOST_FORM_BYTES)
        old, new = form.get("old"), form.get("new")
        try:
            token = await sessions.change_password(request.state.staff, old, new)
        except SignInRefused as refused:
            return _password_page(request, False, str(refused))
        return with_session(RedirectResponse("/", status_code=303), request, token)

    @doors.post("/language")
    async def speak(request: Request) -> Response:
        form = await read_form(request, MOST_FORM_BYTES)
        if form.get("language") in LANGUAGES:
            await sessions.speak(request.state.staff, form.get("language"))
        return RedirectResponse(_own_path(form.get("back")), status_code=303)


def address_of(request: Request) -> str:
    """Return the network address that failures are counted for."""
    return request.client.host if request.client else ""


def with_session(response: Response, request: Request, token: str) -> Response:
    """Let the browser keep the token of a session, out of reach for scripts and other sites."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(SESSION_LASTS.total_seconds()),
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return response


def door(
    request: Request,
    template: str,
    *,
    title: str,
    lead: str = "",
    error: str = "",
    back: str = "",
    **values: object,
) -> HTMLResponse:
    """Render a page that stands alone, in the language that is being spoken.

    Args:
        back: Where a change of the language leads back to; the page itself when it is empty.
    """
    html = render(
        template,
        title=title,
        lead=lead,
        error=error,
        company=request.app.state.company,
        version=version(),
        languages=LANGUAGES,
        me=getattr(request.state, "staff", None),
        back=back or request.url.path,
        **values,
    )
    return HTMLResponse(html, status_code=403 if error else 200)


def _go_on(request: Request, opened: SignedIn) -> Response:
    """Lead on to the code, to a password of one's own, or to the desk."""
    target = f"{PASSWORD_PATH}?first=1" if opened.first_time else "/"
    target = CODE_PATH if opened.awaits_code else target
    return with_session(RedirectResponse(target, status_code=303), request, opened.token)


def _own_path(path: str) -> str:
    """Return a path of the desk itself; anything that could lead elsewhere leads to the desk."""
    is_own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_own else "/"


def _sign_in_page(request: Request, login: str = "", error: str = "") -> HTMLResponse:
    return door(request, "sign_in.html", title=tr("Sign in"), login=login[:64], error=error)


def _code_page(request: Request, error: str = "") -> HTMLResponse:
    lead = tr("Open the authenticator app on your phone and enter the code that it shows now.")
    return door(request, "code.html", title=tr("Enter your code"), lead=lead, error=error)


def _password_page(request: Request, first: bool, error: str = "") -> HTMLResponse:
    member = request.state.staff
    must = member.password_is_made
    lead = tr("You signed in with a password that was made for you. Choose one of your own.")
    return door(
        request,
        "password.html",
        title=tr("Choose your password") if first or must else tr("Change password"),
        lead=lead if first or must else "",
        error=error,
        login=member.login,
        first=first,
        must=must,
        shortest=SHORTEST_PASSWORD,
    )

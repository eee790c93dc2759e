"""Sign-in, sign-out and password: plain pages that need no script."""

from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from amends.desk.assets import version
from amends.desk.session import (
    COOKIE,
    SESSION_LASTS,
    SHORTEST_PASSWORD,
    Sessions,
    SignInRefused,
)
from amends.desk.templating import render

MOST_FORM_BYTES = 8192


def create_doors(sessions: Sessions, company: str) -> APIRouter:
    doors = APIRouter(include_in_schema=False)

    @doors.get("/sign-in")
    async def sign_in_page() -> HTMLResponse:
        return _sign_in_page(company)

    @doors.post("/sign-in")
    async def sign_in(request: Request) -> Response:
        form = await _form(request)
        login, address = form.get("login", ""), request.client.host if request.client else ""
        try:
            opened = await sessions.sign_in(login, form.get("password", ""), address)
        except SignInRefused as refused:
            return _sign_in_page(company, login, str(refused))
        target = "/password?first=1" if opened.first_time else "/"
        return _with_session(RedirectResponse(target, status_code=303), request, opened.token)

    @doors.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        await sessions.sign_out(request.state.token)
        leaving = RedirectResponse("/sign-in", status_code=303)
        leaving.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
        return leaving

    @doors.get("/password")
    async def password_page(request: Request, first: bool = False) -> HTMLResponse:
        return _password_page(company, request, first)

    @doors.post("/password")
    async def change_password(request: Request) -> Response:
        form = await _form(request)
        old, new = form.get("old", ""), form.get("new", "")
        try:
            token = await sessions.change_password(request.state.staff, old, new)
        except SignInRefused as refused:
            return _password_page(company, request, False, str(refused))
        return _with_session(RedirectResponse("/", status_code=303), request, token)

    return doors


async def _form(request: Request) -> dict[str, str]:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_FORM_BYTES:
            return {}
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=10)
    return {name: values[0] for name, values in fields.items()}


def _with_session(response: Response, request: Request, token: str) -> Response:
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


def _sign_in_page(company: str, login: str = "", error: str = "") -> HTMLResponse:
    page = render(
        "sign_in.html", title="Sign in", lead="", company=company, login=login[:64], error=error,
        version=version(),
    )  # fmt: skip
    return HTMLResponse(page, status_code=403 if error else 200)


def _password_page(company: str, request: Request, first: bool, error: str = "") -> HTMLResponse:
    lead = "You signed in with a password that was made for you. Choose one of your own."
    page = render(
        "password.html", title="Choose your password" if first else "Change password",
        lead=lead if first else "", company=company, login=request.state.staff.login, first=first,
        shortest=SHORTEST_PASSWORD, error=error, version=version(),
    )  # fmt: skip
    return HTMLResponse(page, status_code=403 if error else 200)

"""One's own second factor: switch it on with a picture to scan, and off again."""

import segno
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from amends.desk.forms import read_form
from amends.desk.middleware import SECOND_FACTOR_PATH
from amends.desk.pages.doors import MOST_FORM_BYTES, address_of, door, with_session
from amends.desk.session import Sessions, SignInRefused
from amends.desk.speech import tr
from amends.handoff.errors import CodeWrong, SecondFactorIsOn
from amends.handoff.second_factor import address_of as otpauth_address


def create_second_factor_pages(sessions: Sessions, *, required: bool) -> APIRouter:
    pages = APIRouter(include_in_schema=False)

    @pages.get(SECOND_FACTOR_PATH)
    async def show(request: Request) -> Response:
        member = request.state.staff
        if member.has_second_factor:
            return await _on_page(request, sessions)
        # A secret that somebody may have seen earlier never counts: each visit makes a new one.
        secret = await sessions.prepare_second_factor(member)
        return _off_page(request, secret, required)

    @pages.post(SECOND_FACTOR_PATH)
    async def switch_on(request: Request) -> Response:
        form, member = await read_form(request, MOST_FORM_BYTES), request.state.staff
        try:
            token, codes = await sessions.switch_on_second_factor(member, form.get("code"))
        except SecondFactorIsOn:
            return RedirectResponse(SECOND_FACTOR_PATH, status_code=303)
        except CodeWrong:
            secret = await sessions.pending_secret(member)
            if secret is None:
                return RedirectResponse(SECOND_FACTOR_PATH, status_code=303)
            error = tr("The code is wrong or too old. Please enter the one that is shown now.")
            return _off_page(request, secret, required, error)
        return with_session(_codes_page(request, codes), request, token)

    @pages.post(f"{SECOND_FACTOR_PATH}/off")
    async def switch_off(request: Request) -> Response:
        form, member = await read_form(request, MOST_FORM_BYTES), request.state.staff
        password, code = form.get("password"), form.get("code")
        try:
            token = await sessions.switch_off_second_factor(
                member, password, code, address_of(request)
            )
        except SignInRefused as refused:
            return await _on_page(request, sessions, str(refused))
        return with_session(RedirectResponse("/", status_code=303), request, token)

    return pages


def _off_page(request: Request, secret: str, must: bool, error: str = "") -> Response:
    lead = tr("Scan the picture with an authenticator app. From then on you sign in with your "
              "password and a code of the app.")  # fmt: skip
    wanted = tr("Your company asks everybody at the desk for a second factor. Scan the picture "
                "with an authenticator app; from then on you sign in with your password and a "
                "code of the app.")  # fmt: skip
    return door(
        request,
        "second_factor.html",
        title=tr("Set up your second factor"),
        lead=wanted if must else lead,
        error=error,
        picture=_picture(request, secret),
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        must=must,
    )


async def _on_page(request: Request, sessions: Sessions, error: str = "") -> Response:
    member = request.state.staff
    return door(
        request,
        "second_factor_on.html",
        title=tr("Your second factor is on"),
        lead=tr("You sign in with your password and a code of your authenticator app."),
        error=error,
        back=SECOND_FACTOR_PATH,
        login=member.login,
        left=await sessions.recovery_codes_left(member),
    )


def _codes_page(request: Request, codes: tuple[str, ...]) -> Response:
    lead = tr("These are your recovery codes. Each opens the desk once when you do not have your "
              "phone. They are shown this once.")  # fmt: skip
    title = tr("Your second factor is on")
    return door(request, "recovery_codes.html", title=title, lead=lead, codes=codes)


def _picture(request: Request, secret: str) -> Markup:
    """Return the QR code as SVG; its quiet zone is white whatever the theme."""
    address = otpauth_address(secret, request.state.staff.login, request.app.state.company)
    return Markup(segno.make(address, error="m").svg_inline(omitsize=True, border=4))

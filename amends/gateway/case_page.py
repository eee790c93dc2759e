"""The customer's status page: case number and e-mail address, then a code, then the case.

It needs no script. Nothing on it tells whether a case exists, or whose it is, before the code.
"""

import math
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

import jwt
import structlog
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from amends.cases.access import CODE_LASTS, DIGITS
from amends.cases.errors import UnknownCase
from amends.gateway.case_texts import LANGUAGES, TEXTS
from amends.gateway.case_views import CaseTeller
from amends.gateway.customer_page import (
    CustomerPage,
    browser_language,
    chosen_language,
    read_form,
)
from amends.gateway.errors import TooManyMessages
from amends.gateway.limits import Rate, RateLimiter
from amends.gateway.service import CurrentService, Service, client_address
from amends.records import access
from amends.records.record import record_of
from amends.records.status import Status, status_of
from amends.wiring.https import is_public_https
from amends.wiring.redis_link import RedisLink
from amends.wiring.request_log import note

log = structlog.get_logger()

COOKIE = "amends_case"
OPEN_FOR = timedelta(minutes=30)
_AUDIENCE, _ALGORITHM = "amends-case", "HS256"
_MOST_CHARACTERS = 254  # of an e-mail address, after RFC 5321

_NUMBER = re.compile(r"(?:am)?[\s-]*([a-z0-9]{6})", re.IGNORECASE | re.ASCII)
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")

router = APIRouter(prefix="/case", include_in_schema=False)


class CaseLimits:
    """How often is asked and tried: from one network address, and for one case or mailbox.

    What counts even where Redis is lost is kept with the requests themselves.
    """

    def __init__(self, link: RedisLink | None = None) -> None:
        self._asks = RateLimiter("case-asks", Rate(10 / 600, 10), link)
        self._pairs = RateLimiter("case-pairs", Rate(5 / 900, 5), link)
        self._tries = RateLimiter("case-tries", Rate(20 / 600, 20), link)

    async def ask(self, address: str, number: str, email: str) -> None:
        """Raises: TooManyMessages."""
        await self._asks.take(address)
        await self._pairs.take(f"case {number}")
        await self._pairs.take(f"mail {email.casefold()}")

    async def enter(self, address: str) -> None:
        """Raises: TooManyMessages."""
        await self._tries.take(address)


@router.get("")
async def ask_page(request: Request, service: CurrentService, told: str = "") -> Response:
    """The form: case number and e-mail address."""
    page = _page(request, service)
    notice = TEXTS[page.language][told] if told in ("signed_out", "over") else ""
    return page.show("case_ask.html", notice=notice, errors={}, typed={})


@router.post("")
async def ask(request: Request, service: CurrentService) -> Response:
    """Write the request down; every well-formed pair gets the same answer."""
    form = await read_form(request)
    page = _page(request, service, form)
    texts, number = TEXTS[page.language], _case_number(form.get("number", ""))
    email = form.get("email", "").strip()
    errors = {}
    if number is None:
        errors["number"] = texts["wrong_number"]
    if len(email) > _MOST_CHARACTERS or not _EMAIL.fullmatch(email):
        errors["email"] = texts["wrong_email"]
    if number is None or errors:
        return page.show("case_ask.html", 400, notice="", errors=errors, typed=form)
    try:
        await _limits(request).ask(_address(request, service), number, email)
    except TooManyMessages as refused:
        errors["often"] = _too_often(page, refused)
        return page.show("case_ask.html", 429, notice="", errors=errors, typed=form)
    now = service.parts.clock()
    asked = await service.transactions.write(
        lambda uow: access.ask(uow, number, email, page.language, now)
    )
    return page.go(f"/case/code/{asked.id}")


@router.get("/code/{request_id}")
async def code_page(request: Request, service: CurrentService, request_id: str) -> Response:
    """The form for the code; it is the same for every id, also for one that nobody was given."""
    return _code_page(_page(request, service))


@router.post("/code/{request_id}")
async def enter(request: Request, service: CurrentService, request_id: str) -> Response:
    form = await read_form(request)
    page = _page(request, service, form)
    try:
        await _limits(request).enter(_address(request, service))
    except TooManyMessages as refused:
        return _code_page(page, _too_often(page, refused), 429)
    now, secret = service.parts.clock(), _secret(service)
    code = re.sub(r"\D", "", form.get("code", ""))[:DIGITS]
    number = await service.transactions.write(
        lambda uow: access.enter(uow, request_id[:64], code, secret, now)
    )
    if number is None:
        log.info("gateway.case.refused")
        return _code_page(page, TEXTS[page.language]["wrong_code"], 400)
    note(case_number=number)
    log.info("gateway.case.opened", case_number=number)
    answer = RedirectResponse("/case/status", 303, headers={"Cache-Control": "no-store"})
    _let_in(answer, secret, number, now, https=is_public_https(service.parts.settings))
    return answer


@router.get("/status")
async def status_page(request: Request, service: CurrentService, lang: str = "") -> Response:
    """How the case stands, in the language of its conversation unless another is chosen."""
    number = _opened_case(request, service)
    note(case_number=number)
    status = await _status(service, number) if number else None
    if status is None:
        return _page(request, service).go("/case?told=over")
    language = lang if lang in LANGUAGES else status.language
    spoken = language if language in LANGUAGES else "en"
    page = CustomerPage(service, TEXTS, spoken, request.url.path)
    teller = CaseTeller(page.language, service.parts.thresholds.hours.zone)
    return page.show("case_status.html", **teller.values(status))


@router.post("/leave")
async def leave(request: Request, service: CurrentService) -> Response:
    answer = _page(request, service, await read_form(request)).go("/case?told=signed_out")
    answer.delete_cookie(COOKIE, path="/case", httponly=True, samesite="strict")
    return answer


def _code_page(page: CustomerPage, error: str = "", status: int = 200) -> HTMLResponse:
    minutes = CODE_LASTS // timedelta(minutes=1)
    lead = TEXTS[page.language]["code_lead"].format(minutes=minutes)
    return page.show("case_code.html", status, lead=lead, error=error)


async def _status(service: Service, number: str) -> Status | None:
    try:
        now = service.parts.clock()
        return await service.transactions.read(lambda uow: status_of(record_of(uow, number), now))
    except UnknownCase:  # erased meanwhile
        return None


def _page(
    request: Request, service: Service, form: Mapping[str, str] | None = None
) -> CustomerPage:
    """Speak the language that was chosen, or the first of the browser's that we speak."""
    language = chosen_language(request, form) or browser_language(request)
    return CustomerPage(service, TEXTS, language, request.url.path)


def _let_in(answer: Response, secret: str, number: str, now: datetime, *, https: bool) -> None:
    claims = {"sub": number, "aud": _AUDIENCE, "exp": now + OPEN_FOR}
    answer.set_cookie(
        COOKIE,
        jwt.encode(claims, secret, algorithm=_ALGORITHM),
        max_age=int(OPEN_FOR.total_seconds()),
        path="/case",
        secure=https,
        httponly=True,
        samesite="strict",
    )


def _opened_case(request: Request, service: Service) -> str | None:
    """Return the number of the case that a code has opened here, while it is open."""
    try:
        claims = jwt.decode(
            request.cookies.get(COOKIE, ""),
            _secret(service),
            algorithms=[_ALGORITHM],
            audience=_AUDIENCE,
            # Time is compared with the clock that is passed in.
            options={"require": ["exp", "sub", "aud"], "verify_exp": False},
        )
    except jwt.InvalidTokenError:
        return None
    still_open = service.parts.clock().timestamp() < float(claims["exp"])
    return str(claims["sub"]) if still_open else None


def _case_number(typed: str) -> str | None:
    found = _NUMBER.fullmatch(typed.strip())
    return f"AM-{found[1].upper()}" if found else None


def _too_often(page: CustomerPage, refused: TooManyMessages) -> str:
    minutes = math.ceil(refused.details["retry_after_seconds"] / 60)
    return str(TEXTS[page.language]["too_often"].format(minutes=minutes))


def _address(request: Request, service: Service) -> str:
    return client_address(request, service.parts.settings.trust_forwarded_for)


def _secret(service: Service) -> str:
    return service.parts.settings.site_secret.get_secret_value()


def _limits(request: Request) -> CaseLimits:
    limits: CaseLimits = request.app.state.case_limits
    return limits

"""The page behind the link of a check-in mail: is it solved, and how did we do?

It needs no script. Opening it changes nothing, so that a mail program that looks at links answers
for nobody; only its buttons do.
"""

import math
from dataclasses import dataclass
from datetime import timedelta

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from amends.cases import use_cases as cases
from amends.cases.errors import UnknownCase
from amends.cases.model import Case
from amends.conversations import cleaning
from amends.conversations.errors import EmptyMessage, TextTooLong
from amends.gateway import feedback_views as views
from amends.gateway.case_texts import LANGUAGES
from amends.gateway.case_views import CaseTeller
from amends.gateway.customer_page import (
    CustomerPage,
    browser_language,
    chosen_language,
    read_form,
)
from amends.gateway.errors import TooManyMessages
from amends.gateway.feedback_texts import TEXTS
from amends.gateway.feedback_views import Stand
from amends.gateway.limits import Rate, RateLimiter
from amends.gateway.schemas import SurveyRequest
from amends.gateway.service import CurrentService, Service, client_address
from amends.records.record import record_of
from amends.records.status import Status, status_of
from amends.satisfaction.ports import UnitOfWork
from amends.satisfaction.surveys import check_in, links
from amends.satisfaction.surveys.errors import UnknownAsk
from amends.satisfaction.surveys.links import Link
from amends.satisfaction.surveys.model import Question, SurveyAsk
from amends.wiring.redis_link import RedisLink
from amends.wiring.secrets import derive_secret

log = structlog.get_logger()

router = APIRouter(prefix=links.PATH, include_in_schema=False)

Form = dict[str, str]


class FeedbackLimits:
    """How often is answered: from one network address, and over one link."""

    def __init__(self, link: RedisLink | None = None) -> None:
        self._by_address = RateLimiter("feedback-address", Rate(20 / 600, 20), link)
        self._by_link = RateLimiter("feedback-link", Rate(20 / 600, 20), link)

    async def answer(self, address: str, ask_id: str) -> None:
        """Raises: TooManyMessages."""
        await self._by_address.take(address)
        await self._by_link.take(ask_id)


@dataclass(frozen=True, slots=True)
class Opened:
    """A genuine link, and what it leads to."""

    page: CustomerPage
    link: Link
    ask: SurveyAsk
    case: Case


@router.get("")
async def feedback(request: Request, service: CurrentService) -> Response:
    """Show how it stands."""
    opened = await _open(request, service, {})
    return opened if isinstance(opened, Response) else await _show(opened)


@router.post("")
async def answer(request: Request, service: CurrentService) -> Response:
    """Take an answer, and show how it stands then."""
    form = await read_form(request)
    opened = await _open(request, service, form)
    if isinstance(opened, Response):
        return opened
    try:
        address = client_address(request, service.parts.settings.trust_forwarded_for)
        limits: FeedbackLimits = request.app.state.feedback_limits
        await limits.answer(address, opened.ask.id)
    except TooManyMessages as refused:
        minutes = math.ceil(refused.details["retry_after_seconds"] / 60)
        return _told(opened.page, "often", "too_often", 429, minutes=minutes)
    match form.get("answer"):
        case "yes":
            return await _solved(opened)
        case "no":
            return await _not_solved(opened, form)
        case _:
            return await _rated(opened, form)


async def _solved(opened: Opened) -> Response:
    service = opened.page.service
    now = service.parts.clock()
    await service.transactions.write(lambda uow: check_in.say_solved(uow, opened.ask.id, now))
    return opened.page.go(opened.link.path)


async def _not_solved(opened: Opened, form: Form) -> Response:
    service, limit = opened.page.service, opened.page.service.parts.settings.max_text_characters
    try:
        words = cleaning.accept(form.get("words", ""), limit)
    except EmptyMessage:
        words = ""
    except TextTooLong:
        error = opened.page.words["too_long"].format(limit=limit)
        return await _show(opened, form, error, 400)
    now, thresholds = service.parts.clock(), service.parts.thresholds
    await service.transactions.write(
        lambda uow: check_in.say_not_solved(uow, thresholds, opened.ask.id, words, now)
    )
    log.info("gateway.feedback.not_solved", case_number=opened.case.number)
    service.changes.wake(opened.ask.conversation_id)
    return opened.page.go(opened.link.path)


async def _rated(opened: Opened, form: Form) -> Response:
    service, said = opened.page.service, views.answered(form)
    if not said:
        return await _show(opened, form, opened.page.words["nothing_chosen"], 400)
    try:
        answers = SurveyRequest.model_validate(said).answers
    except ValidationError:
        return await _show(opened, form, opened.page.words["not_usable"], 400)
    now, ask = service.parts.clock(), opened.ask
    await service.transactions.write(
        lambda uow: service.parts.record_survey(uow, ask.conversation_id, answers, now, ask.id)
    )
    return opened.page.go(opened.link.path)


async def _open(request: Request, service: Service, form: Form) -> Opened | Response:
    """Return what a link leads to, or the page that says why it does not."""
    query = request.query_params
    link = Link(*(query.get(name, "") for name in ("ask", "until", "sig")))
    chosen = chosen_language(request, form)
    page = CustomerPage(service, TEXTS, chosen or browser_language(request), link.path)
    secret = service.parts.settings.site_secret.get_secret_value()
    if not links.is_genuine(derive_secret(secret, links.PURPOSE), link):
        return _told(page, "forged", "forged_lead", 404)
    if links.is_over(link, service.parts.clock()):
        return _told(page, "over", "over_lead", 410, days=links.LASTS // timedelta(days=1))
    try:
        ask, case, spoken = await service.transactions.read(lambda uow: _find(uow, link.ask_id))
    except (UnknownAsk, UnknownCase):
        return _told(page, "gone", "gone_lead", 410)
    language = chosen or (spoken if spoken in LANGUAGES else "en")
    return Opened(CustomerPage(service, TEXTS, language, link.path), link, ask, case)


def _find(uow: UnitOfWork, ask_id: str) -> tuple[SurveyAsk, Case, str]:
    ask = check_in.asked(uow, ask_id)
    conversation = uow.conversations.get(ask.conversation_id)
    return ask, cases.case_of(uow, ask.case_id or ""), conversation.language if conversation else ""


async def _show(
    opened: Opened, form: Form | None = None, error: str = "", status: int = 200
) -> Response:
    page, ask, case = opened.page, opened.ask, opened.case
    known = {"number": case.number, "typed": form or {}, "error": error}
    match views.stand_of(ask, case):
        case Stand.OPEN:
            return await _open_again(opened)
        case Stand.ASK:
            day = _teller(page).day(case.closed_at) if case.closed_at else ""
            return page.show("feedback_ask.html", status, day=day, **known)
        case Stand.SURVEY:
            questions = views.asked(ask.left, page.words)
            again = any(one is not Question.SOLVED for one in ask.answered)
            return page.show(
                "feedback_survey.html", status, questions=questions, again=again, **known
            )
        case Stand.DONE:
            return _told(page, "done", "done_lead", status)


async def _open_again(opened: Opened) -> Response:
    page, number = opened.page, opened.case.number
    now = page.service.parts.clock()

    def read(uow: UnitOfWork) -> Status:
        return status_of(record_of(uow, number), now)

    told = _teller(page).values(await page.service.transactions.read(read))
    return page.show(
        "feedback_open.html", number=number, next_step=told["next_step"], who=told["who"]
    )


def _teller(page: CustomerPage) -> CaseTeller:
    return CaseTeller(page.language, page.service.parts.thresholds.hours.zone)


def _told(page: CustomerPage, heading: str, lead: str, status: int, **values: int) -> Response:
    words = page.words
    return page.show(
        "feedback_told.html",
        status,
        heading=words[f"{heading}_heading"],
        lead=words[lead].format(**values),
        is_done=heading == "done",
        leads_on=heading in ("over", "done"),
    )

"""The review queue: what the assistant may have misheard, best first, decided on by keyboard."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from amends.conversations.transactions import Transactions
from amends.desk import review_page, review_views, review_words, words
from amends.desk.forms import Form, read_form
from amends.desk.pages.frame import needs, page
from amends.desk.pages.subject import Subject
from amends.desk.review_forms import (
    address,
    chosen_of,
    fields_of,
    further,
    number,
    verdict_of,
)
from amends.desk.review_query import read_query
from amends.desk.review_reading import UnitOfWork, context_of, shown
from amends.desk.speech import mark, tr
from amends.desk.training_tabs import tabs_at
from amends.desk.zones import zone_of
from amends.handoff.model import StaffMember
from amends.handoff.rights import Right
from amends.training.anonymise import anonymised
from amends.training.changes import Author, NewExample, NotWritable, TrainingFilesError
from amends.training.data_writer import LONGEST, ExampleRefused, HasTwin, twin_of
from amends.training.review.deciding import decide, undo_last
from amends.training.review.errors import AlreadyDecided, ReviewError
from amends.training.review.model import Decision, Kind
from amends.wiring.app import App
from amends.wiring.training_files import TrainingFiles, training_files

log = structlog.get_logger()

Trainer = Annotated[StaffMember, needs(Right.TRAIN)]

Refused = ExampleRefused | TrainingFilesError

MOST_FIELDS = 400

_DONE = {
    "accept": mark("Accepted."),
    "relabel": mark("Relabelled."),
    "secondary": mark("Stored."),
    "flags": mark("Stored."),
    "skip": mark("Skipped."),
    "out_of_scope": mark("Put aside as out of scope."),
    "undone": mark("Undone. The messages stand open again."),
    "undone_example": mark(
        "Undone. The messages stand open again. The example that came of them stays among the "
        "training data: reword, move or remove it under Examples."
    ),
    "example": mark("Added as an example. The next training learns it."),
    "kept": mark(
        "The files cannot be written here. The change is kept as a patch under Changes: download "
        "it and apply it where the files are kept."
    ),
}


@dataclass(frozen=True, slots=True)
class Example:
    """What is about to become an example, and what stands in the way."""

    decision: Decision
    pieces: list[tuple[str, str]]  # the message, with the personal data in it
    text: str
    intent: str
    language: str
    error: str = ""
    twin: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What the page says on top, and how."""

    notice: str = ""
    error: str = ""
    status: int = 200
    example: Example | None = None
    done: Decision | None = None


def create_review_pages(app: App, transactions: Transactions[UnitOfWork]) -> APIRouter:
    pages = APIRouter(prefix="/training", include_in_schema=False)
    desk = _ReviewDesk(app, transactions, training_files(app))

    @pages.get("")
    async def show(request: Request, by: Trainer) -> Response:
        return await desk.show(request, by, await desk.told(request))

    @pages.post("/decide")
    async def decide_on(request: Request, by: Trainer) -> Response:
        return await desk.decide(request, by, await _form(request))

    @pages.post("/undo")
    async def undo(request: Request, by: Trainer) -> Response:
        return await desk.undo(request, by, await _form(request))

    @pages.post("/example")
    async def add_example(request: Request, by: Trainer) -> Response:
        return await desk.add_example(request, by, await _form(request))

    return pages


class _ReviewDesk(Subject[UnitOfWork]):
    """Reads, shows and decides; each decision is one transaction and one log line."""

    def __init__(
        self, app: App, transactions: Transactions[UnitOfWork], files: TrainingFiles
    ) -> None:
        super().__init__(app, transactions)
        self._files = files
        self._warming: asyncio.Future[None] | None = None

    async def told(self, request: Request) -> Told:
        """Return what the address of the page says of what was just done."""
        done = request.query_params.get("done", "")
        decision_id = number(request.query_params.get("decision", ""))
        notice = tr(_DONE[done]) if done in _DONE else ""
        if not decision_id:
            return Told(notice)
        decision = await self._transactions.read(lambda uow: uow.reviews.decision(decision_id))
        if decision is None or decision.undone_at is not None:
            return Told(notice)
        asked_for = request.query_params.get("example") == "1"
        example = await self._example(decision) if asked_for else None
        return Told(notice, example=example, done=decision)

    async def show(
        self, request: Request, by: StaffMember, told: Told, fields: dict[str, str] | None = None
    ) -> Response:
        zone = zone_of(request, self.zone)
        asked = read_query(dict(request.query_params) if fields is None else fields, zone)
        found = await self._transactions.read(lambda uow: shown(uow, asked, by.id))
        intents = await self._intents()
        return page(
            request,
            "review.html",
            title=tr("Review"),
            status_code=told.status if told.status != 200 else 400 if asked.problems else 200,
            tabs=tabs_at("/training"),
            told=told,
            can_teach=bool(told.done and told.done.can_teach and not told.example),
            problems=asked.problems,
            asked=asked,
            fields=asked.fields,
            lead=review_page.lead(found),
            rows=review_page.rows(found, zone),
            next=asked.address(after=review_page.further_place(found)) if found.listed.next else "",
            first=asked.first_page,
            opened=review_page.opened_values(found, intents, zone),
            last=found.last,
            last_words=review_views.decided_words(found.last, found.names) if found.last else "",
            keys=[(key, tr(what)) for key, what in review_words.KEYS],
            choices=review_page.choices(found, intents),
            example_intents=review_views.intents(intents, ()),
            longest_example=LONGEST,
            zone=zone.key,
        )

    async def _intents(self) -> Sequence[str]:
        """Return all intents; whoever opens the queue will soon look for twins of an example, and
        what is needed for that takes seconds once, so it is made ready meanwhile."""
        found = await asyncio.to_thread(self._files.intents)
        if self._warming is None:
            self._warming = asyncio.ensure_future(asyncio.to_thread(self._warm))
        return found

    def _warm(self) -> None:
        try:
            twin_of("", self._files.examples())
        except OSError as error:
            log.warning("desk.review.examples.unreadable", reason=str(error))

    async def decide(self, request: Request, by: StaffMember, form: Form) -> Response:
        fields = fields_of(form)
        verdict = verdict_of(form)
        if verdict is None:
            return RedirectResponse(address(fields), status_code=303)
        intents, now = await self._intents(), self._app.clock()
        try:
            made = await self._transactions.write(
                lambda uow: decide(uow, chosen_of(form), verdict, intents, by, now)
            )
        except AlreadyDecided as error:
            told = Told(error=await self._late(error), status=409)
            return await self.show(request, by, told, further(fields, form))
        except ReviewError as error:
            told = Told(error=review_words.refusal(error), status=400)
            return await self.show(request, by, told, fields)
        kind = made.verdict.kind
        log.info("desk.review.decided", by=by.id, decision=made.id, kind=kind, size=made.size)
        more = {"done": kind.value, "decision": str(made.id)}
        more |= {"example": "1"} if kind is Kind.RELABEL else {}
        return RedirectResponse(address(further(fields, form), **more), status_code=303)

    async def undo(self, request: Request, by: StaffMember, form: Form) -> Response:
        fields, decision_id, now = fields_of(form), number(form.get("decision")), self._app.clock()
        try:
            undone, group = await self._transactions.write(
                lambda uow: _undone(uow, decision_id, by, now)
            )
        except ReviewError as error:
            told = Told(error=review_words.refusal(error), status=409)
            return await self.show(request, by, told, fields)
        log.info("desk.review.undone", by=by.id, decision=decision_id)
        fields |= {"state": "", "after": "", "at": str(group) if group else ""}
        done = "undone" if undone.example_at is None else "undone_example"
        return RedirectResponse(address(fields, done=done), status_code=303)

    async def add_example(self, request: Request, by: StaffMember, form: Form) -> Response:
        fields, decision_id = fields_of(form), number(form.get("decision"))
        decision = await self._transactions.read(lambda uow: uow.reviews.decision(decision_id))
        if decision is None or decision.undone_at is not None:
            told = Told(error=tr("This decision does not hold any more."), status=409)
            return await self.show(request, by, told, fields)
        new = NewExample(
            form.get("intent"),
            " ".join(form.get("text").split()),
            form.get("language") if form.get("language") in words.LANGUAGES else "en",
        )
        try:
            done = await self._store(new, by, decision)
        except (ExampleRefused, TrainingFilesError) as error:
            example = await self._example(decision, new, error)
            return await self.show(request, by, Told(status=400, example=example), fields)
        return RedirectResponse(address(fields, done=done), status_code=303)

    async def _store(self, new: NewExample, by: StaffMember, decision: Decision) -> str:
        """Put an example into the files; where that is not allowed its patch is kept."""
        why = f"Add what was misheard to {new.intent}"
        done = "example"
        try:
            change = await asyncio.to_thread(self._files.add_examples, [new], Author(by.name), why)
        except NotWritable as error:
            change, done = error.change, "kept"
        now = self._app.clock()
        await self._transactions.write(lambda uow: uow.reviews.became_example(decision.id, now))
        log.info("desk.review.example", by=by.id, decision=decision.id, change=change.id)
        return done

    async def _example(
        self,
        decision: Decision,
        typed: NewExample | None = None,
        error: ExampleRefused | TrainingFilesError | None = None,
    ) -> Example | None:
        """Return the message with invented data in place of personal ones, or what was typed."""
        context = await self._transactions.read(lambda uow: _context(uow, decision))
        if context is None:
            return None
        said = " ".join(context.item.text.split())
        found = await asyncio.to_thread(anonymised, said, context.names)
        example = Example(
            decision=decision,
            pieces=review_views.marked_up(said, found.replaced),
            text=found.text,
            intent=decision.intent,
            language=decision.language,
        )
        if typed is None or error is None:
            return example
        return replace(
            example, text=typed.text, intent=typed.intent, language=typed.language,
            error=review_words.refusal(error),
            twin=error.twin.text if isinstance(error, HasTwin) else "",
        )  # fmt: skip

    async def _late(self, error: AlreadyDecided) -> str:
        names = await self._transactions.read(
            lambda uow: {one.id: one.name for one in uow.staff.all()}
        )
        if error.decision is None:
            return tr("Somebody was faster on this one; nothing was changed. Here is the next.")
        return tr(
            "Somebody was faster on this one: {decision}. Nothing was changed. Here is the next.",
            decision=review_views.decided_words(error.decision, names),
        )


async def _form(request: Request) -> Form:
    return await read_form(request, most_fields=MOST_FIELDS)


def _undone(
    uow: UnitOfWork, decision_id: int, by: StaffMember, now: datetime
) -> tuple[Decision, int | None]:
    """Undo, and return what was undone with the group that stands open again."""
    decision = undo_last(uow, decision_id, by, now)
    item = uow.reviews.item(decision.leader_id)
    return decision, item.group_id if item else None


def _context(uow: UnitOfWork, decision: Decision) -> review_views.Context | None:
    item = uow.reviews.item(decision.leader_id)
    return context_of(uow, item) if item else None

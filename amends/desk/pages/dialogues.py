"""Dialogues: conversations that became stories or test conversations."""

import json
from dataclasses import dataclass, field
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from amends.cases.categories import KEY
from amends.conversations.transactions import Transactions
from amends.desk import dialogue_views as views
from amends.desk.change_words import refusal
from amends.desk.dialogue_views import Draft
from amends.desk.dialogue_words import KINDS, STEPS, sentence
from amends.desk.forms import Form, read_form
from amends.desk.pages.dialogue_desk import Book, DialogueDesk
from amends.desk.pages.frame import needs, page
from amends.desk.review_reading import UnitOfWork
from amends.desk.rule_views import diff
from amends.desk.speech import mark, tr
from amends.desk.training_tabs import tabs_at
from amends.handoff.model import StaffMember
from amends.handoff.rights import Right
from amends.training.changes import TrainingFilesError
from amends.training.dialogues.check import Found
from amends.training.dialogues.model import Dialogue, DialogueError, DialogueKind, Step, StepKind
from amends.wiring.app import App
from amends.wiring.dialogue_trial import Trial, TrialFailed

log = structlog.get_logger()

PATH = "/training/dialogues"
MOST_BYTES, MOST_FIELDS = 262_144, 1_000
Trainer = Annotated[StaffMember, needs(Right.TRAIN)]
_DONE = {
    "saved": mark(
        "Written, as one change. `make test` and the check of models play it from now on."
    ),
    "removed": mark("Removed, as one change."),
}
_FIRST = (Step(StepKind.CUSTOMER), Step(StepKind.ACTION))


@dataclass(frozen=True, slots=True)
class _Shown:
    """What stands around the steps."""

    error: str = ""
    notice: str = ""
    found: list[Found] = field(default_factory=list)
    trial: Trial | None = None
    preview: tuple[str | None, str] | None = None  # the file's text before and after
    visits: list[tuple[int, str, bool]] = field(default_factory=list)
    conversation: str = ""


def create_dialogues_pages(app: App, transactions: Transactions[UnitOfWork]) -> APIRouter:
    pages = APIRouter(prefix=PATH, include_in_schema=False)
    desk = DialogueDesk(app, transactions)
    _add_list(pages, desk)
    _add_new(pages, desk)
    _add_editor(pages, desk)
    return pages


def _add_list(pages: APIRouter, desk: DialogueDesk) -> None:
    @pages.get("")
    async def show_all(
        request: Request, by: Trainer, q: str = "", kind: str = "", done: str = ""
    ) -> Response:
        book = await desk.book()
        groups = views.groups(book.placed, q, kind)
        return page(
            request,
            "training_dialogues.html",
            title=tr("Dialogues"),
            tabs=tabs_at(PATH),
            notice=tr(_DONE[done]) if done in _DONE else "",
            broken=book.broken,
            groups=groups,
            count=sum(len(one.rows) for one in groups),
            total=len(book.placed),
            query=q,
            kind=kind,
            kinds=[(one.value, tr(word)) for one, word in KINDS.items()],
        )


def _add_new(pages: APIRouter, desk: DialogueDesk) -> None:
    @pages.get("/new")
    async def begin(
        request: Request, by: Trainer, conversation: str = "", visit: int = 0
    ) -> Response:
        book = await desk.book()
        if not conversation:
            return _show(request, book, Draft(Dialogue("", _FIRST), DialogueKind.TEST), _Shown())
        told = await desk.recorded(conversation, visit, book.names)
        if told is None:
            return _not_found(request, tr("There is no such conversation."))
        draft = Draft(Dialogue(told.name, told.steps), DialogueKind.TEST)
        notice = (
            tr("Everything personal was replaced. Read each message before you save.")
            if told.steps
            else tr("The assistant had no part in this conversation, or its record is gone.")
        )
        return _show(
            request,
            book,
            draft,
            _Shown(notice=notice, visits=told.visits, conversation=conversation),
        )

    @pages.post("/new")
    async def take(request: Request, by: Trainer) -> Response:
        form = await read_form(request, MOST_BYTES, MOST_FIELDS)
        if form.get("steps"):
            return await _take_talk(request, desk, form)
        return await _act(request, desk, by, form)


async def _take_talk(request: Request, desk: DialogueDesk, form: Form) -> Response:
    """Open the editor with a talk of the playground."""
    book = await desk.book()
    try:
        turns = json.loads(form.get("steps"))
    except ValueError:
        turns = []
    steps = desk.steps_of(turns, book.names)
    notice = tr("A talk of the playground. Say what it shows, and try it before you save.")
    return _show(
        request, book, Draft(Dialogue("", steps), DialogueKind.TEST), _Shown(notice=notice)
    )


def _add_editor(pages: APIRouter, desk: DialogueDesk) -> None:
    @pages.get("/edit")
    async def open_one(
        request: Request, by: Trainer, file: str = "", name: str = "", done: str = ""
    ) -> Response:
        book = await desk.book()
        placed = book.find(file, name)
        if placed is None:
            return _not_found(request, tr("There is no such dialogue any more."))
        draft = Draft(placed.dialogue, placed.kind, path=file, old=name)
        notice = tr(_DONE[done]) if done in _DONE else ""
        return _show(request, book, draft, _Shown(notice=notice))

    @pages.post("/edit")
    async def act(request: Request, by: Trainer) -> Response:
        form = await read_form(request, MOST_BYTES, MOST_FIELDS)
        return await _act(request, desk, by, form)


async def _act(request: Request, desk: DialogueDesk, by: StaffMember, form: Form) -> Response:
    book, draft, act = await desk.book(), views.draft_of(form), form.get("act")
    if draft.path and book.find(draft.path, draft.old) is None:
        return _not_found(request, tr("There is no such dialogue any more."))
    try:
        if act == "try":
            return await _try(request, desk, book, draft)
        if act == "remove":
            await desk.remove(draft, by)
            return RedirectResponse(f"{PATH}?done=removed", status_code=303)
        if act in ("check", "save"):
            return await _save(request, desk, by, book, draft, form)
    except (TrainingFilesError, DialogueError) as error:
        said = refusal(error) if isinstance(error, TrainingFilesError) else str(error)
        return _show(request, book, draft, _Shown(error=said))
    return _show(request, book, views.obeyed(draft, act), _Shown())


async def _save(
    request: Request,
    desk: DialogueDesk,
    by: StaffMember,
    book: Book,
    draft: Draft,
    form: Form,
) -> Response:
    draft = views.as_kind(draft)
    found = desk.flaws(draft, book)
    if not draft.path and not KEY.fullmatch(draft.topic):
        error = tr("Choose a file, or name a new one with small letters, digits and underscores.")
        return _show(request, book, draft, _Shown(error=error, found=found))
    if found:
        return _show(request, book, draft, _Shown(found=found))
    preview = book.preview(draft)
    if form.get("act") == "check":
        return _show(request, book, draft, _Shown(preview=preview))
    await desk.save(draft, preview, by)
    where = views.address(draft.target, draft.dialogue.name)
    return RedirectResponse(f"{where}&done=saved", status_code=303)


async def _try(request: Request, desk: DialogueDesk, book: Book, draft: Draft) -> Response:
    found = [one for one in desk.flaws(draft, book) if one.step is not None]
    if draft.kind is not DialogueKind.TEST:
        error = tr("Only test conversations can be tried: a story has no words of customers.")
        return _show(request, book, draft, _Shown(error=error))
    try:
        trial = await desk.trial(draft.dialogue)
    except TrialFailed as failed:
        return _show(request, book, draft, _Shown(error=str(failed), found=found))
    return _show(request, book, draft, _Shown(trial=trial, found=found))


def _show(request: Request, book: Book, draft: Draft, shown: _Shown) -> Response:
    wrong = [sentence(one) for one in shown.found if one.step is None]
    is_wrong = bool(shown.error or (shown.found and shown.trial is None))
    before, after = shown.preview or (None, "")
    return page(
        request,
        "training_dialogue.html",
        title=draft.old or tr("New dialogue"),
        status_code=400 if is_wrong else 200,
        tabs=tabs_at(PATH),
        draft=draft,
        error=shown.error,
        notice=shown.notice,
        wrong=wrong,
        wrong_steps=len({one.step for one in shown.found if one.step is not None}),
        lines=views.lines(draft, book.names, shown.found, shown.trial),
        visits=shown.visits,
        conversation=shown.conversation,
        trial=shown.trial,
        end=views.at_the_end(draft, shown.trial),
        diff=diff(before or "", after) if shown.preview else [],
        is_preview=shown.preview is not None,
        is_full=len(draft.dialogue.steps) >= views.MOST_STEPS,
        **_offered(book, draft),
    )


def _offered(book: Book, draft: Draft) -> dict[str, Any]:
    names = book.names
    return {
        "intents": names.intents,
        "actions": [*names.actions, "action_deactivate_loop"],
        "slots": [*names.slots, "requested_slot"],
        "forms": names.forms,
        "topics": {one.value: views.topics(book.texts, one) for one in DialogueKind},
        "kinds": [(one.value, tr(word)) for one, word in KINDS.items()],
        "step_kinds": [
            (one.value, tr(word)) for one, word in STEPS.items() if one is not StepKind.OTHER
        ],
        "new_file": views.NEW_FILE,
        "action": f"{PATH}/edit" if draft.path else f"{PATH}/new",
    }


def _not_found(request: Request, sentence: str) -> Response:
    title = tr("This page does not exist")
    return page(request, "refused.html", title=title, status_code=404, sentence=sentence)

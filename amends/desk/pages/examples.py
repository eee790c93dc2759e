"""The training examples: looked up, added, reworded, moved and removed, each with a reason."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from amends.conversations.transactions import Transactions
from amends.desk import example_views as views
from amends.desk import intent_words, words
from amends.desk.change_words import refusal
from amends.desk.forms import Form, read_form
from amends.desk.pages.frame import needs, page
from amends.desk.speech import mark, tr
from amends.desk.training_tabs import tabs_at
from amends.handoff.model import StaffMember
from amends.handoff.rights import Right
from amends.satisfaction.ports import UnitOfWork
from amends.training.anonymise import anonymised
from amends.training.changes import Change, NotWritable, TrainingFilesError
from amends.training.data_model import Corpus, Example, Finding, Place
from amends.training.data_writer import (
    LONGEST,
    CarriesPersonal,
    ExampleEdit,
    ExampleRefused,
    HasTwin,
    LastExample,
    UnknownIntent,
)
from amends.training.examples import Asked, counts, matching, nearest, standing_at
from amends.values import LANGUAGES
from amends.wiring.app import App
from amends.wiring.training_check import check_apart
from amends.wiring.training_files import Author, NewExample, TrainingFiles, training_files

log = structlog.get_logger()

Trainer = Annotated[StaffMember, needs(Right.TRAIN)]

PATH = views.PATH
ON_A_PAGE = 50
LONGEST_WHY = 200

_DONE = {
    "added": mark("Added."),
    "edited": mark("Changed."),
    "removed": mark("Removed."),
}


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was written into a form, and what is wrong with it."""

    text: str = ""
    intent: str = ""
    language: str = "en"
    why: str = ""
    error: str = ""  # about the whole
    text_error: str = ""  # about the words
    intent_error: str = ""
    instead: str = ""  # the words without somebody's data
    twin: views.Row | None = None


def create_examples_pages(app: App, transactions: Transactions[UnitOfWork]) -> APIRouter:
    pages = APIRouter(prefix=PATH, include_in_schema=False)
    desk = _ExamplesDesk(training_files(app), app.settings.project_dir)
    _add_list(pages, desk)
    _add_new(pages, desk)
    _add_check(pages, desk)
    _add_one(pages, desk)
    return pages


class _ExamplesDesk:
    """Reads and changes examples in threads: files and git block."""

    def __init__(self, files: TrainingFiles, project: Path) -> None:
        self.files = files
        self.project = project
        self._checking: asyncio.Task[Sequence[Finding]] | None = None
        self._checked: tuple[Corpus, Sequence[Finding]] | None = None

    async def corpus(self) -> Corpus:
        return await asyncio.to_thread(self.files.corpus)

    async def examples(self) -> Sequence[Example]:
        return (await self.corpus()).examples

    async def add(self, by: StaffMember, typed: _Typed) -> Change:
        new = NewExample(typed.intent, typed.text, typed.language)
        why = typed.why or tr("Add an example of {intent}", intent=typed.intent)
        change = await asyncio.to_thread(self.files.add_examples, [new], Author(by.name), why)
        log.info("desk.example.added", by=by.id, intent=typed.intent, change=change.id)
        return change

    async def edit(self, by: StaffMember, edit: ExampleEdit, why: str) -> Change:
        change = await asyncio.to_thread(self.files.edit_examples, [edit], Author(by.name), why)
        log.info("desk.example.changed", by=by.id, removed=edit.removed, change=change.id)
        return change

    async def findings(self) -> tuple[Corpus, Sequence[Finding] | None]:
        """Return what is wrong with the examples; None while that is being looked for."""
        corpus = await self.corpus()
        if self._checked and self._checked[0] == corpus:
            return self._checked
        if self._checking is None:
            self._checking = asyncio.create_task(asyncio.to_thread(check_apart, self.project))
            self._checking.add_done_callback(lambda done: self._keep(corpus, done))
        return corpus, None

    def _keep(self, corpus: Corpus, done: asyncio.Task[Sequence[Finding]]) -> None:
        self._checking = None
        if not done.cancelled() and done.exception() is None:
            self._checked = (corpus, done.result())


def _add_list(pages: APIRouter, desk: _ExamplesDesk) -> None:
    @pages.get("")
    async def show_all(
        request: Request, by: Trainer, q: str = "", intent: str = "", language: str = "",
        file: str = "", at: str = "", done: str = "", change: str = "",
    ) -> Response:  # fmt: skip
        examples = await desk.examples()
        asked = Asked(q[:LONGEST], intent, language, file)
        found = matching(examples, asked)
        start = int(at) if at.isdecimal() and len(at) < 9 else 0
        return page(
            request,
            "examples.html",
            title=tr("Examples"),
            tabs=tabs_at(PATH),
            asked=asked,
            total=len(found),
            rows=[views.row(one) for one in found[start : start + ON_A_PAGE]],
            counts=views.count_rows(counts(found)),
            intents=views.intent_choices({one.intent for one in examples}),
            example_languages=words.languages(),
            files=sorted({one.place.file for one in examples}),
            first=_address(asked, 0) if start else "",
            next=_address(asked, start + ON_A_PAGE) if start + ON_A_PAGE < len(found) else "",
            further=tr("Further examples"),
            notice=tr(_DONE[done]) if done in _DONE else "",
            change=change if change.isalnum() else "",
        )


def _add_new(pages: APIRouter, desk: _ExamplesDesk) -> None:
    @pages.get("/new")
    async def show(
        request: Request, by: Trainer, intent: str = "", language: str = "en"
    ) -> Response:
        return await _new_page(request, desk, _Typed(intent=intent, language=language))

    @pages.post("/new")
    async def add(request: Request, by: Trainer) -> Response:
        form = await read_form(request)
        language = form.get("language")
        typed = replace(_typed(form), language=language if language in LANGUAGES else "en")
        try:
            change = await desk.add(by, typed)
        except NotWritable as refused:
            return _to_change(refused)
        except (ExampleRefused, TrainingFilesError) as error:
            return await _new_page(request, desk, _refused(typed, error))
        done = {"done": "added", "change": change.id, "intent": typed.intent}
        return RedirectResponse(f"{PATH}?{urlencode(done)}", status_code=303)


def _add_one(pages: APIRouter, desk: _ExamplesDesk) -> None:
    @pages.get("/one")
    async def show(
        request: Request, by: Trainer, file: str = "", line: int = 0, was: str = ""
    ) -> Response:
        return await _one_page(request, desk, Place(file, line), was)

    @pages.post("/one")
    async def edit(request: Request, by: Trainer) -> Response:
        form = await read_form(request)
        line = form.get("line")
        place = Place(form.get("file"), int(line) if line.isdecimal() and len(line) < 9 else 0)
        typed, was = _typed(form), form.get("was")
        is_removed = form.get("act") == "remove"
        edit = (
            ExampleEdit(place, was, removed=True)
            if is_removed
            else ExampleEdit(place, was, typed.text, typed.intent)
        )
        try:
            change = await desk.edit(by, edit, typed.why or _default_why(edit, was))
        except NotWritable as refused:
            return _to_change(refused)
        except (ExampleRefused, TrainingFilesError) as error:
            return await _one_page(request, desk, place, was, _refused(typed, error))
        done = {"done": "removed" if is_removed else "edited", "change": change.id}
        return RedirectResponse(f"{PATH}?{urlencode(done)}", status_code=303)


def _add_check(pages: APIRouter, desk: _ExamplesDesk) -> None:
    @pages.get("/check")
    async def check(request: Request, by: Trainer) -> Response:
        corpus, findings = await desk.findings()
        return page(
            request,
            "examples_check.html",
            title=tr("What is wrong with the examples"),
            tabs=tabs_at(PATH),
            is_under_way=findings is None,
            groups=views.groups(findings or (), corpus.examples),
            count=len(corpus.examples),
        )


async def _new_page(request: Request, desk: _ExamplesDesk, typed: _Typed) -> Response:
    examples = await desk.examples()
    return page(
        request,
        "example_new.html",
        title=tr("Add an example"),
        status_code=400 if _is_wrong(typed) else 200,
        tabs=tabs_at(PATH),
        typed=typed,
        default_why=tr("Add an example of {intent}", intent="…"),
        **_choices(examples),
    )


async def _one_page(
    request: Request, desk: _ExamplesDesk, place: Place, was: str, typed: _Typed | None = None
) -> Response:
    examples = await desk.examples()
    found = standing_at(examples, place, was)
    if found is None:
        sentence = tr("This example does not stand there any more. Look for it again.")
        title = tr("This page does not exist")
        return page(request, "refused.html", title=title, status_code=404, sentence=sentence)
    near = await asyncio.to_thread(nearest, found.text, examples)
    typed = typed or _Typed(found.text, found.intent)
    return page(
        request,
        "example.html",
        title=tr("Example"),
        status_code=400 if _is_wrong(typed) else 200,
        tabs=tabs_at(PATH),
        example=found,
        shown=views.row(found),
        near=[views.near_row(one) for one in near],
        typed=typed,
        **_choices(examples),
    )


def _choices(examples: Sequence[Example]) -> dict[str, Any]:
    return {
        "intents": views.intent_choices({one.intent for one in examples}),
        "example_languages": words.languages(),
        "longest_text": LONGEST,
        "longest_why": LONGEST_WHY,
    }


def _refused(typed: _Typed, error: ExampleRefused | TrainingFilesError) -> _Typed:
    """Return what was typed, with the reason beside the field that it is about."""
    said = refusal(error)
    match error:
        case HasTwin():
            return replace(typed, text_error=said, twin=views.row(error.twin))
        case CarriesPersonal():
            return replace(typed, text_error=said, instead=anonymised(typed.text).text)
        case ExampleRefused():
            if isinstance(error, UnknownIntent | LastExample):
                return replace(typed, intent_error=said)
            return replace(typed, text_error=said)
    return replace(typed, error=said)


def _is_wrong(typed: _Typed) -> bool:
    return bool(typed.error or typed.text_error or typed.intent_error)


def _typed(form: Form) -> _Typed:
    why = form.get("why").strip()[:LONGEST_WHY]
    text = (form.all("text") or ("",))[-1]  # a button may hold other words than the field
    return _Typed(text.strip(), form.get("intent"), why=why)


def _default_why(edit: ExampleEdit, was: str) -> str:
    short = was if len(was) <= 60 else f"{was[:57]}…"
    if edit.removed:
        return tr("Remove the example “{text}”", text=short)
    if edit.text is not None and edit.text != was:
        return tr("Reword the example “{text}”", text=short)
    intent = intent_words.intent(edit.intent or "")
    return tr("Move the example “{text}” to {intent}", text=short, intent=intent)


def _to_change(refused: NotWritable) -> Response:
    return RedirectResponse(f"/training/changes/{refused.change.id}", status_code=303)


def _address(asked: Asked, at: int) -> str:
    fields = {"q": asked.words, "intent": asked.intent, "language": asked.language,
              "file": asked.file, "at": str(at) if at else ""}  # fmt: skip
    return f"{PATH}?{urlencode({name: value for name, value in fields.items() if value})}"

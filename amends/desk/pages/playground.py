"""The playground: talk to a model in a sandbox and see why it answers so.

From here a talk becomes a test conversation: its steps are posted to `/training/dialogues/new`,
in the form `amends.training.playground.dialogue` describes.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from amends.conversations.transactions import Transactions
from amends.desk import playground_views as views
from amends.desk import words
from amends.desk.case_words import moment_words
from amends.desk.forms import read_form
from amends.desk.pages.frame import needs, page
from amends.desk.pages.subject import Subject
from amends.desk.playground_words import MODES, STAGES
from amends.desk.speech import tr, trn
from amends.desk.training_tabs import tabs_at
from amends.handoff.model import StaffMember
from amends.handoff.rights import Right
from amends.satisfaction.ports import UnitOfWork
from amends.training.playground.compare import Compared, compare
from amends.training.playground.dialogue import steps_of
from amends.wiring.app import App
from amends.wiring.errors import NotPossible
from amends.wiring.model import ProjectFilesError
from amends.wiring.models import TrainedModel, all_models, live_model
from amends.wiring.playground import Playground, Talk, Trial
from amends.wiring.reading import flatten, parses
from amends.wiring.sandbox import TooManySandboxes

PATH = "/training/playground"
MOST_COMPARED = 20
"""Messages that are compared at once."""
MOST_CHARACTERS = 2000

Trainer = Annotated[StaffMember, needs(Right.TRAIN)]


def create_playground_pages(app: App, transactions: Transactions[UnitOfWork]) -> APIRouter:
    desk = _PlaygroundDesk(app, transactions)
    pages = APIRouter(prefix=PATH, include_in_schema=False, lifespan=desk.lifespan)
    _add_talk(pages, desk)
    _add_steps(pages, desk)
    _add_compare(pages, desk)
    return pages


class _PlaygroundDesk(Subject[UnitOfWork]):
    """Shows what one person tries out, and lets them go on with it."""

    def __init__(self, app: App, transactions: Transactions[UnitOfWork]) -> None:
        super().__init__(app, transactions)
        self.playground = Playground(app.settings, app.policy, app.rules)
        self._comparing = asyncio.Lock()

    @contextlib.asynccontextmanager
    async def lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        yield
        await self.playground.close()

    async def models(self) -> tuple[Sequence[TrainedModel], str]:
        """Return all models, the latest first, and the name of the live one."""

        def look() -> tuple[Sequence[TrainedModel], str]:
            settings = self._app.settings
            with contextlib.suppress(ProjectFilesError), self._app.db.read() as uow:
                return all_models(settings), live_model(settings, uow).name
            return all_models(settings), ""

        return await asyncio.to_thread(look)

    async def show(
        self, request: Request, by: StaffMember, *, turn: int = 0, error: str = "", typed: str = "",
    ) -> Response:  # fmt: skip
        trial = self.playground.of(by.id)
        models, live = await self.models()
        shared = {
            "tabs": tabs_at(PATH),
            "models": self._choices(models, live),
            "model": _name(trial.model) if trial else live,
            "error": error,
            "settings": self._app.settings,
        }
        status = 400 if error else 200
        if trial is not None and trial.talk is not None:
            shown = self._talk_values(trial, trial.talk, turn)
            return page(request, "playground_talk.html", title=tr("Playground"),
                        status_code=status, typed=typed, longest=MOST_CHARACTERS,
                        **shared, **shown)  # fmt: skip
        return page(request, "playground_start.html", title=tr("Playground"), status_code=status,
                    trial=self._progress(trial), **shared)  # fmt: skip

    def _choices(self, models: Sequence[TrainedModel], live: str) -> list[tuple[str, str]]:
        """Return name and words of each model: when it was trained, and whether it is live."""
        return [
            (
                one.name,
                tr("{name} · {when} · live", name=one.name, when=self._when(one))
                if one.name == live
                else tr("{name} · {when}", name=one.name, when=self._when(one)),
            )
            for one in models
        ]

    def _when(self, model: TrainedModel) -> str:
        return moment_words(model.trained_at, self.zone)

    def _progress(self, trial: Trial | None) -> dict[str, Any] | None:
        if trial is None:
            return None
        stage = trial.sandbox.stage.value
        return {
            "model": _name(trial.model),
            "problem": trial.problem,
            "stage": "" if trial.problem else tr(STAGES[stage]),
        }

    def _talk_values(self, trial: Trial, talk: Talk, number: int) -> dict[str, Any]:
        turns = list(talk.turns)
        chosen = number if 0 < number <= len(turns) else len(turns)
        thresholds = self._app.thresholds
        return {
            "bubbles": views.bubbles(talk.messages, turns, talk.customer),
            "customers": talk.customers,
            "customer": talk.customer,
            "mode": words.word(MODES, talk.mode),
            "turn": views.turn_view(turns[chosen - 1], chosen, thresholds) if turns else None,
            "steps": json.dumps(steps_of(turns), ensure_ascii=False),
            "count": len(turns),
            "zone": self.zone,
        }

    async def compared(self, names: Sequence[str], texts: Sequence[str]) -> Sequence[Compared]:
        """Read the same messages with two models, each in a process of its own.

        Raises:
            NotPossible: A model is not there, or the engine's reader failed.
        """
        models, _ = await self.models()
        paths = {one.name: one.path for one in models}
        missing = next((name for name in names if name not in paths), None)
        if missing is not None:
            raise NotPossible(tr("There is no model {name}.", name=missing))
        async with self._comparing:  # each takes an engine's memory for a moment
            left, right = await asyncio.gather(
                *(asyncio.to_thread(self._read, paths[name], texts) for name in names)
            )
        return compare(texts, left, right)

    def _read(self, model: Path, texts: Sequence[str]) -> list[dict[str, Any]]:
        rows = [{"id": number, "text": text} for number, text in enumerate(texts)]
        thresholds = self._app.thresholds
        return [
            flatten(row_id, parse, thresholds)
            for row_id, parse in parses(self._app.settings, model, rows)
        ]

    async def show_comparison(
        self, request: Request, *, names: Sequence[str] = ("", ""), text: str = "",
        found: Sequence[Compared] = (), error: str = "",
    ) -> Response:  # fmt: skip
        models, live = await self.models()
        others = [one.name for one in models if one.name != live]
        chosen = (names[0] or live, names[1] or (others[0] if others else live))
        return page(
            request,
            "playground_compare.html",
            title=tr("Compare two models"),
            status_code=400 if error else 200,
            tabs=tabs_at(PATH),
            models=self._choices(models, live),
            chosen=chosen,
            text=text,
            error=error,
            found=[views.compared_view(one) for one in found],
            differing=sum(bool(one.differing) for one in found),
            most=MOST_COMPARED,
        )


def _name(model: Path) -> str:
    return model.name.removesuffix(".tar.gz")


def _back(turn: int = 0) -> Response:
    where = f"{PATH}?turn={turn}" if turn else PATH
    return RedirectResponse(where, status_code=303)


def _refusal(error: NotPossible) -> str:
    if isinstance(error, TooManySandboxes):
        return trn(
            "{count} sandbox runs already, which is the most that this installation allows. "
            "Stop it, or wait until it has been idle for long enough.",
            "{count} sandboxes run already, which is the most that this installation allows. "
            "Stop one, or wait until one has been idle for long enough.",
            error.most,
        )
    return str(error)


def _add_talk(pages: APIRouter, desk: _PlaygroundDesk) -> None:
    @pages.get("")
    async def show(request: Request, by: Trainer, turn: int = 0) -> Response:
        return await desk.show(request, by, turn=turn)

    @pages.get("/state")
    async def state(by: Trainer) -> JSONResponse:
        """How far the sandbox has come; the page asks while it starts."""
        trial = desk.playground.of(by.id)
        if trial is None:
            return JSONResponse({"done": True, "stage": ""})
        done = trial.is_ready or bool(trial.problem)
        return JSONResponse({"done": done, "stage": tr(STAGES[trial.sandbox.stage.value])})

    @pages.post("/start")
    async def start(request: Request, by: Trainer) -> Response:
        form = await read_form(request)
        models, live = await desk.models()
        wanted = form.get("model") or live
        found = next((one for one in models if one.name == wanted), None)
        if found is None:
            error = tr("There is no model {name}.", name=wanted)
            return await desk.show(request, by, error=error)
        try:
            await desk.playground.begin(by.id, found.path)
        except NotPossible as refused:
            return await desk.show(request, by, error=_refusal(refused))
        return _back()

    @pages.post("/stop")
    async def stop(by: Trainer) -> Response:
        await desk.playground.end(by.id)
        return _back()


def _add_steps(pages: APIRouter, desk: _PlaygroundDesk) -> None:
    @pages.post("/say")
    async def say(request: Request, by: Trainer) -> Response:
        form = await read_form(request)
        text, choice = form.get("text").strip(), form.get("choice")
        if not text and not choice:
            return _back()

        def go_on(talk: Talk) -> None:
            if choice:
                talk.choose(choice)
            else:
                talk.say(text)

        try:
            await desk.playground.use(by.id, go_on)
        except NotPossible as refused:
            return await desk.show(request, by, error=_refusal(refused), typed=text)
        trial = desk.playground.of(by.id)
        return _back(len(trial.talk.turns) if trial and trial.talk else 0)

    @pages.post("/restart")
    async def restart(request: Request, by: Trainer) -> Response:
        customer = (await read_form(request)).get("customer")
        try:
            await desk.playground.use(by.id, lambda talk: talk.restart(customer))
        except NotPossible as refused:
            return await desk.show(request, by, error=_refusal(refused))
        return _back()


def _add_compare(pages: APIRouter, desk: _PlaygroundDesk) -> None:
    @pages.get("/compare")
    async def form(request: Request, by: Trainer) -> Response:
        return await desk.show_comparison(request)

    @pages.post("/compare")
    async def compare_two(request: Request, by: Trainer) -> Response:
        form = await read_form(request)
        text = form.get("text")
        names = (form.get("left"), form.get("right"))
        lines = [line.strip()[:MOST_CHARACTERS] for line in text.splitlines() if line.strip()]
        if not lines or len(lines) > MOST_COMPARED:
            error = tr("Write at least one message, and at most {most}, one a line.",
                       most=MOST_COMPARED)  # fmt: skip
            return await desk.show_comparison(request, names=names, text=text, error=error)
        try:
            found = await desk.compared(names, lines)
        except NotPossible as refused:
            error = _refusal(refused)
            return await desk.show_comparison(request, names=names, text=text, error=error)
        return await desk.show_comparison(request, names=names, text=text, found=found)

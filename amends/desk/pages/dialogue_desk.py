"""What the pages about dialogues read and write."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import structlog

from amends.conversations.transactions import Transactions
from amends.desk.dialogue_views import Draft
from amends.desk.pages.subject import Subject
from amends.desk.review_reading import UnitOfWork
from amends.desk.speech import tr
from amends.handoff.model import StaffMember
from amends.storage.tracker import tracker_events
from amends.training.dialogues.check import Found, Known, flaws
from amends.training.dialogues.model import Dialogue, Placed, Step, Unreadable
from amends.training.dialogues.read import read_dialogues
from amends.training.dialogues.recorded import steps_of_events, steps_of_turns
from amends.training.dialogues.rules import Rule, read_rules
from amends.training.dialogues.write import with_dialogue, without_dialogue
from amends.training.new_intent.domain_text import Names, names_of
from amends.training.new_intent.files import RULES
from amends.wiring.app import App
from amends.wiring.dialogue_files import STORIES, TESTS, read_domain, read_folder
from amends.wiring.dialogue_trial import Trial, TrialFailed, try_dialogue
from amends.wiring.model import current_model
from amends.wiring.training_files import Author, training_files

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Book:
    """The dialogues, rules and names of the project as they stand now."""

    names: Names
    rules: Sequence[Rule]
    texts: Mapping[str, str]
    placed: Sequence[Placed]
    broken: Sequence[str]  # a sentence for each file that cannot be read

    def find(self, path: str, name: str) -> Placed | None:
        return next(
            (one for one in self.placed if one.path == path and one.dialogue.name == name), None
        )

    def preview(self, draft: Draft) -> tuple[str | None, str]:
        """Return the text of the draft's file before and after.

        Raises:
            DialogueError: the file is not as it was.
        """
        before = self.texts.get(draft.target)
        return before, with_dialogue(before, draft.target, draft.dialogue, draft.old or None)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A visit of a conversation as steps; `visits` are number, word, and whether it is shown."""

    name: str
    steps: tuple[Step, ...]
    visits: list[tuple[int, str, bool]]


class DialogueDesk(Subject[UnitOfWork]):
    """Each change is one change of the training files, and one log line."""

    def __init__(self, app: App, transactions: Transactions[UnitOfWork]) -> None:
        super().__init__(app, transactions)
        self._files = training_files(app)
        self._trying = asyncio.Lock()

    async def book(self) -> Book:
        return await asyncio.to_thread(_read_book, self._app.settings.project_dir)

    def steps_of(self, turns: object, names: Names) -> tuple[Step, ...]:
        return steps_of_turns(turns, names) if isinstance(turns, list) else ()

    def flaws(self, draft: Draft, book: Book) -> list[Found]:
        own = book.find(draft.path, draft.old)
        others = [one for one in book.placed if one is not own]
        return flaws(draft.dialogue, draft.kind, Known(book.names, book.rules, others))

    async def recorded(self, conversation_id: str, visit: int, names: Names) -> Recorded | None:
        """Return a visit as steps, the last with any when none is asked for; None if unknown."""

        def known(uow: UnitOfWork) -> tuple[int, list[str]] | None:
            conversation = uow.conversations.get(conversation_id)
            if conversation is None:
                return None
            owner = conversation.customer_id and uow.orders.customer(conversation.customer_id)
            return conversation.visit, [owner.name] if owner else []

        found = await self._transactions.read(known)
        if found is None:
            return None
        last, people = found
        senders = [f"{conversation_id}.{number}" for number in range(1, last + 1)]
        url = self._app.settings.tracker_url
        events = await asyncio.to_thread(tracker_events, url, senders)
        steps = {
            at: steps_of_events(events[sender], names, people)
            for at, sender in enumerate(senders, start=1)
            if sender in events
        }
        told = {at: some for at, some in steps.items() if some}
        chosen = visit if visit in told else max(told, default=0)
        return _recorded(told, chosen)

    async def save(self, draft: Draft, preview: tuple[str | None, str], by: StaffMember) -> None:
        """Write the draft's file.

        Raises:
            TrainingFilesError: nothing was written.
        """
        before, after = preview
        why = draft.why or _why(draft)
        await self._change({draft.target: after}, {draft.target: before}, by, why)
        log.info("desk.dialogue.saved", by=by.id, path=draft.target)

    async def remove(self, draft: Draft, by: StaffMember) -> None:
        """Take a dialogue out of its file, and the file away with the last.

        Raises:
            TrainingFilesError: nothing was written. DialogueError: it is not there any more.
        """
        before = self._files.text(draft.path)
        after = without_dialogue(before or "", draft.path, draft.old)
        why = f"Remove the dialogue {draft.old}"
        await self._change({draft.path: after}, {draft.path: before}, by, why)
        log.info("desk.dialogue.removed", by=by.id, path=draft.path)

    async def _change(
        self,
        texts: Mapping[str, str | None],
        read: Mapping[str, str | None],
        by: StaffMember,
        why: str,
    ) -> None:
        def write() -> None:
            self._files.change(texts, Author(by.name), why, read=read)

        await asyncio.to_thread(write)

    async def trial(self, dialogue: Dialogue) -> Trial:
        """Play a dialogue with the present model; one at a time.

        Raises:
            TrialFailed
        """
        if self._trying.locked():
            raise TrialFailed(tr("Somebody else is trying a dialogue; try again in a minute."))
        settings = self._app.settings
        async with self._trying:
            model = await asyncio.to_thread(
                _newest_model, settings.models_dir, current_model(settings)
            )
            return await asyncio.to_thread(try_dialogue, settings, model, dialogue)


def _newest_model(folder: Path, present: Path) -> Path:
    """Return the model of the present files, else the newest: it knows all but what is new."""
    if present.is_file():
        return present
    others = sorted(folder.glob("*.tar.gz"), key=lambda one: one.stat().st_mtime)
    return others[-1] if others else present


def _recorded(told: Mapping[int, tuple[Step, ...]], chosen: int) -> Recorded:
    visits = [(at, tr("Visit {number}", number=at), at == chosen) for at in sorted(told)]
    return Recorded("", told.get(chosen, ()), visits if len(visits) > 1 else [])


def _why(draft: Draft) -> str:
    what = "Change" if draft.old else "Add"
    return f"{what} the dialogue {draft.dialogue.name}"


def _read_book(project: Path) -> Book:
    texts = read_folder(project, TESTS) | read_folder(project, STORIES)
    placed: list[Placed] = []
    broken: list[str] = []
    for path, text in texts.items():
        try:
            placed += _placed(text, path)
        except Unreadable as error:
            broken.append(str(error))
    rules = read_folder(project, RULES)
    return Book(
        names=_names(read_domain(project)),
        rules=[one for path, text in rules.items() for one in _rules(text, path)],
        texts=texts,
        placed=placed,
        broken=broken,
    )


# Reading YAML takes long, and of all these files mostly none has changed.
_placed = lru_cache(maxsize=128)(read_dialogues)
_rules = lru_cache(maxsize=64)(read_rules)
_names = lru_cache(maxsize=4)(names_of)

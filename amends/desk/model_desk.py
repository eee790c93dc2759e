"""What the pages about models read, change and show."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from fastapi import Request
from fastapi.responses import Response

from amends.conversations.transactions import Transactions
from amends.desk import model_views as views
from amends.desk.model_words import NOTICES, who
from amends.desk.pages.frame import page
from amends.desk.speech import tr
from amends.desk.staff_views import moment
from amends.desk.training_tabs import tabs_at
from amends.handoff.model import StaffMember
from amends.handoff.rights import Right, may
from amends.training.promotion import use_cases
from amends.training.promotion.errors import BadPromotionRules, PromotionError, UnknownModel
from amends.training.promotion.judge import judge
from amends.training.promotion.model import (
    LONGEST_REASON,
    Agreement,
    Examination,
    Promotion,
    Serving,
    Shadow,
    Shadowed,
    Work,
)
from amends.training.promotion.ports import UnitOfWork
from amends.training.promotion.record import record_of
from amends.training.promotion.rules import PromotionRules, load_rules
from amends.wiring.app import App
from amends.wiring.models import (
    Live,
    TrainedModel,
    all_models,
    find_model,
    live_model,
    training_json,
)

log = structlog.get_logger()

PATH = "/training/models"
SHOWN_HISTORY = 20
SHOWN_SHADOWED = 50
Texts = dict[tuple[str, int], str]


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database says of models, in one view."""

    live: Live
    promotions: Sequence[Promotion]
    serving: Sequence[Serving]
    work: Work | None
    shadow: Shadow | None
    agreement: Agreement
    shadowed: Sequence[Shadowed]
    examined: dict[str, Examination]
    names: dict[str, str]
    texts: Texts

    @property
    def reads_along(self) -> str:
        return self.shadow.model if self.shadow and self.shadow.until is None else ""


class ModelsDesk:
    """Reads and changes what is stored of models; each change is one transaction, one log line."""

    def __init__(self, app: App, transactions: Transactions[UnitOfWork]) -> None:
        self._app = app
        self._transactions = transactions

    @property
    def zone(self) -> ZoneInfo:
        return self._app.thresholds.hours.zone

    @property
    def rules(self) -> PromotionRules:
        return load_rules(self._app.settings.promotion_path)

    async def files(self) -> Sequence[TrainedModel]:
        return await asyncio.to_thread(all_models, self._app.settings)

    async def stored(self, models: Sequence[TrainedModel]) -> Stored:
        settings = self._app.settings

        def work(uow: UnitOfWork) -> Stored:
            shadow = uow.shadows.latest()
            shadowed = uow.shadows.changed(shadow.id, SHOWN_SHADOWED) if shadow else []
            examined = {one.name: uow.models.last_examination(one.name) for one in models}
            places = [(one.conversation_id, one.seq) for one in shadowed]
            return Stored(
                live=live_model(settings, uow),
                promotions=uow.models.promotions(SHOWN_HISTORY),
                serving=uow.model_serving.all(),
                work=uow.model_work.latest(),
                shadow=shadow,
                agreement=uow.shadows.agreement(shadow.id) if shadow else Agreement(0, 0),
                shadowed=shadowed,
                examined={name: one for name, one in examined.items() if one},
                names={one.id: one.name for one in uow.staff.all()},
                texts=uow.recent_messages.texts(places),
            )

        return await self._transactions.read(work)

    async def change[T](self, by: StaffMember, what: str, work: Callable[[UnitOfWork], T]) -> T:
        try:
            result = await self._transactions.write(work)
        except PromotionError as error:
            log.info(f"desk.model.{what}.refused", by=by.id, reason=type(error).__name__)
            raise
        log.info(f"desk.model.{what}", by=by.id)
        return result

    async def ask_for_work(self, by: StaffMember, model: str | None, cross: bool) -> None:
        if model is not None:
            find_model(self._app.settings, model)
        folds, now = self.rules.folds if cross else 0, self._app.clock()
        await self.change(
            by, "work", lambda uow: use_cases.ask_for_work(uow, model, folds, by.id, now)
        )

    async def cancel(self, by: StaffMember, work_id: str) -> None:
        now = self._app.clock()
        await self.change(by, "cancelled", lambda uow: uow.model_work.cancel(work_id, now))

    async def promote(self, by: StaffMember, model: str, reason: str, read: int | None) -> None:
        settings, rules, now = self._app.settings, self.rules, self._app.clock()
        name = find_model(settings, model).name

        def work(uow: UnitOfWork) -> Promotion:
            live = live_model(settings, uow).name
            return use_cases.promote(uow, rules, name, live, reason, by.id, now, read)

        await self.change(by, "promoted", work)

    async def roll_back(self, by: StaffMember, read: int | None) -> None:
        now, kept = self._app.clock(), {one.name for one in await self.files()}
        await self.change(
            by, "rolled_back", lambda uow: use_cases.roll_back(uow, kept, by.id, now, read=read)
        )

    async def start_shadow(self, by: StaffMember, model: str) -> None:
        name, now = find_model(self._app.settings, model).name, self._app.clock()
        await self.change(by, "shadowed", lambda uow: use_cases.start_shadow(uow, name, by.id, now))

    async def stop_shadow(self, by: StaffMember) -> None:
        now = self._app.clock()
        await self.change(by, "shadow_stopped", lambda uow: use_cases.stop_shadow(uow, now))

    async def overview(
        self, request: Request, by: StaffMember, done: str = "", error: str = ""
    ) -> Response:
        try:
            rules = self.rules
        except BadPromotionRules as failure:
            return _unusable(request, failure)
        models = await self.files()
        stored, zone = await self.stored(models), self.zone
        latest = stored.promotions[0] if stored.promotions else None
        work = views.work_view(stored.work, stored.names, zone) if stored.work else None
        live = views.live_view(stored.live, latest, stored.serving, stored.names, zone, models)
        rows = [
            views.model_row(
                one,
                stored.live,
                stored.reads_along,
                stored.examined.get(one.name),
                judge(rules, stored.examined.get(one.name)),
                zone,
            )
            for one in models
        ]
        return page(
            request,
            "models.html",
            title=tr("Models"),
            status_code=400 if error else 200,
            tabs=tabs_at(PATH),
            notice=tr(NOTICES[done]) if done in NOTICES else "",
            error=error,
            may_promote=may(by, Right.PROMOTE_MODELS),
            live=live,
            work=work,
            folds=rules.folds,
            rows=rows,
            shadow=self._shadow(stored),
            history=[views.history_line(one, stored.names, zone) for one in stored.promotions],
            moving=bool((work and work.is_open) or live.changing),
        )

    def _shadow(self, stored: Stored) -> dict[str, Any] | None:
        shadow, zone = stored.shadow, self.zone
        if shadow is None:
            return None
        share = stored.agreement.share
        changed = [(one.conversation_id, one.seq, one.live, one.shadow) for one in stored.shadowed]
        return {
            "model": shadow.model,
            "is_on": shadow.until is None,
            "since": moment(shadow.since, zone),
            "until": moment(shadow.until, zone) if shadow.until else "",
            "by": who(shadow.by, stored.names),
            "read": stored.agreement.read,
            "share": "–" if share is None else f"{share * 100:.1f} %",
            "error": shadow.error,
            "changes": views.change_lines(changed, stored.texts),
        }

    async def model(
        self, request: Request, by: StaffMember, name: str, error: str = "", reason: str = ""
    ) -> Response:
        try:
            model, rules = find_model(self._app.settings, name), self.rules
        except UnknownModel:
            return not_found(request)
        except BadPromotionRules as failure:
            return _unusable(request, failure)
        stored = await self.stored([model])
        found = stored.examined.get(model.name)
        judgement = judge(rules, found)
        latest = stored.promotions[0] if stored.promotions else None
        verdict, tag = views.verdict_of(found, judgement)
        made = model.training
        return page(
            request,
            "model.html",
            title=model.name,
            status_code=400 if error else 200,
            tabs=tabs_at(PATH),
            error=error,
            reason=reason,
            longest_reason=LONGEST_REASON,
            may_promote=may(by, Right.PROMOTE_MODELS),
            is_live=stored.live.path == model.path,
            reads_along=stored.reads_along == model.name,
            shadow_is_on=bool(stored.reads_along),
            work_is_open=bool(stored.work and stored.work.state.is_open),
            number=latest.number if latest else 0,
            name=model.name,
            facts=_facts(model, stored.names, self.zone),
            made=made is not None,
            verdict=verdict,
            verdict_tag=tag,
            refused=judgement.is_refused,
            needs_reason=judgement.needs_reason,
            findings=views.finding_lines(judgement),
            examined=await self._examined(found, stored.names) if found else None,
        )

    async def _examined(self, found: Examination, names: dict[str, str]) -> dict[str, Any]:
        places = [(one.conversation_id, one.seq) for one in found.changed[: views.SHOWN_CHANGES]]
        texts = await self._transactions.read(lambda uow: uow.recent_messages.texts(places))
        changed = [(one.conversation_id, one.seq, one.before, one.after) for one in found.changed]
        return {
            "when": moment(found.at, self.zone),
            "by": who(found.by, names),
            "against": found.against or "",
            "steps": [views.step_line(step) for step in found.steps],
            "figures": [views.figure_line(figure) for figure in found.figures],
            "messages": found.messages,
            "changed": found.changed_count,
            "changes": views.change_lines(changed, texts),
        }

    async def record(self, name: str) -> dict[str, Any] | None:
        """Return all that is known of a model, as JSON; without any words of customers."""
        model = find_model(self._app.settings, name)
        found = await self._transactions.read(lambda uow: uow.models.last_examination(model.name))
        return {
            "model": model.name,
            "size_bytes": model.size_bytes,
            "training": training_json(model.training),
            "examination": record_of(found) if found else None,
        }


def not_found(request: Request) -> Response:
    sentence, title = tr("There is no such model."), tr("This page does not exist")
    return page(request, "refused.html", title=title, status_code=404, sentence=sentence)


def _unusable(request: Request, error: BadPromotionRules) -> Response:
    """Say what is wrong with the rules: without them nobody knows what may be promoted."""
    title = tr("The rules for promotion cannot be used")
    return page(request, "refused.html", title=title, status_code=503, sentence=str(error))


def _facts(model: TrainedModel, names: dict[str, str], zone: ZoneInfo) -> list[tuple[str, str]]:
    made = model.training
    facts = [
        (tr("Trained"), moment(model.trained_at, zone)),
        (tr("Size"), f"{model.size_bytes / 1e6:.1f} MB"),
    ]
    if made is None:
        return facts
    seconds = tr("{seconds} s", seconds=round(made.seconds))
    return [
        *facts,
        (tr("Trained by"), who(made.trained_by, names)),
        (tr("Training took"), seconds),
        (tr("Examples"), str(made.examples)),
        (tr("Training data"), views.version_of(model)),
        (tr("Settings (config.yml)"), made.config_digest),
        (tr("Fingerprint"), made.fingerprint),
    ]

"""What the pages about models show: plain words and numbers, ready for the templates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from amends.desk import model_words as words
from amends.desk.speech import tr
from amends.desk.staff_views import moment
from amends.desk.words import CATEGORIES, word
from amends.training.promotion.judge import Judgement
from amends.training.promotion.model import (
    Examination,
    Figure,
    Promotion,
    Reading,
    Serving,
    Step,
    Work,
    WorkState,
)
from amends.training.promotion.rules import Consequence
from amends.wiring.models import Live, TrainedModel

SHORT_VERSION = 10
SHOWN_CHANGES = 100


@dataclass(frozen=True, slots=True)
class StepLine:
    words: str
    state: str
    tag: str
    took: str
    detail: str
    output: str


@dataclass(frozen=True, slots=True)
class FigureLine:
    words: str
    before: str
    now: str
    interval: str
    verdict: str
    tag: str
    note: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A message that two models read differently; `text` is empty once it is not kept any more."""

    text: str
    before: str
    after: str
    conversation_id: str


@dataclass(frozen=True, slots=True)
class FindingLine:
    words: str
    refuses: bool


@dataclass(frozen=True, slots=True)
class WorkView:
    """The last work in the background."""

    id: str
    is_open: bool
    is_stopping: bool
    title: str
    state: str
    when: str
    steps: tuple[StepLine, ...]
    error: str
    result: str  # the model that came out of it
    failed: bool


@dataclass(frozen=True, slots=True)
class ModelRow:
    name: str
    trained: str
    examples: str
    version: str
    is_live: bool
    reads_along: bool
    verdict: str
    tag: str


@dataclass(frozen=True, slots=True)
class LiveView:
    name: str
    sentence: str
    reason: str
    warning: str
    changing: bool  # the engine is about to change over
    number: int
    back_to: str


def live_view(
    live: Live,
    latest: Promotion | None,
    serving: Sequence[Serving],
    names: dict[str, str],
    zone: ZoneInfo,
    kept: Sequence[TrainedModel],
) -> LiveView:
    back = latest.replaced if latest and latest.replaced else ""
    promotion = live.promotion
    sentence = tr("It is the model of the training files as they were when Amends was started.")
    if promotion is not None:
        sentence = tr(
            "{kind} on {time} by {name}.",
            kind=tr(words.KINDS[promotion.kind]),
            time=moment(promotion.at, zone),
            name=words.who(promotion.by, names),
        )
    elsewhere = [one for one in serving if promotion and one.model != promotion.model]
    return LiveView(
        name=live.name,
        sentence=sentence,
        reason=promotion.reason if promotion else "",
        warning=_warning(live, elsewhere),
        changing=bool(elsewhere) and not any(one.error for one in elsewhere),
        number=latest.number if latest else 0,
        back_to=back if any(one.name == back for one in kept) else "",
    )


def _warning(live: Live, elsewhere: Sequence[Serving]) -> str:
    if live.missing:
        return tr(
            "The promoted model {model} has no file any more. Promote another one.",
            model=live.missing,
        )
    for one in elsewhere:
        if one.error and one.model:
            return tr(
                "The engine could not change over and goes on with {model}: {reason}",
                model=one.model,
                reason=one.error,
            )
    return ""


def step_line(step: Step) -> StepLine:
    state, tag = words.STEP_STATES[step.state]
    return StepLine(
        words=tr(words.STEPS.get(step.key, step.key)),
        state=tr(state),
        tag=tag,
        took="" if step.seconds is None else _duration(step.seconds),
        detail=tr(step.detail) if step.detail else "",
        output=step.output,
    )


def _duration(seconds: float) -> str:
    if seconds < 60:
        return tr("{seconds} s", seconds=round(seconds))
    return tr("{minutes} min {seconds} s", minutes=int(seconds // 60), seconds=round(seconds % 60))


def work_view(work: Work, names: dict[str, str], zone: ZoneInfo) -> WorkView:
    title = tr("Examination of {model}", model=work.model) if work.model else tr("Training")
    when = tr(
        "asked for on {time} by {name}",
        time=moment(work.asked_at, zone),
        name=words.who(work.asked_by, names),
    )
    state = tr("Under way") if work.state is WorkState.RUNNING else tr("Waiting")
    return WorkView(
        id=work.id,
        is_open=work.state.is_open,
        is_stopping=work.cancel_wanted,
        title=title,
        state=state if work.state.is_open else tr(words.WORK_ENDS[work.state]),
        when=when,
        steps=tuple(step_line(step) for step in work.steps),
        error=work.error,
        result=work.result or "",
        failed=work.state is WorkState.FAILED,
    )


def model_row(
    model: TrainedModel,
    live: Live,
    shadowed: str,
    examined: Examination | None,
    judgement: Judgement,
    zone: ZoneInfo,
) -> ModelRow:
    verdict, tag = verdict_of(examined, judgement)
    made = model.training
    return ModelRow(
        name=model.name,
        trained=moment(model.trained_at, zone),
        examples=str(made.examples) if made else "–",
        version=version_of(model),
        is_live=live.path == model.path,
        reads_along=shadowed == model.name,
        verdict=verdict,
        tag=tag,
    )


def version_of(model: TrainedModel) -> str:
    made = model.training
    if made is None or not made.data_version:
        return "–"
    short = made.data_version[:SHORT_VERSION]
    return tr("{commit} and changes", commit=short) if made.data_dirty else short


def verdict_of(examined: Examination | None, judgement: Judgement) -> tuple[str, str]:
    """Return what an examination comes to in one word, and its colour."""
    if examined is None:
        return tr("Not examined"), ""
    if judgement.is_refused:
        return tr("Refused by the rules"), "tag-bad"
    if judgement.needs_reason:
        return tr("Needs a reason"), "tag-warn"
    return tr("May be promoted"), "tag-good"


def finding_lines(judgement: Judgement) -> list[FindingLine]:
    return [
        FindingLine(words.finding(one), one.consequence is Consequence.REFUSE)
        for one in judgement.findings
        if one.consequence is not Consequence.ALLOW
    ]


def figure_line(figure: Figure) -> FigureLine:
    verdict, tag = words.VERDICTS.get(figure.verdict or "", ("", ""))
    low, high = figure.interval95 or (None, None)
    interval = "–"
    if low is not None:
        interval = f"{words.number(figure.key, low)} – {words.number(figure.key, high)}"
    return FigureLine(
        words=tr(words.FIGURES.get(figure.key, figure.key)),
        before=words.number(figure.key, figure.before),
        now=words.number(figure.key, figure.value),
        interval=interval,
        verdict=tr(verdict) if verdict else "",
        tag=tag,
        note=tr("may be chance") if figure.may_be_chance else "",
    )


def change_lines(
    changed: Sequence[tuple[str, int, Reading, Reading]], texts: Mapping[tuple[str, int], str]
) -> list[ChangeLine]:
    return [
        ChangeLine(
            text=texts.get((conversation_id, seq), ""),
            before=reading(before),
            after=reading(after),
            conversation_id=conversation_id,
        )
        for conversation_id, seq, before, after in changed[:SHOWN_CHANGES]
    ]


def reading(found: Reading) -> str:
    """Return what a model makes of a message in a few words."""
    what = word(CATEGORIES, found.category) if found.category else found.intent.replace("_", " ")
    return tr("{what}, to a person", what=what) if found.handoff else what


def history_line(
    promotion: Promotion, names: dict[str, str], zone: ZoneInfo
) -> tuple[str, str, str, str]:
    """Return model, what was done, what it replaced, and why."""
    done = tr(
        "{kind} on {time} by {name}.",
        kind=tr(words.KINDS[promotion.kind]),
        time=moment(promotion.at, zone),
        name=words.who(promotion.by, names),
    )
    before = tr("Before it: {model}.", model=promotion.replaced) if promotion.replaced else ""
    return promotion.model, done, before, promotion.reason

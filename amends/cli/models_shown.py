"""Models and examinations as the terminal shows them."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from amends.training.promotion.judge import Judgement
from amends.training.promotion.model import (
    Agreement,
    Examination,
    Figure,
    Promotion,
    Shadow,
    StepState,
)
from amends.values import Json
from amends.wiring.models import Live, TrainedModel, training_json

SHOWN_CHANGES = 20
SHOWN_CHARACTERS = 70


def listed(model: TrainedModel, live: Live, examined: Examination | None) -> Json:
    """Return one model as `amends models list --json` prints it."""
    return {
        "model": model.name,
        "live": live.path == model.path,
        "trained_at": model.trained_at.isoformat(timespec="seconds"),
        "examined_at": examined.at.isoformat(timespec="seconds") if examined else None,
        "training": training_json(model.training),
    }


def print_models(rows: Sequence[Json]) -> None:
    table = Table("Model", "", "Trained", "Examples", "Data", "Examined", box=None)
    for row in rows:
        made = row["training"] or {}
        version = made.get("data_version", "")[:10] + ("+" if made.get("data_dirty") else "")
        table.add_row(
            row["model"],
            "live" if row["live"] else "",
            row["trained_at"][:16].replace("T", " "),
            str(made.get("examples", "?")),
            version or "?",
            (row["examined_at"] or "never")[:16].replace("T", " "),
        )
    Console().print(table)


def print_examination(
    found: Examination, judgement: Judgement, texts: Mapping[tuple[str, int], str]
) -> None:
    """Print what was found, side by side with the live model."""
    console = Console(highlight=False)
    console.print(f"{found.model} beside {found.against or 'no other model'}", markup=False)
    for step in found.steps:
        took = f" {step.seconds:.0f} s" if step.seconds is not None else ""
        console.print(f"  {step.key}: {step.state.value}{took} {step.detail}", markup=False)
        if step.state is StepState.FAILED and step.output:
            console.print(step.output, markup=False)
    if found.figures:
        console.print(_figures(found.figures))
    console.print(
        f"Messages of last week: {found.messages}, read differently: {found.changed_count}"
    )
    for one in found.changed[:SHOWN_CHANGES]:
        text = texts.get((one.conversation_id, one.seq), "")[:SHOWN_CHARACTERS]
        console.print(f"  {text!r}: {one.before.intent} -> {one.after.intent}", markup=False)
    for finding in judgement.findings:
        console.print(f"{finding.consequence.value}: {finding.sentence}", markup=False)
    if not judgement.findings:
        console.print("Nothing speaks against promoting it.")


def promotion_json(made: Promotion) -> Json:
    return {
        "number": made.number,
        "model": made.model,
        "kind": made.kind.value,
        "at": made.at.isoformat(timespec="seconds"),
        "by": made.by,
        "reason": made.reason,
        "replaced": made.replaced,
    }


def shadow_json(shadow: Shadow, agreement: Agreement) -> Json:
    return {
        "model": shadow.model,
        "since": shadow.since.isoformat(timespec="seconds"),
        "until": shadow.until.isoformat(timespec="seconds") if shadow.until else None,
        "read": agreement.read,
        "agreed": agreement.agreed,
        "error": shadow.error,
    }


def _figures(figures: Sequence[Figure]) -> Table:
    table = Table("Figure", "Before", "Now", "95 %", "", box=None)
    for one in figures:
        low, high = one.interval95 or (None, None)
        table.add_row(
            one.key,
            "" if one.before is None else f"{one.before:.3f}",
            f"{one.value:.3f}",
            "" if low is None else f"{low:.3f}–{high:.3f}",
            (one.verdict or "") + (" (may be chance)" if one.may_be_chance else ""),
        )
    return table

"""`amends models list | examine | promote | rollback | shadow`: which model answers customers."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from amends.cli.errors import UsageError
from amends.cli.models_shown import (
    listed,
    print_examination,
    print_models,
    promotion_json,
    shadow_json,
)
from amends.cli.stored import opened
from amends.cli.subcommands import add_command
from amends.cli.train import user_name
from amends.training.promotion import use_cases
from amends.training.promotion.errors import PromotionError
from amends.training.promotion.model import Step
from amends.training.promotion.record import record_of, step_to_json
from amends.training.promotion.rules import MOST_FOLDS, load_rules
from amends.values import utc_now
from amends.wiring.models import all_models, find_model, live_model
from amends.wiring.settings import Settings, load_settings
from amends.wiring.supervisor import unwind_on_sigterm

if TYPE_CHECKING:
    from amends.storage import Database

Work = Callable[[Settings, "Database", argparse.Namespace], int]


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Trained models: examine a candidate against the live one, let it answer customers, go "
        "back, or let it read along."
    )
    commands = parser.add_subparsers(dest="models_command", required=True, metavar="command")
    _add(commands, "list", run_list, "show all models, and which one answers")
    _configure_examine(_add(commands, "examine", run_examine, "hold a model against the live one"))
    promoting = _add(commands, "promote", run_promote, "let a model answer from now on")
    promoting.add_argument("model", metavar="MODEL", help="its name, as `amends models list` says")
    promoting.add_argument("--reason", default="", help="why, where the rules ask for a reason")
    rolling = _add(commands, "rollback", run_rollback, "let the model before this one answer again")
    rolling.add_argument("--reason", default="", help="why; may be left out")
    shadowing = _add(commands, "shadow", run_shadow, "let a candidate read along, unseen")
    shadowing.add_argument("model", metavar="MODEL", nargs="?", help="left out: show how it agrees")
    shadowing.add_argument("--stop", action="store_true", help="let nobody read along any more")


def _configure_examine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "model",
        metavar="MODEL",
        nargs="?",
        help="its name; left out: the model of the present files, trained first if it is missing",
    )
    folds = parser.add_mutually_exclusive_group()
    folds.add_argument(
        "--folds", type=int, metavar="K", help="cross-validate by training K times (from the rules)"
    )
    folds.add_argument(
        "--skip-cross-validation",
        action="store_true",
        help="leave out what trains the model several times more",
    )
    parser.add_argument("--by", help="who asks for it, for the record (the user of this terminal)")
    parser.add_argument(
        "--progress", action="store_true", help="print a JSON line at each change of a step"
    )


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    work: Work,
    text: str,
) -> argparse.ArgumentParser:
    parser = add_command(commands, name, work, text)
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def run(arguments: argparse.Namespace) -> int:
    unwind_on_sigterm()
    settings = load_settings()
    work: Work = arguments.work
    try:
        with opened(settings) as db:
            return work(settings, db, arguments)
    except PromotionError as error:
        raise UsageError(str(error)) from None


def run_list(settings: Settings, db: "Database", arguments: argparse.Namespace) -> int:
    with db.read() as uow:
        live = live_model(settings, uow)
        rows = [
            listed(one, live, uow.models.last_examination(one.name)) for one in all_models(settings)
        ]
    if arguments.json:
        for row in rows:
            print(json.dumps(row))
    else:
        print_models(rows)
    return 0


def run_examine(settings: Settings, db: "Database", arguments: argparse.Namespace) -> int:
    from amends.cli.examination.run import Asked, examine

    rules = load_rules(settings.promotion_path)
    folds = 0 if arguments.skip_cross_validation else _folds(arguments.folds, rules.folds)
    asked = Asked(arguments.model, folds, arguments.by or operator())
    report = _as_json_line if arguments.progress else _to_terminal()
    found = examine(settings, db, rules, asked, report)
    if arguments.progress:
        print(json.dumps({"model": found.model, "examination": found.id}), flush=True)
        return 0
    if arguments.json:
        print(json.dumps(record_of(found)))
        return 0
    with db.read() as uow:
        judgement = use_cases.judgement_of(uow, rules, found.model)
        texts = uow.recent_messages.texts([(c.conversation_id, c.seq) for c in found.changed])
    print_examination(found, judgement, texts)
    return 0


def run_promote(settings: Settings, db: "Database", arguments: argparse.Namespace) -> int:
    rules = load_rules(settings.promotion_path)
    model = find_model(settings, arguments.model)
    with db.write() as uow:
        live = live_model(settings, uow).name
        made = use_cases.promote(
            uow, rules, model.name, live, arguments.reason, operator(), utc_now()
        )
        uow.commit()
    return _tell(promotion_json(made), arguments, f"{made.model} answers from now on.")


def run_rollback(settings: Settings, db: "Database", arguments: argparse.Namespace) -> int:
    kept = {one.name for one in all_models(settings)}
    with db.write() as uow:
        made = use_cases.roll_back(uow, kept, operator(), utc_now(), arguments.reason)
        uow.commit()
    return _tell(promotion_json(made), arguments, f"{made.model} answers again from now on.")


def run_shadow(settings: Settings, db: "Database", arguments: argparse.Namespace) -> int:
    if arguments.stop and arguments.model:
        raise UsageError("--stop takes no model; only one can read along.")
    with db.write() as uow:
        if arguments.stop:
            use_cases.stop_shadow(uow, utc_now())
        elif arguments.model:
            model = find_model(settings, arguments.model)
            use_cases.start_shadow(uow, model.name, operator(), utc_now())
        uow.commit()
    with db.read() as uow:
        shadow = uow.shadows.latest()
        found = shadow_json(shadow, uow.shadows.agreement(shadow.id)) if shadow else {}
    return _tell(found, arguments, _shadow_sentence(found))


def operator() -> str:
    """Return who types this command, as promotions and the audit log name them."""
    return f"operator:{user_name()}"


def _folds(asked: int | None, otherwise: int) -> int:
    if asked is None:
        return otherwise
    if not 2 <= asked <= MOST_FOLDS:
        raise UsageError(f"--folds is {asked}; write a number from 2 to {MOST_FOLDS}.")
    return asked


def _as_json_line(steps: Sequence[Step]) -> None:
    print(json.dumps({"steps": [step_to_json(step) for step in steps]}), flush=True)


def _to_terminal() -> Callable[[Sequence[Step]], None]:
    """Return what tells each step that has come to an end, once."""
    told: set[str] = set()

    def report(steps: Sequence[Step]) -> None:
        for step in steps:
            if step.key not in told and step.state.value in ("passed", "failed", "skipped"):
                told.add(step.key)
                took = f" ({step.seconds:.0f} s)" if step.seconds is not None else ""
                about = f": {step.detail}" if step.detail else ""
                print(f"{step.key} {step.state.value}{took}{about}", file=sys.stderr)

    return report


def _shadow_sentence(found: dict[str, object]) -> str:
    if not found:
        return "No model has read along yet."
    state = "has read along since" if found["until"] is None else "read along until"
    when = found["since"] if found["until"] is None else found["until"]
    return (
        f"{found['model']} {state} {when}: {found['read']} messages, of which it read "
        f"{found['agreed']} as the live model did."
    )


def _tell(row: dict[str, object], arguments: argparse.Namespace, sentence: str) -> int:
    print(json.dumps(row) if arguments.json else sentence)
    return 0

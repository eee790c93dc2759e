"""Words for models: steps, figures, findings, refusals."""

from amends.desk.speech import mark, tr
from amends.training.promotion import errors
from amends.training.promotion.judge import Finding, FindingKind
from amends.training.promotion.model import PromotionKind, StepState, WorkState

STEPS = {
    "training": mark("Training"),
    "validation": mark("Check of the training data"),
    "conversations": mark("Test conversations"),
    "cross_validation": mark("Cross-validation"),
    "rows": mark("Labelled messages"),
    "messages": mark("Last week's messages"),
}
STEP_STATES = {
    StepState.WAITING: (mark("Waiting"), ""),
    StepState.RUNNING: (mark("Under way"), "tag-info"),
    StepState.PASSED: (mark("Passed"), "tag-good"),
    StepState.FAILED: (mark("Failed"), "tag-bad"),
    StepState.SKIPPED: (mark("Left out"), ""),
}
FIGURES = {
    "category_accuracy": mark("Category right"),
    "category_strict": mark("Category right, first label only"),
    "category_either": mark("Category among all named"),
    "category_macro_f1": mark("Category, macro-F1"),
    "complaint_precision": mark("Complaints: precision"),
    "complaint_recall": mark("Complaints: recall"),
    "complaint_macro_f1": mark("Complaint or not, macro-F1"),
    "calibration_error": mark("Expected calibration error"),
    "handled_alone": mark("Handled without asking back"),
    "right_alone": mark("Right when handled alone"),
    "sentiment_macro_f1": mark("Sentiment, macro-F1"),
    "negative_recall": mark("Negative messages found"),
    "sentiment_chinese": mark("Sentiment right, Chinese"),
    "handoff_recall": mark("Handoff: recall"),
    "alarms_ordinary": mark("False alarms, ordinary messages"),
    "alarms_hard": mark("False alarms, harmless but serious-sounding messages"),
    "cross_accuracy": mark("Own lines: intent right"),
    "cross_macro_f1": mark("Own lines: intent, macro-F1"),
    "latency_ratio": mark("Time of a reading, as a multiple of the live model's"),
}
VERDICTS = {
    "better": (mark("Better"), "tag-good"),
    "worse": (mark("Worse"), "tag-bad"),
    "same": (mark("Same"), ""),
}
DETAILS = (
    mark("the present files make another model"),
    mark("left out as asked"),
    mark("no other model is live to compare with"),
)
"""What the examination says of steps that it left out; the rest is names and numbers."""

KINDS = {
    PromotionKind.PROMOTE: mark("Promoted"),
    PromotionKind.ROLLBACK: mark("Rolled back"),
}
WORK_ENDS = {
    WorkState.DONE: mark("Done"),
    WorkState.FAILED: mark("Failed"),
    WorkState.CANCELLED: mark("Cancelled"),
}
NOTICES = {
    "asked": mark("It begins within a few seconds. You may leave this page."),
    "cancelled": mark("It stops within a few seconds."),
    "promoted": mark("Promoted. The engine changes over within a few seconds; no chat is cut off."),
    "rolled_back": mark(
        "Rolled back. The engine changes over within a few seconds; no chat is cut off."
    ),
    "shadowed": mark("It reads along from now on. Customers notice nothing of it."),
    "stopped": mark("Nobody reads along any more."),
}


def finding(found: Finding) -> str:
    """Say what speaks against a candidate."""
    if found.kind is FindingKind.UNEXAMINED:
        return tr("It was never examined.")
    if found.kind is FindingKind.STEP_FAILED:
        return tr("This failed: {step}.", step=tr(STEPS.get(found.key, found.key)))
    return tr(
        "Worse than the live model: {figure}, {before} before and {after} now.",
        figure=tr(FIGURES.get(found.key, found.key)),
        before=number(found.key, found.before),
        after=number(found.key, found.after),
    )


def number(key: str, value: float | None) -> str:
    """Return a figure as it is read: a share in per cent, a multiple, or a plain number."""
    if value is None:
        return "–"
    if key == "latency_ratio":
        return f"{value:.2f} ×"
    if key.endswith("macro_f1") or key == "calibration_error":
        return f"{value:.3f}"
    return f"{value * 100:.1f} %"


def who(by: str, names: dict[str, str]) -> str:
    """Return the name of whoever did something: at the desk, or with a command."""
    if by in names:
        return names[by]
    kind, _, name = by.partition(":")
    return tr("{name} (command line)", name=name) if kind == "operator" and name else by


def refusal(error: errors.PromotionError) -> str:
    """Say why it is not done, and what to do."""
    if isinstance(error, errors.PromotionRefused):
        reasons = " ".join(finding(one) for one in error.findings)
        return tr("The rules do not let this model answer customers. {reasons}", reasons=reasons)
    if isinstance(error, errors.ReasonNeeded):
        return tr("Please state a reason: something speaks against this model.")
    if isinstance(error, errors.PromotionOutdated):
        return tr("Another model was promoted meanwhile. Look at the page again, then decide.")
    if isinstance(error, errors.NothingToRollBackTo):
        return tr("No other model was live before this one.")
    if isinstance(error, errors.UnknownModel):
        return tr("The file of the model {model} is gone.", model=error.model)
    if isinstance(error, errors.WorkUnderWay):
        return tr("Something is already under way; wait for it, or cancel it.")
    if isinstance(error, errors.ShadowUnderWay):
        return tr("{model} already reads along; stop that first.", model=error.model)
    if isinstance(error, errors.NoShadow):
        return tr("Nobody reads along.")
    return str(error)

"""What the rules say about a candidate: refused, only for a reason, or free to go."""

from dataclasses import dataclass
from enum import StrEnum

from amends.training.promotion.model import Examination, Figure, StepState
from amends.training.promotion.rules import Consequence, PromotionRules


class FindingKind(StrEnum):
    UNEXAMINED = "unexamined"
    STEP_FAILED = "step_failed"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class Finding:
    """One point that speaks against a candidate.

    Attributes:
        key: The step or the figure that it is about; empty when the model was never examined.
    """

    kind: FindingKind
    consequence: Consequence
    key: str = ""
    before: float | None = None
    after: float | None = None

    @property
    def sentence(self) -> str:
        if self.kind is FindingKind.UNEXAMINED:
            return "it was never examined"
        if self.kind is FindingKind.STEP_FAILED:
            return f"the step {self.key} failed"
        return f"{self.key} is worse ({self.before:.3f} before, {self.after:.3f} now)"


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that speaks against a candidate, the gravest first."""

    findings: tuple[Finding, ...]

    def of(self, consequence: Consequence) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.consequence is consequence)

    @property
    def is_refused(self) -> bool:
        return bool(self.of(Consequence.REFUSE))

    @property
    def needs_reason(self) -> bool:
        return bool(self.of(Consequence.REASON))


_GRAVEST_FIRST = tuple(Consequence)


def judge(rules: PromotionRules, examination: Examination | None) -> Judgement:
    """Hold an examination against the rules; a step that was left out speaks against nobody."""
    if examination is None:
        return Judgement((Finding(FindingKind.UNEXAMINED, rules.unexamined),))
    failed = [
        Finding(FindingKind.STEP_FAILED, rules.failed[step.key], step.key)
        for step in examination.steps
        if step.state is StepState.FAILED and step.key in rules.failed
    ]
    worse = [
        Finding(FindingKind.WORSE, rules.figures[one.key].beyond, one.key, one.before, one.value)
        for one in examination.figures
        if one.key in rules.figures and loss(one) > rules.figures[one.key].tolerance
    ]
    found = sorted(failed + worse, key=lambda one: _GRAVEST_FIRST.index(one.consequence))
    return Judgement(tuple(found))


def loss(figure: Figure) -> float:
    """Return by how much a figure is worse than the live model's; negative when it is better."""
    if figure.before is None:
        return 0.0
    lost = figure.before - figure.value
    return round(-lost if figure.less_is_better else lost, 6)

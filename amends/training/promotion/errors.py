"""Why a model is not promoted, or work not begun.

PromotionError
├── UnknownModel
├── PromotionRefused
├── ReasonNeeded
├── PromotionOutdated
├── NothingToRollBackTo
├── WorkUnderWay
├── ShadowUnderWay
├── NoShadow
└── BadPromotionRules
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amends.training.promotion.judge import Finding


class PromotionError(Exception):
    """Base of all refusals of this room."""


class UnknownModel(PromotionError):
    def __init__(self, model: str) -> None:
        super().__init__(f"There is no model file named {model}; `amends models list` names all.")
        self.model = model


class PromotionRefused(PromotionError):
    """The rules do not let this model answer customers, whatever the reason."""

    def __init__(self, model: str, findings: Sequence["Finding"]) -> None:
        super().__init__(
            f"{model} cannot be promoted: " + "; ".join(one.sentence for one in findings) + "."
        )
        self.model = model
        self.findings = tuple(findings)


class ReasonNeeded(PromotionError):
    """The rules let this model answer only for a reason that somebody states."""

    def __init__(self, model: str, findings: Sequence["Finding"]) -> None:
        super().__init__(
            f"{model} can be promoted only with a reason: "
            + "; ".join(one.sentence for one in findings)
            + "."
        )
        self.model = model
        self.findings = tuple(findings)


class PromotionOutdated(PromotionError):
    """Somebody else promoted another model meanwhile."""

    def __init__(self) -> None:
        super().__init__("Another model was promoted meanwhile; look at the page again.")


class NothingToRollBackTo(PromotionError):
    def __init__(self) -> None:
        super().__init__("No other model was live before this one, so there is nothing to go to.")


class WorkUnderWay(PromotionError):
    def __init__(self) -> None:
        super().__init__("A training or an examination is already waiting or under way.")


class ShadowUnderWay(PromotionError):
    def __init__(self, model: str) -> None:
        super().__init__(f"{model} is already read along; stop that first.")
        self.model = model


class NoShadow(PromotionError):
    def __init__(self) -> None:
        super().__init__("No model is read along.")


class BadPromotionRules(PromotionError):
    """The file of rules cannot be used; the text says where and what to write instead."""

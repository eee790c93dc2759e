"""How well a conversation was handled, by a rubric: a pure function over what the log holds.

`review(course)` looks at eight criteria. Each is met, not met or does not apply, and names the
message that shows it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from amends.satisfaction.courses import Course, course_of
from amends.satisfaction.criteria import acknowledging, asking, ending
from amends.satisfaction.criteria.finding import DOES_NOT_APPLY, Finding

__all__ = ["DOES_NOT_APPLY", "Course", "Criterion", "Finding", "Review", "course_of", "review"]


class Criterion(StrEnum):
    """What is looked at; the order is that in which reviews are kept."""

    ACKNOWLEDGED = "acknowledged"  # the case number in the first answer after the complaint
    RIGHT_APOLOGY = "right_apology"  # an apology, for what the case turned out to be about
    NEXT_STEP = "next_step"  # what happens next was said, with a time
    ASKED_ONCE = "asked_once"  # no question twice, and none for an order number that was given
    OWN_LANGUAGE = "own_language"  # answered in the language that the customer writes
    PERSON_WHEN_ASKED = "person_when_asked"  # a person answered who had been asked for
    APOLOGY_WITH_OFFER = "apology_with_offer"  # no offer without an apology before it
    CUSTOMERS_SAY = "customers_say"  # no case closed over the customer's head


_JUDGES: Mapping[Criterion, Callable[[Course], Finding]] = {
    Criterion.ACKNOWLEDGED: acknowledging.acknowledged,
    Criterion.RIGHT_APOLOGY: acknowledging.right_apology,
    Criterion.NEXT_STEP: acknowledging.next_step,
    Criterion.ASKED_ONCE: asking.asked_once,
    Criterion.OWN_LANGUAGE: asking.own_language,
    Criterion.PERSON_WHEN_ASKED: ending.person_when_asked,
    Criterion.APOLOGY_WITH_OFFER: acknowledging.apology_with_offer,
    Criterion.CUSTOMERS_SAY: ending.customers_say,
}


@dataclass(frozen=True, slots=True)
class Review:
    """What was found for each criterion, in their order."""

    findings: Mapping[Criterion, Finding]

    @property
    def met(self) -> Mapping[str, bool | None]:
        """By the name of each criterion; None where it does not apply."""
        return {criterion.value: found.met for criterion, found in self.findings.items()}

    @property
    def share(self) -> float | None:
        """How many of the criteria that apply are met, 0 to 1; None when none applies."""
        said = [found.met for found in self.findings.values() if found.met is not None]
        return sum(said) / len(said) if said else None


def review(course: Course) -> Review:
    """Review a conversation, also one that goes on: then it is reviewed as far as it has come."""
    return Review({criterion: _JUDGES[criterion](course) for criterion in Criterion})

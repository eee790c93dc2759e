"""What moves satisfaction: each factor has a name, words for both sides, and points.

The points here are what is believed before any conversation was looked at; `fitting.py` moves them
as far as conversations give reason to. Sources of the beliefs: the mood of the customer's latest
words follows dissatisfaction closest of all that the words tell; the more somebody has to write,
the greater the effort that was asked of them, and effort costs loyalty (Dixon, Freeman and Toman,
"Stop Trying to Delight Your Customers", 2010); an answer within 30 minutes lifts satisfaction,
after three hours half of the customers are gone; a second failure undoes a recovery.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Factor:
    """One feature: its points at 1, the dimensions it speaks for, and its words."""

    points: float
    dimensions: tuple[str, ...]
    good: str
    bad: str


OUTCOME, PROCESS, TREATMENT = "outcome", "process", "treatment"
DIMENSIONS = (
    OUTCOME,  # distributive justice
    PROCESS,  # procedural justice
    TREATMENT,  # interactional justice
    "reliability",
    "responsiveness",
    "assurance",
    "empathy",
    "tangibles",
)

FACTORS: dict[str, Factor] = {
    "mood_at_end": Factor(
        0.8, (OUTCOME, PROCESS, TREATMENT, "assurance"), "content at the end", "upset at the end"
    ),
    "mood_overall": Factor(
        0.5, (TREATMENT, "empathy"), "friendly throughout", "unhappy throughout"
    ),
    "worst_mood": Factor(0.4, (OUTCOME, "reliability"), "never upset", "badly upset at one point"),
    "mood_change": Factor(0.3, (PROCESS, "empathy"), "mood improved", "mood worsened"),
    "thanked_at_end": Factor(0.5, (TREATMENT, OUTCOME), "thanked at the end", ""),
    "pleased_at_end": Factor(0.2, (OUTCOME, TREATMENT), "pleased with the answer", ""),
    "left_unanswered": Factor(
        0.5, (PROCESS, "responsiveness"), "", "the customer's last words were not answered"
    ),
    "ignored_before": Factor(
        0.3, (PROCESS, "responsiveness"), "", "had written before without an answer"
    ),
    "serious": Factor(0.2, (OUTCOME, "reliability"), "", "a serious matter"),
    "told_again": Factor(0.4, (PROCESS, "reliability"), "", "the customer had to say it again"),
    "little_to_tell": Factor(
        1.0, (PROCESS, "responsiveness"), "settled in few words", "had much to tell"
    ),
    "apologised": Factor(0.1, (TREATMENT, "empathy"), "was apologised to", "no apology"),
    "next_step": Factor(0.1, (PROCESS, "assurance"), "told what happens next", "no next step"),
    "remedy": Factor(0.8, (OUTCOME, "reliability"), "accepted a remedy", "got no remedy"),
    "waited": Factor(0.6, (PROCESS, "responsiveness"), "answered at once", "waited for a person"),
    "promises": Factor(
        0.9, (OUTCOME, "reliability", "assurance"), "promises kept", "a promise was broken"
    ),
    "asked_twice": Factor(0.4, (PROCESS, "tangibles"), "", "asked the same question twice"),
}

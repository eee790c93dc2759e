"""What the desk says about business hours and thresholds."""

from collections.abc import Callable, Mapping
from typing import Any

from amends.desk import words
from amends.desk.speech import mark, tr, trn
from amends.handoff import errors
from amends.handoff.preview import Limit
from amends.handoff.rule_model import RuleKind
from amends.handoff.thresholds import When

KINDS: Mapping[RuleKind, str] = {
    RuleKind.HOURS: mark("Business hours"),
    RuleKind.THRESHOLDS: mark("When a person takes over"),
}

LEADS: Mapping[RuleKind, str] = {
    RuleKind.HOURS: mark(
        "When your staff are at work. What customers are told about their wait follows from this."
    ),
    RuleKind.THRESHOLDS: mark(
        "Each row that fires brings a person into the chat; the most urgent one decides the place "
        "in the queue."
    ),
}

DAYS = (
    mark("Monday"), mark("Tuesday"), mark("Wednesday"), mark("Thursday"), mark("Friday"),
    mark("Saturday"), mark("Sunday"),
)  # fmt: skip

NOTICES = {"safety": mark("First help in danger"), "self_harm": mark("First help for a life")}

LIMITS: Mapping[Limit, str] = {
    Limit.UNDERSTOOD_THEN: mark(
        "Each message counts as the assistant understood it at the time; a newer model might hear "
        "something else."
    ),
    Limit.WENT_ON: mark(
        "Each chat went on as it really did. Had a person come earlier or later, the customer "
        "would have written other things."
    ),
    Limit.OTHER_WAYS: mark(
        "Chats that the compensation policy or a fault sent to a person are not counted; no table "
        "changes that."
    ),
    Limit.ORDER_VALUE: mark(
        "The value of an order is the one that stands in the order system today."
    ),
    Limit.WAITING: mark(
        "How long a customer waited follows from when people were really asked for, and is looked "
        "at only when the customer writes."
    ),
}

_AMOUNTS: Mapping[str, str] = {
    "sentiment_below": mark("mood below {value}"),
    "calm_above": mark("until it has risen above {value}"),
    "negative_run_at_least": mark("at least {value} negative messages in a row"),
    "waiting_hours_at_least": mark("has waited at least {value} hours, in the customer's words"),
    "problems_at_least": mark("at least {value} different problems"),
    "failed_attempts_at_least": mark("not understood {value} times in a row"),
    "impact_at_least": mark("an order of at least {value} minor units"),
    "times_asked_at_least": mark("asked the same question {value} times"),
    "unanswered_minutes_at_least": mark("without an answer for {value} working minutes"),
}

_FACTS: Mapping[str, str] = {
    "repeat_complaint": mark("complained within the last 30 days"),
    "last_offer_refused": mark("declined all that the policy offers"),
}

TARGETS: Mapping[str, Callable[[int], str]] = {
    "answer_minutes": lambda n: trn(
        "A waiting customer is promised an answer within {count} working minute.",
        "A waiting customer is promised an answer within {count} working minutes.",
        n,
    ),
    "limit_hours": lambda n: trn(
        "After {count} working hour an answer is late for good.",
        "After {count} working hours an answer is late for good.",
        n,
    ),
    "queue_limit": lambda n: trn(
        "With more than {count} waiting customer for each person, the queue is full.",
        "With more than {count} waiting customers for each person, the queue is full.",
        n,
    ),
    "resolution_hours": lambda n: trn(
        "A case is to be resolved within {count} working hour.",
        "A case is to be resolved within {count} working hours.",
        n,
    ),
}


def conditions(when: When) -> list[str]:
    """Return the conditions of a row, one piece of a sentence each."""
    stated = when.model_dump(exclude_none=True)
    return [_condition(name, value) for name, value in stated.items()]


def _condition(name: str, value: Any) -> str:
    if name == "flags":
        raised = ", ".join(words.word(words.FLAGS, one) for one in value)
        return tr("any of: {flags}", flags=raised)
    if name == "severity_at_least":
        return tr("at least of severity {value}", value=words.word(words.SEVERITIES, value))
    if name in _AMOUNTS:
        return tr(_AMOUNTS[name], value=f"{value:g}")
    return tr(_FACTS[name])


def refusal(error: errors.HandoffError) -> str:
    """Return why a version was not stored."""
    match error:
        case errors.RulesChanged():
            return tr(
                "Somebody else has stored another version while you were writing. Nothing was "
                "stored and nothing is lost: compare, then save again to let yours hold."
            )
        case errors.RulesUnchanged():
            return tr("This text holds already; nothing was stored.")
        case errors.NoteTooLong():
            return tr(
                "The note is too long: at most {most} characters are kept.", most=error.longest
            )
        case errors.TextTooLong():
            return tr(
                "The text is too long: at most {most} characters are kept.", most=error.longest
            )
        case _:
            return tr("This cannot be used. {reason}", reason=str(error))

"""Which tables tell the audit log something, and which do not.

Every table is in one of the two lists below; a test fails for a new one that is in neither.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from amends.audit.model import Entry
from amends.storage.audit import rules_privacy as privacy
from amends.storage.audit import rules_training as training
from amends.storage.audit import words
from amends.storage.audit.told import Values

type Told = Entry | None
Wording = Callable[[Values], Told]
Change = Callable[[Values, Values], Told]


def silent(*_: Values) -> None:
    """Tell nothing."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What one table tells; `fixed` are the columns that never change, told by their digest."""

    added: Wording = silent
    changed: Change | None = None
    removed: Wording | None = None
    fixed: tuple[str, ...] = field(default=())


AUDITED: Mapping[str, Rule] = {
    "case_entries": Rule(words.entry),
    "cases": Rule(removed=words.erased("case.erased", "case")),
    "conversations": Rule(removed=words.erased("conversation.erased", "conversation")),
    "decisions": Rule(words.decision, fixed=words.DECISION),
    "offers": Rule(words.offer, fixed=words.OFFER),
    "remedies": Rule(words.remedy, fixed=words.REMEDY),
    "remedy_steps": Rule(words.step, fixed=words.STEP),
    "promises": Rule(words.promise, words.promise_ended, fixed=words.PROMISE),
    "handoffs": Rule(words.handoff, words.handoff_changed),
    "approvals": Rule(words.approval, words.approval_ended, fixed=words.APPROVAL),
    "staff": Rule(words.account, words.account_changed),
    "staff_changes": Rule(words.staff_change),
    "staff_sessions": Rule(words.session, removed=words.session_ended),
    "rule_versions": Rule(words.rules, fixed=words.RULES),
    "canned_replies": Rule(words.canned("canned_reply.added"), words.canned_changed),
    "webhook_endpoints": Rule(
        words.endpoint("webhook.added"), words.endpoint_changed, words.endpoint("webhook.removed")
    ),
    "cause_action_entries": Rule(words.cause_action),
    "surveys": Rule(words.survey),
    "access_requests": Rule(changed=words.access),
    "legal_holds": Rule(privacy.hold, privacy.hold_ended),
    "training_changes": Rule(training.change),
    "review_decisions": Rule(training.review, training.review_changed),
    "model_examinations": Rule(training.examination),
    "model_promotions": Rule(training.promotion),
    "model_work": Rule(training.work),
    "model_shadows": Rule(training.shadow),
}

NOT_AUDITED: Mapping[str, str] = {
    "audit": "the log itself",
    "messages": "the message log: it cannot be changed either",
    "choices": "what is offered to tap in a message",
    "understandings": "what the engine read; the decisions that follow are told",
    "action_runs": "what is said again when a turn is driven twice",
    "mails": "what was mailed of what is told here",
    "outbox": "events of what is told here",
    "webhook_deliveries": "how far other systems were told",
    "help_desk_chats": "how far another system was told",
    "remedy_retries": "gone once the remedy is carried out, which is told",
    "handoff_notes": "what staff write to each other: it cannot be changed either",
    "handoff_listeners": "who looks on just now",
    "survey_asks": "what customers were asked",
    "scores": "figures that follow from the rest",
    "conversation_facts": "figures that follow from the rest",
    "case_terms": "an index of words",
    "programs": "which versions of the program may run",
    "erasing": "there only while something is erased",
    "erasures": "told once, by whoever erases",
    "staff_recovery_codes": "told with the changes of staff",
    "cause_actions": "told with their entries",
    "reviews": "what is worth a look; the decisions on it are told",
    "review_groups": "what is alike among it",
    "review_bands": "what is alike among it",
    "review_cursor": "up to where the log was looked at",
    "model_serving": "which model an engine holds; the promotions are told",
    "shadow_readings": "what a candidate would have read",
    "customers": "the order system's",
    "orders": "the order system's",
    "order_lines": "the order system's",
}

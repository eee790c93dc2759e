"""A case with its decisions, offers and promises, as it is logged for analysis."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from amends.cases.model import CaseStatus, Category, PromiseState, Wish
from amends.cases.root_causes import RootCause
from amends.compensation.model import Step
from amends.handoff.approval_model import ApprovalState
from amends.records.log.columns import Personal, ident, plain, words
from amends.values import Json


@dataclass(frozen=True, slots=True)
class LoggedGiven:
    part: Annotated[str, plain("`entitlement` or `goodwill`")]
    amount_minor: Annotated[int, plain("sum in minor units")]
    currency: Annotated[str, plain("ISO 4217 code")]


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    at: Annotated[datetime, plain("when it was written")]
    actor: Annotated[
        str, ident("`customer`, `bot`, `system` or the id of a person", Personal.STAFF)
    ]
    kind: Annotated[str, plain("such as `complained`, `details`, `field_changed`, `closed`")]
    data_json: Annotated[Json, words("what belongs to it")]


@dataclass(frozen=True, slots=True)
class LoggedGrant:
    kind: Annotated[str, plain("such as `refund` or `voucher`")]
    recovery: Annotated[str, plain("`compensatory`, `corrective` or `relational`")]
    part: Annotated[str, plain("`entitlement` (owed) or `goodwill`")]
    alternative: Annotated[int, plain("0, 1 …: of these the customer picks one")]
    amount_minor: Annotated[int | None, plain("in minor units; null where it is worth no money")]
    currency: Annotated[str | None, plain("ISO 4217 code")]
    clauses: Annotated[tuple[str, ...], plain("of the policy, by id")]


@dataclass(frozen=True, slots=True)
class LoggedDecision:
    id: Annotated[str, plain("the decision")]
    at: Annotated[datetime, plain("when it was taken")]
    policy: Annotated[str, plain("the compensation policy")]
    policy_version: Annotated[str, plain("its version")]
    role: Annotated[str, plain("with whose authority: `bot`, `agent` or `supervisor`")]
    rung: Annotated[int, plain("how far up the ladder, from 0")]
    outcome: Annotated[str, plain("`remedy`, `none` or `person`")]
    clauses: Annotated[tuple[str, ...], plain("that spoke, by id")]
    remedies: Annotated[tuple[LoggedGrant, ...], plain("what it grants")]
    facts_json: Annotated[Json, words("all facts that were gathered")]
    decision_json: Annotated[
        Json, words("the whole decision: caps, explanation, reason for the customer")
    ]


@dataclass(frozen=True, slots=True)
class LoggedStep:
    step: Annotated[Step, plain("what happened")]
    at: Annotated[datetime, plain("when")]
    actor: Annotated[
        str, ident("`customer`, `bot`, `system` or the id of a person", Personal.STAFF)
    ]


@dataclass(frozen=True, slots=True)
class LoggedRemedy:
    id: Annotated[str, plain("the remedy")]
    alternative: Annotated[int, plain("remedies of one alternative are taken or left together")]
    kind: Annotated[str, plain("such as `refund` or `voucher`")]
    recovery: Annotated[str, plain("`compensatory`, `corrective` or `relational`")]
    part: Annotated[str, plain("`entitlement` or `goodwill`")]
    title: Annotated[str, plain("in English, as the policy has it")]
    amount_minor: Annotated[int | None, plain("in minor units")]
    currency: Annotated[str | None, plain("ISO 4217 code")]
    clauses: Annotated[tuple[str, ...], plain("of the policy, by id")]
    due_days: Annotated[int | None, plain("days in which it is to be there once it is accepted")]
    order_number: Annotated[str | None, ident("the order it is for", Personal.ORDER)]
    state: Annotated[Step, plain("its latest step")]
    steps: Annotated[tuple[LoggedStep, ...], plain("all that happened to it, in order")]


@dataclass(frozen=True, slots=True)
class LoggedOffer:
    id: Annotated[str, plain("the offer")]
    decision_id: Annotated[str, plain("the decision behind it")]
    rung: Annotated[int, plain("how far up the ladder, from 0")]
    made_at: Annotated[datetime, plain("when it was made")]
    made_by: Annotated[str, ident("`bot` or the id of a person", Personal.STAFF)]
    expires_at: Annotated[datetime, plain("until when it stands")]
    remedies: Annotated[tuple[LoggedRemedy, ...], plain("what was offered")]


@dataclass(frozen=True, slots=True)
class LoggedPromise:
    id: Annotated[str, plain("the promise")]
    what: Annotated[str, plain("kind of the remedy, or `staff_answer`")]
    remedy_id: Annotated[str | None, plain("the remedy that was promised")]
    made_at: Annotated[datetime, plain("when it was made")]
    made_by: Annotated[str, ident("`bot` or the id of a person", Personal.STAFF)]
    due_at: Annotated[datetime, plain("by when it is to be kept")]
    state: Annotated[PromiseState, plain("where it stands")]
    ended_at: Annotated[datetime | None, plain("when it was kept, broken or released")]
    replaces: Annotated[str | None, plain("the promise in whose place this date was given")]


@dataclass(frozen=True, slots=True)
class LoggedApproval:
    id: Annotated[str, plain("the request")]
    handoff_id: Annotated[str, plain("the chat in which it was asked for")]
    asked_at: Annotated[datetime, plain("when")]
    asked_by: Annotated[str, ident("by whom", Personal.STAFF)]
    note: Annotated[str, words("why it was asked for")]
    state: Annotated[ApprovalState, plain("what became of it")]
    decided_at: Annotated[datetime | None, plain("when it was decided on")]
    decided_by: Annotated[str | None, ident("by whom", Personal.STAFF)]
    reason: Annotated[str | None, words("why it was refused, or granted nothing")]
    offer_id: Annotated[str | None, plain("what was granted")]


@dataclass(frozen=True, slots=True)
class LoggedCase:
    id: Annotated[str, plain("the case")]
    number: Annotated[str, plain("by which people name it")]
    status: Annotated[CaseStatus, plain("where it stands")]
    category: Annotated[Category, plain("what it is about, such as `damaged_item`")]
    secondary: Annotated[tuple[Category, ...], plain("further problems")]
    severity: Annotated[str, plain("`low`, `medium`, `high` or `critical`")]
    flags: Annotated[tuple[str, ...], plain("in alphabetical order")]
    opened_at: Annotated[datetime, plain("when it was opened")]
    opened_by_seq: Annotated[int, plain("the message that complained")]
    owner: Annotated[str, ident("`bot` or the id of a person", Personal.STAFF)]
    next_step: Annotated[str, plain("who owes what next")]
    order_number: Annotated[str | None, ident("the order it is about", Personal.ORDER)]
    warehouse: Annotated[str | None, plain("whence that order was sent")]
    carrier: Annotated[str | None, plain("who carried it")]
    item: Annotated[str | None, words("the item it is about")]
    what_happened: Annotated[str | None, words("in the customer's words")]
    wish: Annotated[Wish | None, plain("what would put it right, as far as it is one of these")]
    wish_text: Annotated[str | None, words("the same in the customer's words")]
    repeat_complaint: Annotated[
        bool, plain("whether the customer complained within 30 days before")
    ]
    root_cause: Annotated[
        RootCause | None, plain("why it went wrong; null until somebody looked into it")
    ]
    resolution_due_at: Annotated[datetime | None, plain("by when it is to be resolved")]
    closed_at: Annotated[datetime | None, plain("when it was closed")]
    outcome: Annotated[
        str | None,
        plain("`remedy_accepted`, `refusal_accepted`, `withdrawn`, or how staff closed it"),
    ]
    resolution_seconds: Annotated[float | None, plain("seconds from the opening to the closing")]
    entries: Annotated[tuple[LoggedEntry, ...], plain("its timeline, in order")]
    decisions: Annotated[tuple[LoggedDecision, ...], plain("in order")]
    offers: Annotated[tuple[LoggedOffer, ...], plain("in order")]
    promises: Annotated[tuple[LoggedPromise, ...], plain("in order")]
    approvals: Annotated[tuple[LoggedApproval, ...], plain("requests beyond somebody's authority")]

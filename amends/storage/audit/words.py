"""What rows tell the audit log when they are added, changed or taken out."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from amends.audit.model import Entry, acting, actor_of
from amends.storage.audit.told import Values, digest, digest_of_text, plain, told
from amends.values import Json

type Told = Entry | None
Wording = Callable[[Values], Told]

REMEDY = (
    "id",
    "offer_id",
    "position",
    "case_id",
    "alternative",
    "kind",
    "recovery",
    "part",
    "amount_minor",
    "currency",
    "clauses",
    "due_days",
    "made_at",
    "expires_at",
)
STEP = ("remedy_id", "step", "at", "actor")
DECISION = ("id", "case_id", "at", "policy", "version", "role", "rung", "outcome", "decision")
OFFER = ("id", "case_id", "decision_id", "rung", "made_at", "expires_at", "made_by")
PROMISE = ("id", "case_id", "what", "due_at", "made_at", "made_by", "remedy_id")
APPROVAL = ("id", "handoff_id", "case_id", "option_key", "remedies", "asked_by", "asked_at")
RESEALS = "job:seal_secrets"
"""Who acts while secrets are only sealed anew, and stay what they are."""
RULES = ("kind", "version", "text", "made_by", "made_at")


def now() -> datetime:
    return datetime.now(UTC)


def entry(row: Values) -> Entry:
    kind, data = str(row["kind"]), told(row["data"])
    return Entry(row["at"], actor_of(row["actor"]), f"case.{kind}", "case", row["case_id"], data)


def decision(row: Values) -> Entry:
    who = "bot" if row["role"] == "bot" else None
    data = {key: plain(row[key]) for key in ("case_id", "policy", "version", "role", "outcome")}
    data["row"] = digest(row, DECISION)
    return Entry(row["at"], actor_of(who), "decision.made", "decision", row["id"], data)


def offer(row: Values) -> Entry:
    data = {key: plain(row[key]) for key in ("case_id", "decision_id", "rung", "expires_at")}
    data["row"] = digest(row, OFFER)
    actor = actor_of(row["made_by"])
    return Entry(row["made_at"], actor, "offer.made", "offer", row["id"], data)


def remedy(row: Values) -> Entry:
    names = ("case_id", "offer_id", "kind", "part", "amount_minor", "currency", "clauses")
    data = {key: plain(row[key]) for key in names}
    data["row"] = digest(row, REMEDY)
    return Entry(row["made_at"], actor_of(None), "remedy.added", "remedy", row["id"], data)


def step(row: Values) -> Entry:
    data = {"row": digest(row, STEP)}
    action = f"remedy.{plain(row['step'])}"
    return Entry(row["at"], actor_of(row["actor"]), action, "remedy", row["remedy_id"], data)


def promise(row: Values) -> Entry:
    names = ("case_id", "what", "due_at", "remedy_id", "state")
    data = {key: plain(row[key]) for key in names}
    # Not part of the digest: logs that began before this column check theirs without it.
    data |= {"replaces": row["replaces"]} if row["replaces"] else {}
    data["row"] = digest(row, PROMISE)
    actor = actor_of(row["made_by"])
    return Entry(row["made_at"], actor, "promise.made", "promise", row["id"], data)


def promise_ended(before: Values, after: Values) -> Told:
    if before["state"] == after["state"]:
        return None
    state = plain(after["state"])
    data = {"case_id": after["case_id"], "state": state}
    at = after["ended_at"] or now()
    return Entry(at, actor_of(None), f"promise.{state}", "promise", after["id"], data)


def handoff(row: Values) -> Entry:
    data = {key: plain(row[key]) for key in ("conversation_id", "case_id", "priority", "reasons")}
    at = row["requested_at"]
    return Entry(at, actor_of(None), "handoff.requested", "handoff", row["id"], data)


def handoff_changed(before: Values, after: Values) -> Told:
    action = _handoff_action(before, after)
    if action is None:
        return None
    names = ("case_id", "claimed_by", "outcome", "passed_to", "passed_language", "passed_skill")
    data = {key: plain(after[key]) for key in names if after[key] is not None}
    who = after["claimed_by"] if action in ("claimed", "transferred") else None
    data |= {"before": plain(before["claimed_by"])} if action == "transferred" else {}
    return Entry(now(), actor_of(who), f"handoff.{action}", "handoff", after["id"], data)


def _handoff_action(before: Values, after: Values) -> str | None:
    if before["state"] != after["state"]:
        return {"claimed": "claimed", "waiting": "put_back", "ended": "ended"}[after["state"]]
    if before["claimed_by"] != after["claimed_by"]:
        return "transferred"
    if before["passed_at"] != after["passed_at"]:
        return "passed_on" if after["passed_at"] else "passing_ended"
    if before["was_needed"] != after["was_needed"]:
        return "judged"
    return "reprioritised" if before["priority"] != after["priority"] else None


def approval(row: Values) -> Entry:
    data = {"case_id": row["case_id"], "option": row["option_key"], "row": digest(row, APPROVAL)}
    actor = actor_of(row["asked_by"])
    return Entry(row["asked_at"], actor, "approval.asked", "approval", row["id"], data)


def approval_ended(before: Values, after: Values) -> Told:
    if before["state"] == after["state"]:
        return None
    data = {"case_id": after["case_id"], "offer_id": after["offer_id"]}
    action, actor = f"approval.{plain(after['state'])}", actor_of(after["decided_by"])
    return Entry(after["decided_at"] or now(), actor, action, "approval", after["id"], data)


def may(row: Values) -> Json:
    """Return what an account may do."""
    return {"role": plain(row["role"]), "active": bool(row["active"])}


def account(row: Values) -> Entry:
    actor = actor_of(None)
    return Entry(now(), actor, "staff.account_added", "staff", row["id"], may(row))


def account_changed(before: Values, after: Values) -> Told:
    secrets = {
        "password": before["password_hash"] != after["password_hash"],
        "second_factor": before["totp_enabled_at"] != after["totp_enabled_at"],
    }
    changed = {key: "changed" for key, differs in secrets.items() if differs}
    if may(before) == may(after) and not changed:
        return None
    data = {**may(after), **changed}
    return Entry(now(), actor_of(None), "staff.account_changed", "staff", after["id"], data)


def staff_change(row: Values) -> Entry:
    who, kind = row["actor_id"] or "operator", plain(row["kind"])
    sides = {side: _profile(row[side]) for side in ("before", "after")}
    data = {side: known for side, known in sides.items() if known}
    return Entry(row["at"], actor_of(who), f"staff.{kind}", "staff", row["staff_id"], data)


def _profile(side: Mapping[str, Any]) -> Json:
    told_of = ("role", "languages", "skills", "left", "chats_put_back")
    return {key: plain(side[key]) for key in told_of if key in side}


def session(row: Values) -> Told:
    if row.get("is_half"):
        return None
    who = row["staff_id"]
    until = {"expires_at": plain(row["expires_at"])}
    return Entry(now(), actor_of(who), "staff.session_opened", "staff", who, until)


def session_ended(row: Values) -> Told:
    if row["is_half"]:
        return None
    return Entry(now(), actor_of(None), "staff.session_ended", "staff", row["staff_id"])


def rules(row: Values) -> Entry:
    kind = str(plain(row["kind"]))
    data = {"text": digest_of_text(row["text"]), "row": digest(row, RULES)}
    subject = f"{kind}:{row['version']}"
    return Entry(
        row["made_at"], actor_of(row["made_by"]), "rules.laid_down", "rules", subject, data
    )


def canned(action: str) -> Wording:
    def wording(row: Values) -> Entry:
        data = {"version": row["version"], "active": bool(row["active"])}
        actor = actor_of(row["changed_by"])
        return Entry(row["changed_at"], actor, action, "canned_reply", row["id"], data)

    return wording


def canned_changed(_: Values, after: Values) -> Told:
    return canned("canned_reply.changed")(after)


def endpoint(action: str) -> Wording:
    def wording(row: Values) -> Entry:
        data = {"url": digest_of_text(row["url"]), "events": plain(row["events"])}
        return Entry(now(), actor_of(None), action, "webhook", row["id"], data)

    return wording


def endpoint_changed(before: Values, after: Values) -> Told:
    if before["secret"] != after["secret"]:
        sealed = acting.get() == RESEALS
        return endpoint("webhook.secret_sealed" if sealed else "webhook.secret_changed")(after)
    if before["active"] == after["active"]:
        return None
    return endpoint("webhook.switched_on" if after["active"] else "webhook.switched_off")(after)


def cause_action(row: Values) -> Entry:
    action = f"cause_action.{plain(row['kind'])}"
    data = {"after": {key: row["after"][key] for key in ("state",) if key in row["after"]}}
    return Entry(row["at"], actor_of(row["by"]), action, "cause_action", row["action_id"], data)


def survey(row: Values) -> Entry:
    data = {"case_id": row["case_id"]}
    subject = row["conversation_id"]
    return Entry(row["at"], "customer", "survey.answered", "conversation", subject, data)


def access(before: Values, after: Values) -> Told:
    if before["used_at"] == after["used_at"] or after["used_at"] is None:
        return None
    return Entry(after["used_at"], "customer", "case.shown_by_code", "case", after["case_id"])


def erased(action: str, kind: str) -> Wording:
    return lambda row: Entry(now(), actor_of(None), action, kind, row["id"])

"""What trainers do, told to the audit log: no example and no name, but who, what and which."""

import re
from datetime import UTC, datetime

from amends.audit.model import Entry, actor_of
from amends.storage.audit.told import Values, digest_of_text, plain

_ID = re.compile(r"[0-9a-f-]{32,36}")


def _who(by: str | None) -> str:
    """Return the actor; one that is no id is the name of whoever sits at the terminal."""
    return actor_of(by if by and _ID.fullmatch(by) else None)


def change(row: Values) -> Entry:
    names = ("paths", "state", "commit_hash", "reverts")
    data = {key: plain(row[key]) for key in names if row[key] is not None}
    data["patch"] = digest_of_text(row["patch"])
    actor = actor_of(None)
    return Entry(row["at"], actor, "training.changed", "training_change", row["id"], data)


def review(row: Values) -> Entry:
    data = {key: plain(row[key]) for key in ("kind", "intent", "read_as", "size")}
    leader = str(row["leader_id"])
    return Entry(row["at"], actor_of(row["by"]), "review.decided", "review", leader, data)


def review_changed(before: Values, after: Values) -> Entry | None:
    if before["undone_at"] == after["undone_at"]:
        return None
    at, who = after["undone_at"] or datetime.now(UTC), actor_of(after["undone_by"])
    return Entry(at, who, "review.undone", "review", str(after["leader_id"]))


def examination(row: Values) -> Entry:
    data = {"examination_id": row["id"], "against": row["against"]}
    return Entry(row["at"], _who(row["by"]), "model.examined", "model", row["model"], data)


def promotion(row: Values) -> Entry:
    data = {key: plain(row[key]) for key in ("kind", "replaced", "examination_id")}
    return Entry(row["at"], _who(row["by"]), "model.promoted", "model", row["model"], data)


def work(row: Values) -> Entry:
    at, actor = row["asked_at"], _who(row["asked_by"])
    data = {"work_id": row["id"]}
    return Entry(at, actor, "model.work_asked", "model", str(row["model"] or "new"), data)


def shadow(row: Values) -> Entry:
    data = {"shadow_id": row["id"]}
    return Entry(row["since"], _who(row["by"]), "model.shadow_began", "model", row["model"], data)

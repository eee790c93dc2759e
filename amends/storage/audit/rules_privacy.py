"""What legal holds tell the audit log: that there is one and on what, not the reason's words."""

from amends.audit.model import Entry, actor_of
from amends.storage.audit.told import Values, plain


def hold(row: Values) -> Entry:
    data = {"kind": plain(row["kind"]), "on": row["subject"]}
    actor = actor_of(str(row["made_by"]).split()[0])
    return Entry(row["made_at"], actor, "privacy.hold_made", "hold", row["id"], data)


def hold_ended(before: Values, after: Values) -> Entry | None:
    if before["ended_at"] == after["ended_at"]:
        return None
    data = {"kind": plain(after["kind"]), "on": after["subject"]}
    actor = actor_of(str(after["ended_by"]).split()[0])
    return Entry(after["ended_at"], actor, "privacy.hold_ended", "hold", after["id"], data)

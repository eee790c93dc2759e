"""What was said, decided and paid stays as it was: the database itself refuses to rewrite it.

Messages, timeline and ledger may not be changed; the ledger may not be deleted from either.
(Messages and timeline may be deleted, so that a customer's right to erasure can be met.)
"""

from collections.abc import Iterator

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

FIXED: dict[str, str] = {
    "messages": "conversation_id, seq, role, text, at, client_message_id, payload, card, "
    "in_reply_to, author",
    "case_entries": "",
    "decisions": "",
    "offers": "",
    "remedies": "id, offer_id, position, case_id, alternative, kind, recovery, part, "
    "amount_minor, currency, clauses, title, due_days, customer_key, made_at, expires_at",
    "remedy_steps": "",
}
"""Table to the columns that never change; none named: all of them."""

KEPT = ("decisions", "offers", "remedies", "remedy_steps")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION amends_refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME "
            "USING ERRCODE = 'restrict_violation'; END $$"
        )
        for name, event, table in _triggers():
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION amends_refuse_rewrite()"
            )
        return
    for name, event, table in _triggers():
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _triggers() -> Iterator[tuple[str, str, str]]:
    for table, columns in FIXED.items():
        event = f"UPDATE OF {columns}" if columns else "UPDATE"
        yield f"tr_{table}_no_update", event, table
    for table in KEPT:
        yield f"tr_{table}_no_delete", "DELETE", table

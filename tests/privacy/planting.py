"""Words put into every column that is said to be erased, and the search for what is left."""

from datetime import timedelta

from sqlalchemy import JSON, Enum, Text, create_engine, insert, select, text, update

from amends.storage import erasure
from amends.storage.tables import METADATA
from tests.support.shop import BEN, Chat, Shop

ZEBRA, GIRAFFE = "Zebra 4711 lives here", "Giraffe 4712 lives there"
MAIL_OF = {ZEBRA: "zebra@example.com", GIRAFFE: "giraffe@example.com"}


def columns(table):
    """Columns that may hold words: texts and JSON, keys and closed sets left out."""
    for column in table.columns:
        is_words = isinstance(column.type, Text | JSON) and not isinstance(column.type, Enum)
        if is_words and not column.primary_key and not column.foreign_keys:
            yield column


def named() -> set[str]:
    blanks = {
        f"{step.table}.{name}"
        for steps in erasure.ERASED.values()
        for step in steps
        if isinstance(step, erasure.Blank)
        for name in step.values
    }
    return blanks | erasure.ALSO_ERASED.keys()


def planted(shop: Shop, chat: Chat, words: str, customer: str) -> None:
    """Put the words into every column of this chat's rows that is said to be erased."""
    email = MAIL_OF[words]
    case_id, now = chat.case.id, shop.clock()
    engine = create_engine(shop.db.url)
    tables = METADATA.tables
    with engine.begin() as db:
        db.execute(insert(tables["erasing"]), [{"id": 1}])
        for name, values in _missing_rows(chat, words, email, customer, now).items():
            db.execute(insert(tables[name]), [values])
        for name in ("conversations", "cases"):
            mine = tables[name].c.id == (chat.id if name == "conversations" else case_id)
            db.execute(update(tables[name]).where(mine).values(customer_id=customer))
        for full in sorted(named() - {"remedies.order_number", "remedy_steps.detail"}):
            name, column = full.split(".")
            table = tables[name]
            owner = _owner(table, chat, case_id)
            if owner is None or column in {"customer_id", "contact_channel", "email"}:
                continue
            is_json = isinstance(table.c[column].type, JSON)
            value = {"text": words, "seq": 1, "list": [words]} if is_json else words
            if column in {"client_message_id", "code"}:
                keys = [c.name for c in table.primary_key.columns][-1]
                for key in db.scalars(select(table.c[keys]).where(owner)).all():
                    one = owner & (table.c[keys] == key)
                    db.execute(update(table).where(one).values({column: f"{words} {key}"}))
                continue
            changed = {column: value}
            if full == "approvals.reason":
                changed |= {"state": "refused", "decided_by": BEN.id, "decided_at": now}
            if full == "handoffs.passed_note":
                owner &= table.c.state == "claimed"
                changed |= {"passed_at": now, "passed_until": now, "passed_language": "en"}
            if column == "contact_address":
                changed = {column: words, "contact_channel": "email"}
            db.execute(update(table).where(owner).values(changed))
        db.execute(tables["erasing"].delete())
    engine.dispose()


def _owner(table, chat, case_id):
    if table.name == "conversations":
        return table.c.id == chat.id
    if table.name == "cases":
        return table.c.id == case_id
    if "conversation_id" in table.c:
        return table.c.conversation_id == chat.id
    if "case_id" in table.c:
        return table.c.case_id == case_id
    if table.name == "action_runs":
        return table.c.key.startswith(f"{chat.id}:")
    return None


def _missing_rows(chat, words, email, customer, now):
    later = now + timedelta(days=1)
    return {
        "customers": {
            "id": customer,
            "name": words,
            "email": email,
            "tier": "regular",
            "country": "GB",
            "language": "en",
        },
        "mails": {
            "id": f"m-{customer}",
            "recipient": email,
            "subject": words,
            "body": words,
            "made_at": now,
            "expires_at": later,
            "tries": 0,
            "next_at": now,
            "last_error": words,
        },
        "access_requests": {
            "id": f"r-{customer}",
            "number": chat.case.number,
            "email": email,
            "language": "en",
            "asked_at": now,
            "tries": 0,
            "case_id": chat.case.id,
            "code_hash": "x",
        },
        "action_runs": {"key": f"{chat.id}:1:action_x:0", "result": {"text": words}, "at": now},
        "outbox": {
            "topic": "case.test",
            "key": f"k-{customer}",
            "payload": {"case_id": chat.case.id, "text": words},
            "at": now,
        },
    }


def everywhere(shop: Shop, words: str) -> dict[str, int]:
    """Count the cells of all tables that hold the words."""
    engine = create_engine(shop.db.url)
    found = {}
    with engine.connect() as db:
        for name in METADATA.tables:
            rows = db.execute(text(f"SELECT * FROM {name}")).mappings().all()
            cells = sum(words.split()[0] in str(cell) for row in rows for cell in row.values())
            found |= {name: cells} if cells else {}
    engine.dispose()
    return found

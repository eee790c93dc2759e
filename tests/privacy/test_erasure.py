"""Nothing of a person is left, wherever it stood; nothing of anybody else is touched."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import JSON, Enum, Text, create_engine, insert, select, text, update

from amends.cli import privacy as command
from amends.cli.errors import UsageError
from amends.cli.main import build_parser
from amends.records.retention import (
    MARKER,
    Hold,
    HoldKind,
    Kind,
    Person,
    RetentionError,
    blanked,
    load_periods,
)
from amends.storage import erasure
from amends.storage.tables import METADATA
from amends.storage.trackers import Trackers
from amends.values import new_id
from amends.wiring import retention
from amends.wiring.settings import PROJECT_DIR
from tests.records.log.steps import everything
from tests.support.shop import BEN, LOST, Chat, Shop, shop  # noqa: F401

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


class TestCompleteness:
    def test_given_all_tables_then_each_column_of_words_is_erased_or_kept_for_a_reason(self):
        unknown = [
            f"{table.name}.{column.name}"
            for table in METADATA.tables.values()
            if table.name not in erasure.OF_THE_COMPANY
            for column in columns(table)
            if f"{table.name}.{column.name}" not in named() | erasure.KEPT.keys()
        ]

        assert unknown == []

    def test_given_the_lists_then_they_name_only_what_is_there(self):
        there = {f"{t.name}.{c.name}" for t in METADATA.tables.values() for c in t.columns}

        assert (named() | erasure.KEPT.keys()) - there == set()
        assert set(METADATA.tables) >= erasure.OF_THE_COMPANY


def planted(shop: Shop, chat: Chat, words: str, customer: str) -> None:  # noqa: F811
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


def everywhere(shop: Shop, words: str) -> dict[str, int]:  # noqa: F811
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


@pytest.fixture
def two(shop: Shop) -> tuple[Shop, Chat, Chat]:  # noqa: F811
    first, second = everything(shop), everything(shop, LOST)
    planted(shop, first, ZEBRA, "cus-z")
    planted(shop, second, GIRAFFE, "cus-g")
    return shop, first, second


class TestPerson:
    def test_given_words_in_every_column_when_erased_then_none_is_left(self, two) -> None:
        shop, _, _ = two  # noqa: F811
        before, other = everywhere(shop, ZEBRA), everywhere(shop, GIRAFFE)
        assert len(before) >= 12

        with shop.write() as uow:
            person = uow.privacy.person(emails=["Zebra@Example.com"])
            uow.privacy.erase(person, shop.clock())

        assert everywhere(shop, ZEBRA) == {}
        assert everywhere(shop, GIRAFFE) == other

    def test_given_erased_then_the_ledger_stands_without_the_customer(self, two) -> None:
        shop, first, _ = two  # noqa: F811
        with shop.db.read() as uow:
            before = uow.ledger.offers_of_case(first.case.id)

        with shop.write() as uow:
            uow.privacy.erase(uow.privacy.person(["cus-z"]), shop.clock())

        with shop.db.read() as uow:
            after = uow.ledger.offers_of_case(first.case.id)
            assert uow.ledger.goodwill_to_customer("cus-z", shop.clock() - timedelta(90)) == {}
            assert uow.privacy.person(["cus-z"]).conversations == ()
        assert [[r.amount for r in o.remedies] for o in after] == [
            [r.amount for r in o.remedies] for o in before
        ]
        assert all(r.customer_id is None for offer in after for r in offer.remedies)

    def test_given_erased_then_the_audit_log_still_agrees(self, shop: Shop) -> None:  # noqa: F811
        chat = everything(shop)
        with shop.write() as uow:
            uow.privacy.erase(Person(conversations=(chat.id,), cases=(chat.case.id,)), shop.clock())

        with shop.db.read() as uow:
            (began, *_) = uow.audit.rows()
            assert uow.audit.agree(began.entry.data) > 0

    def test_given_erased_then_again_is_nothing_and_history_is_fixed_again(self, two) -> None:
        shop, first, _ = two  # noqa: F811
        for _ in range(2):
            with shop.write() as uow:
                person = uow.privacy.person(["cus-z"], ["zebra@example.com"])
                uow.privacy.erase(person, shop.clock())

        engine = create_engine(shop.db.url)
        with engine.connect() as db, pytest.raises(Exception, match="append-only"):
            db.execute(text("UPDATE messages SET text = 'I never said that'"))
        engine.dispose()
        assert {m.text for m in first.log} == {MARKER}

    def test_given_a_hold_or_an_open_case_then_each_is_named(self, two) -> None:
        shop, first, _ = two  # noqa: F811
        hold = Hold(new_id(), HoldKind.CASE, first.case.id, "a court asks", "me", shop.clock())
        with shop.write() as uow:
            assert uow.privacy.add_hold(hold)
            assert not uow.privacy.add_hold(replace(hold, id=new_id()))
            person = uow.privacy.person(["cus-z"])
            found = uow.privacy.hindrances(person)

        assert "a court asks" in found[0].why
        if first.case.closed_at is None:
            assert found[1].case_number == first.case.number


class TestRetention:
    def old(self, two) -> tuple[Shop, Chat]:
        shop, first, _ = two  # noqa: F811
        engine = create_engine(shop.db.url)
        long_ago = shop.clock().replace(tzinfo=None) - timedelta(days=4000)
        with engine.begin() as db:
            values = {"at": long_ago.isoformat(" "), "id": first.case.id, "c": first.id}
            db.execute(text("UPDATE cases SET closed_at = :at WHERE id = :id"), values)
            chat = "UPDATE conversations SET changed_at = :at, mode = 'closed', closed_at = :at"
            db.execute(text(f"{chat} WHERE id = :c"), values)
            db.execute(text("UPDATE surveys SET at = :at WHERE conversation_id = :c"), values)
        engine.dispose()
        return shop, first

    def run(self, shop: Shop, tmp_path: Path) -> int:  # noqa: F811
        settings = shop.app.settings.model_copy(
            update={
                "retention_path": PROJECT_DIR / "policies" / "retention.yml",
                "tracker_url": f"sqlite:///{tmp_path}/tracker.db",
            }
        )
        return retention.erase_what_is_past(replace(shop.app, settings=settings))

    def test_given_periods_over_when_the_job_runs_then_erased_once(self, two, tmp_path) -> None:
        shop, first = self.old(two)  # noqa: F811
        other = everywhere(shop, GIRAFFE)

        assert self.run(shop, tmp_path) == 4  # chat, case, ledger, survey
        assert self.run(shop, tmp_path) == 0

        left = everywhere(shop, ZEBRA)
        assert left.keys() <= {"customers", "mails", "outbox"}  # have periods of their own
        assert everywhere(shop, GIRAFFE) == other
        engine = create_engine(shop.db.url)
        with engine.connect() as db:
            query = text("SELECT order_number FROM remedies WHERE case_id = :id")
            assert set(db.scalars(query, {"id": first.case.id})) == {None}
        engine.dispose()

    @pytest.mark.parametrize("kind", list(HoldKind))
    def test_given_a_hold_then_nothing_is_erased_until_it_ends(self, two, tmp_path, kind) -> None:
        shop, first = self.old(two)  # noqa: F811
        subject = first.case.id if kind is HoldKind.CASE else "cus-z"
        before = everywhere(shop, ZEBRA)
        with shop.write() as uow:
            uow.privacy.add_hold(Hold(new_id(), kind, subject, "court", "me", shop.clock()))

        assert self.run(shop, tmp_path) == 0
        assert everywhere(shop, ZEBRA) == before

        with shop.write() as uow:
            assert uow.privacy.end_hold(kind, subject, "me", shop.clock())
        assert self.run(shop, tmp_path) == 4

    def test_given_a_cut_in_the_middle_then_the_next_round_ends_it(
        self, two, tmp_path, monkeypatch
    ) -> None:
        shop, first = self.old(two)  # noqa: F811
        real = erasure.erase_chats

        def dies(*arguments):
            real(*arguments)
            raise KeyboardInterrupt

        monkeypatch.setattr(erasure, "erase_chats", dies)
        with pytest.raises(KeyboardInterrupt):
            self.run(shop, tmp_path)
        assert MARKER not in {m.text for m in first.log}
        monkeypatch.undo()

        assert self.run(shop, tmp_path) == 4


class TestTrackers:
    def store(self, shop: Shop, tmp_path: Path, senders: dict[str, float]) -> Trackers:  # noqa: F811
        url = f"sqlite:///{tmp_path}/tracker.db"
        engine = create_engine(url)
        with engine.begin() as db:
            db.execute(
                text("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id, timestamp, data)")
            )
            for sender, at in senders.items():
                values = {"s": sender, "t": at}
                db.execute(
                    text("INSERT INTO events (sender_id, timestamp) VALUES (:s, :t)"), values
                )
        engine.dispose()
        return Trackers(url)

    def test_given_visits_then_only_those_that_are_over_and_old_go(self, shop, tmp_path) -> None:  # noqa: F811
        chat = shop.chat()
        old = (shop.clock() - timedelta(days=30)).timestamp()
        new = shop.clock().timestamp()
        store = self.store(
            shop, tmp_path, {f"{chat.id}.1": old, f"{chat.id}.0": old, "gone.1": old, "x.1": new}
        )
        periods = load_periods(PROJECT_DIR / "policies" / "retention.yml")
        url = f"sqlite:///{tmp_path}/tracker.db"
        settings = shop.app.settings.model_copy(update={"tracker_url": url})

        done = retention.forget_trackers(replace(shop.app, settings=settings), periods)

        assert done == 2
        assert store.quiet_since(shop.clock() + timedelta(days=1)) == [f"{chat.id}.1", "x.1"]

    def test_given_no_database_of_the_engine_yet_then_nothing(self, tmp_path) -> None:
        assert Trackers(f"sqlite:///{tmp_path}/none.db").of_conversations(["c"]) == []


class TestFile:
    def test_given_the_shipped_file_then_it_can_be_used(self) -> None:
        periods = load_periods(PROJECT_DIR / "policies" / "retention.yml")

        assert periods.kept[Kind.LEDGER] > periods.kept[Kind.CASE]

    @pytest.mark.parametrize(
        ("changed", "reason"),
        [
            ("chat_days: 0", "chat_days"),
            ("chat_days: soon", "chat_days"),
            ("chats: 3", "nobody knows this key"),
            ("ledger_days: 10", "must not be less than case_days"),
        ],
    )
    def test_given_a_mistake_then_one_sentence_names_it(self, tmp_path, changed, reason) -> None:
        good = (PROJECT_DIR / "policies" / "retention.yml").read_text("utf-8")
        key = changed.split(":")[0]
        kept = [line for line in good.splitlines() if not line.startswith(f"{key}:")]
        file = tmp_path / "retention.yml"
        file.write_text("\n".join([*kept, changed]), "utf-8")

        with pytest.raises(RetentionError, match=reason):
            load_periods(file)

    def test_given_json_then_keys_figures_and_words_of_ours_stay(self) -> None:
        data = {"category": "damaged_item", "seq": 3, "text": "My vase", "clauses": ["a-1", "My b"]}

        clean = blanked(data)

        assert clean == {
            "category": "damaged_item",
            "seq": 3,
            "text": MARKER,
            "clauses": ["a-1", MARKER],
        }


class TestCommand:
    @pytest.fixture
    def call(self, two, tmp_path, monkeypatch, capsys):
        shop, _, _ = two  # noqa: F811
        settings = shop.app.settings.model_copy(
            update={
                "database_url": shop.db.url.render_as_string(hide_password=False),
                "tracker_url": f"sqlite:///{tmp_path}/tracker.db",
            }
        )
        monkeypatch.setattr(command, "load_settings", lambda: settings)

        def run(*words: str):
            arguments = build_parser(["privacy"]).parse_args(["privacy", *words])
            assert arguments.run(arguments) == 0
            return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

        return run

    def test_given_a_customer_when_exported_then_their_words_and_nobody_elses(self, call) -> None:
        (found,) = call("export", "--customer", "cus-z")

        assert ZEBRA in json.dumps(found["tables"]["messages"])
        assert GIRAFFE not in json.dumps(found)
        assert {"conversations", "cases", "surveys", "mails", "customers"} <= found["tables"].keys()

    def test_given_no_yes_when_erased_then_counted_and_nothing_done(self, call, two) -> None:
        shop = two[0]  # noqa: F811
        before = everywhere(shop, ZEBRA)

        (found,) = call("erase", "--customer", "cus-z", "--force", "test")

        assert found["would_erase"]["messages"] > 0
        assert everywhere(shop, ZEBRA) == before

    def test_given_yes_and_a_reason_then_gone(self, call, two) -> None:
        call("erase", "--email", "zebra@example.com", "--force", "asked by letter", "--yes")

        assert everywhere(two[0], ZEBRA) == {}

    def test_given_a_hold_when_erased_then_refused_until_it_ends(self, call, two) -> None:
        number = two[1].case.number
        call("hold", "--case", number, "--reason", "a court asks")
        assert [one["reason"] for one in call("holds")] == ["a court asks"]

        with pytest.raises(UsageError, match="a court asks"):
            call("erase", "--customer", "cus-z", "--yes")

        call("release", "--case", number)
        assert call("holds") == []

    def test_given_nobody_then_said(self, call) -> None:
        with pytest.raises(UsageError, match="nobody is known"):
            call("export", "--email", "nobody@example.com")

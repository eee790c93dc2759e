"""What is past its period is erased, in the books and at the engine, unless a hold stands."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from amends.records.retention import (
    MARKER,
    Hold,
    HoldKind,
    Kind,
    RetentionError,
    blanked,
    load_periods,
)
from amends.storage import erasure
from amends.storage.trackers import Trackers
from amends.values import new_id
from amends.wiring import retention
from amends.wiring.settings import PROJECT_DIR
from tests.privacy.planting import GIRAFFE, ZEBRA, everywhere
from tests.support.shop import Chat, Shop


class TestRetention:
    def old(self, two) -> tuple[Shop, Chat]:
        shop, first, _ = two
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

    def run(self, shop: Shop, tmp_path: Path) -> int:
        settings = shop.app.settings.model_copy(
            update={
                "retention_path": PROJECT_DIR / "policies" / "retention.yml",
                "tracker_url": f"sqlite:///{tmp_path}/tracker.db",
            }
        )
        return retention.erase_what_is_past(replace(shop.app, settings=settings))

    def test_given_periods_over_when_the_job_runs_then_erased_once(self, two, tmp_path) -> None:
        shop, first = self.old(two)
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
        shop, first = self.old(two)
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
        shop, first = self.old(two)
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
    def store(self, shop: Shop, tmp_path: Path, senders: dict[str, float]) -> Trackers:
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

    def test_given_visits_then_only_those_that_are_over_and_old_go(self, shop, tmp_path) -> None:
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

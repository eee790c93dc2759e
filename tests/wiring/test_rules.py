"""A running application takes a new version of the rules, and a turn keeps to one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from amends.handoff.model import StaffMember, StaffRole
from amends.handoff.rule_model import RuleKind, RuleVersion
from amends.wiring import jobs
from amends.wiring.rules import MOST_TURNS, RuleFiles, StoredRules, load_files
from amends.wiring.settings import Settings
from tests.support.shop import NOW, PROJECT, Shop, open_shop, understanding

MIA = StaffMember("s-mia", "mia", "Mia Kern", StaffRole.MANAGER)
FILES = load_files(Settings(project_dir=PROJECT))
TABLE = FILES.texts[RuleKind.THRESHOLDS]
HOURS = FILES.texts[RuleKind.HOURS]
QUICK = TABLE.replace("answer_minutes: 30", "answer_minutes: 5")
BERLIN = HOURS.replace("Europe/London", "Europe/Berlin")
NEWER_WORDS = TABLE.replace("answer_minutes: 30", "answer_seconds: 30")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = open_shop(tmp_path)
    opened.app = replace(opened.app, rules=StoredRules(opened.db, FILES))
    with opened.write() as uow:
        uow.staff.add(MIA, "no password opens this")
    yield opened
    opened.db.close()


def store(shop: Shop, kind: RuleKind, version: int, text: str) -> None:
    with shop.write() as uow:
        assert uow.rules.add(RuleVersion(kind, version, text, "", MIA.id, NOW))


def stored_rules(shop: Shop) -> StoredRules:
    assert isinstance(shop.app.rules, StoredRules)
    return shop.app.rules


def answer_minutes(shop: Shop) -> int:
    return shop.thresholds.answer_within // timedelta(minutes=1)


class TestNow:
    def test_given_no_version_then_the_files_hold(self, shop: Shop) -> None:
        assert jobs.read_rules(shop.app) == 0

        assert answer_minutes(shop) == 30
        assert stored_rules(shop).in_force(RuleKind.HOURS).version is None
        assert FILES.names[RuleKind.HOURS] == "policies/hours.yml"

    def test_given_versions_of_both_kinds_then_both_hold_after_the_next_look(
        self, shop: Shop
    ) -> None:
        store(shop, RuleKind.THRESHOLDS, 1, QUICK)
        store(shop, RuleKind.HOURS, 1, BERLIN)
        assert answer_minutes(shop) == 30

        assert jobs.read_rules(shop.app) == 1

        assert answer_minutes(shop) == 5
        assert shop.thresholds.hours.zone.key == "Europe/Berlin"
        assert shop.thresholds.helplines == FILES.helplines
        assert jobs.read_rules(shop.app) == 0

    def test_given_a_new_table_then_the_hours_that_were_stored_stay(self, shop: Shop) -> None:
        store(shop, RuleKind.HOURS, 1, BERLIN)
        shop.app.rules.refresh()
        store(shop, RuleKind.THRESHOLDS, 1, QUICK)
        shop.app.rules.refresh()

        assert shop.thresholds.hours.zone.key == "Europe/Berlin"
        assert answer_minutes(shop) == 5

    def test_given_a_version_in_words_of_a_newer_program_then_the_last_good_one_goes_on(
        self, shop: Shop
    ) -> None:
        store(shop, RuleKind.THRESHOLDS, 1, QUICK)
        shop.app.rules.refresh()
        store(shop, RuleKind.THRESHOLDS, 2, NEWER_WORDS)

        with capture_logs() as logs:
            shop.app.rules.refresh()
            shop.app.rules.refresh()

        errors = [one for one in logs if one["log_level"] == "error"]
        assert [(one["event"], one["version"]) for one in errors] == [
            ("wiring.rules.unreadable", 2)
        ]
        assert answer_minutes(shop) == 5
        held = stored_rules(shop).in_force(RuleKind.THRESHOLDS)
        assert (held.version and held.version.version, held.unreadable, held.newest) == (1, 2, 2)

    def test_given_only_an_unreadable_version_at_the_start_then_the_file_holds(
        self, shop: Shop
    ) -> None:
        store(shop, RuleKind.THRESHOLDS, 1, NEWER_WORDS)

        shop.app.rules.refresh()

        assert answer_minutes(shop) == 30
        assert stored_rules(shop).in_force(RuleKind.THRESHOLDS).unreadable == 1


class TestTurn:
    def test_given_a_new_version_in_the_middle_then_the_turn_keeps_the_one_it_began_with(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        seq = chat.says("I want a person", flags=frozenset({"human_request"}))
        with shop.write() as uow:
            found = understanding(flags=frozenset({"human_request"}))
            shop.app.check_handoff(uow, chat.conversation, seq, found, shop.clock())
        store(shop, RuleKind.THRESHOLDS, 1, QUICK)
        shop.app.rules.refresh()

        same_turn = shop.app.for_turn(chat.id, seq)
        next_turn = shop.app.for_turn(chat.id, seq + 1)

        assert same_turn.thresholds.answer_within == timedelta(minutes=30)
        assert same_turn.for_turn(chat.id, seq).thresholds is same_turn.thresholds
        assert next_turn.thresholds.answer_within == timedelta(minutes=5)
        assert answer_minutes(shop) == 5

    def test_given_very_many_turns_then_the_oldest_are_forgotten(self, shop: Shop) -> None:
        rules = stored_rules(shop)
        first = rules.of_turn("c", 0)

        for seq in range(1, MOST_TURNS + 1):
            rules.of_turn("c", seq)

        assert rules.of_turn("c", MOST_TURNS) is rules.of_turn("c", MOST_TURNS)
        assert rules.of_turn("c", 0) is not first


def test_given_files_elsewhere_then_they_are_called_by_their_path(tmp_path: Path) -> None:
    elsewhere = tmp_path / "hours.yml"
    elsewhere.write_text(HOURS, encoding="utf-8")

    files: RuleFiles = load_files(Settings(project_dir=PROJECT, hours_path=elsewhere))

    assert files.names[RuleKind.HOURS] == str(elsewhere)

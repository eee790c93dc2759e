"""The chain holds for what was written, and for nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.audit.acting import acting_as
from amends.audit.chain import START, ChainBroken, chained, checked, hash_of
from amends.audit.model import BEGAN, Chained, Entry, Head, actor_of

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def entry(action: str = "case.closed", **data: object) -> Entry:
    return Entry(NOW, "bot", action, "case", "k1", dict(data))


def log(length: int = 5) -> list[Chained]:
    return chained(START, [entry(BEGAN), *(entry(seq=n) for n in range(length - 1))])


def broken(rows: list[Chained], noted: Head | None = None) -> ChainBroken:
    with pytest.raises(ChainBroken) as found:
        list(checked(rows, noted))
    return found.value


class TestHolding:
    def test_given_rows_as_written_when_checked_then_all_pass(self) -> None:
        assert list(checked(log())) == log()

    def test_given_two_writings_when_chained_then_the_second_goes_on_from_the_first(self) -> None:
        first = log(2)
        more = chained(Head(first[-1].number, first[-1].hash), [entry(seq=1)])

        assert first + more == log(3)

    def test_given_the_same_moment_in_another_zone_when_hashed_then_nothing_differs(self) -> None:
        there = replace(entry(), at=NOW.astimezone(timezone(timedelta(hours=8))))

        assert hash_of(1, there, START.hash) == hash_of(1, entry(), START.hash)

    def test_given_a_known_row_when_hashed_then_the_format_has_not_changed(self) -> None:
        """Logs that exist are checked by this hash: it can never change."""
        known = Entry(NOW, "staff:s1", "remedy.issued", "remedy", "r1", {"b": [1], "a": "é"})

        assert hash_of(7, known, "0" * 64) == (
            "d0e65036a978096327a93a217f45329171cf06e54a6edab2c9bd0affbd9b04b0"
        )


class TestBreaks:
    @given(st.integers(1, 4), st.sampled_from(["at", "actor", "action", "subject_id", "data"]))
    def test_given_one_changed_field_when_checked_then_that_row_is_named(
        self, place: int, name: str
    ) -> None:
        rows = log()
        value = {"at": NOW + timedelta(microseconds=1), "data": {"seq": 77}}.get(name, "other")
        changed = replace(rows[place].entry, **{name: value})
        rows[place] = replace(rows[place], entry=changed)

        assert broken(rows).number == place + 1

    def test_given_a_row_taken_out_when_checked_then_the_gap_is_named(self) -> None:
        rows = log()
        del rows[2]

        assert "Row 3 of the audit log: it is missing" in str(broken(rows))

    def test_given_rows_numbered_anew_over_a_gap_when_checked_then_the_hash_tells(self) -> None:
        rows = log()
        del rows[2]
        rows = [replace(row, number=number) for number, row in enumerate(rows, 1)]

        assert broken(rows).number == 3

    def test_given_an_empty_log_when_checked_then_it_is_broken(self) -> None:
        assert broken([]).number == 1

    def test_given_a_log_without_its_first_row_when_checked_then_it_is_broken(self) -> None:
        assert broken(chained(START, [entry()])).number == 1


class TestNoted:
    def test_given_a_chain_reckoned_anew_when_a_head_was_noted_then_it_is_found_out(self) -> None:
        noted = Head(3, log()[2].hash)
        forged = chained(START, [entry(BEGAN), entry(seq=9), entry(seq=1), entry(seq=2)])

        assert list(checked(forged)) == forged
        assert broken(forged, noted).number == 3

    def test_given_a_tail_cut_off_when_a_head_was_noted_then_it_is_found_out(self) -> None:
        noted = Head(5, log()[4].hash)

        assert broken(log()[:3], noted).number == 4


class TestActor:
    def test_given_nobody_named_then_whoever_acts_is_the_actor(self) -> None:
        assert actor_of(None) == "system"
        with acting_as("job:expire_offers"):
            assert actor_of(None) == "job:expire_offers"
            assert actor_of("s-ana") == "staff:s-ana"
            assert actor_of("customer") == "customer"

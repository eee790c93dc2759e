"""One-time codes by time: which open, that each opens once, and what is left without a phone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.handoff import second_factor
from amends.handoff.errors import CodeWrong, SecondFactorIsOn
from amends.handoff.staff_model import ChangeKind, StaffChange
from amends.storage import SqlUnitOfWork
from tests.support.shop import ANA, NOW, Shop

STEP = timedelta(seconds=second_factor.STEP_SECONDS)
RECOVERY = ("abcd-efgh-jkmn-pqrs", "tuvw-xyz2-3456-789a")
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The secret of RFC 6238 appendix B: the twenty bytes 12345678901234567890."""


@pytest.fixture
def uow(shop: Shop) -> Iterator[SqlUnitOfWork]:
    with shop.db.write() as opened:
        yield opened


def code_at(secret: str, at: datetime) -> str:
    return pyotp.TOTP(secret).at(at)


def switched_on(uow: SqlUnitOfWork) -> str:
    secret = second_factor.prepare(uow, ANA.id)
    second_factor.switch_on(uow, ANA, code_at(secret, NOW), RECOVERY, NOW)
    return secret


class TestCodes:
    @pytest.mark.parametrize(
        ("seconds", "code"),
        [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
    )
    def test_given_the_examples_of_rfc_6238_then_the_last_six_digits_open(
        self, seconds: int, code: str
    ) -> None:
        at = datetime.fromtimestamp(seconds, UTC)

        assert second_factor.matching_steps(RFC_SECRET, code, at) == [seconds // 30]

    @given(st.integers(946_684_800, 4_102_444_800), st.integers(-4, 4))
    def test_given_a_phone_that_goes_wrong_then_one_step_either_way_is_forgiven(
        self, seconds: int, steps: int
    ) -> None:
        now = datetime.fromtimestamp(seconds, UTC)
        shown = code_at(RFC_SECRET, now + steps * STEP)
        near = [code_at(RFC_SECRET, now + one * STEP) for one in (-1, 0, 1)]

        opens = bool(second_factor.matching_steps(RFC_SECRET, shown, now))

        assert opens == (shown in near)  # six digits may be the same by chance

    @given(st.text(max_size=12))
    def test_given_any_text_then_it_is_no_failure_but_a_wrong_code(self, text: str) -> None:
        digits = "".join(one for one in text if one in "0123456789")

        found = second_factor.matching_steps(RFC_SECRET, text, NOW)

        assert not found or len(digits) == 6

    def test_given_a_space_in_the_middle_then_the_code_opens(self) -> None:
        shown = code_at(RFC_SECRET, NOW)

        assert second_factor.matching_steps(RFC_SECRET, f" {shown[:3]} {shown[3:]}", NOW)


class TestSwitchingOn:
    def test_given_a_secret_when_no_code_of_it_was_given_then_it_counts_for_nothing(
        self, uow: SqlUnitOfWork
    ) -> None:
        secret = second_factor.prepare(uow, ANA.id)

        assert not second_factor.accepts(uow, ANA.id, code_at(secret, NOW), NOW)
        with pytest.raises(CodeWrong):
            second_factor.switch_on(uow, ANA, code_at(secret, NOW + 9 * STEP), RECOVERY, NOW)
        found = uow.staff.get(ANA.id)
        assert found is not None
        assert not found.has_second_factor

    def test_given_each_visit_then_the_secret_of_before_counts_no_more(
        self, uow: SqlUnitOfWork
    ) -> None:
        seen = second_factor.prepare(uow, ANA.id)
        second_factor.prepare(uow, ANA.id)

        with pytest.raises(CodeWrong):
            second_factor.switch_on(uow, ANA, code_at(seen, NOW), RECOVERY, NOW)

    def test_given_it_was_never_prepared_then_no_code_switches_it_on(
        self, uow: SqlUnitOfWork
    ) -> None:
        with pytest.raises(CodeWrong):
            second_factor.switch_on(uow, ANA, "000000", RECOVERY, NOW)

    def test_given_it_is_on_when_switched_on_again_then_refused_and_the_secret_stays(
        self, uow: SqlUnitOfWork
    ) -> None:
        secret = switched_on(uow)

        with pytest.raises(SecondFactorIsOn):
            second_factor.prepare(uow, ANA.id)
        with pytest.raises(SecondFactorIsOn):
            second_factor.switch_on(uow, ANA, code_at(secret, NOW + STEP), RECOVERY, NOW + STEP)
        assert uow.second_factors.get(ANA.id).secret == secret

    def test_given_it_is_on_then_written_down_and_nothing_secret_is_shown(
        self, uow: SqlUnitOfWork
    ) -> None:
        secret = switched_on(uow)

        (change,) = uow.staff_changes.of(ANA.id)
        assert (change.kind, change.actor_id) == (ChangeKind.SECOND_FACTOR_ON, ANA.id)
        assert (change.before, change.after) == ({}, {})
        assert secret not in repr(uow.second_factors.get(ANA.id))


class TestOpening:
    def test_given_the_code_that_switched_it_on_then_it_does_not_open_too(
        self, uow: SqlUnitOfWork
    ) -> None:
        secret = switched_on(uow)

        assert not second_factor.accepts(uow, ANA.id, code_at(secret, NOW), NOW)

    def test_given_a_code_when_given_twice_then_it_opens_once(self, uow: SqlUnitOfWork) -> None:
        secret, later = switched_on(uow), NOW + 4 * STEP
        code = code_at(secret, later)

        opened = [second_factor.accepts(uow, ANA.id, code, later) for _ in range(2)]

        assert opened == [True, False]

    def test_given_a_later_code_was_used_then_an_earlier_one_opens_no_more(
        self, uow: SqlUnitOfWork
    ) -> None:
        secret, later = switched_on(uow), NOW + 4 * STEP
        second_factor.accepts(uow, ANA.id, code_at(secret, later), later)

        assert not second_factor.accepts(uow, ANA.id, code_at(secret, later - STEP), later)
        assert second_factor.accepts(uow, ANA.id, code_at(secret, later + STEP), later)

    def test_given_a_recovery_code_then_it_opens_once_and_is_written_down_without_itself(
        self, uow: SqlUnitOfWork
    ) -> None:
        switched_on(uow)

        typed = RECOVERY[0].upper().replace("-", " ")
        opened = [second_factor.accepts(uow, ANA.id, typed, NOW) for _ in range(2)]

        assert opened == [True, False]
        assert uow.second_factors.recovery_codes_left(ANA.id) == 1
        change = uow.staff_changes.of(ANA.id)[0]
        assert (change.kind, change.after) == (ChangeKind.RECOVERY_CODE_USED, {"left": 1})

    def test_given_it_was_switched_off_then_neither_codes_nor_recovery_codes_open(
        self, uow: SqlUnitOfWork
    ) -> None:
        secret, later = switched_on(uow), NOW + 4 * STEP
        off = StaffChange(ANA.id, later, ANA.id, ChangeKind.SECOND_FACTOR_OFF)

        second_factor.switch_off(uow, ANA.id, off)

        assert not second_factor.accepts(uow, ANA.id, code_at(secret, later), later)
        assert not second_factor.accepts(uow, ANA.id, RECOVERY[1], later)
        assert uow.staff_changes.of(ANA.id)[0] == off

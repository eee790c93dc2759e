"""What a report leads to, how long a failed try waits, and codes that nobody can guess."""

import math
import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.compensation import issuing, ledger
from amends.compensation.errors import UnknownRemedy
from amends.compensation.ledger import new_code, steps_to
from amends.compensation.model import FOLLOWS, Remedy, Report, Step
from amends.compensation.retrying import (
    FIRST_PAUSE,
    LONGEST_ASKED_FOR,
    LONGEST_PAUSE,
    pause_after,
)
from tests.compensation.steps import accept, late_chat, offered
from tests.support.shop import NOW, Shop

SAID = (Step.ISSUED, Step.SETTLED, Step.FAILED)


class TestStepsTo:
    @pytest.mark.parametrize(
        ("state", "said", "steps"),
        [
            (Step.ACCEPTED, Step.ISSUED, (Step.ISSUED,)),
            (Step.ACCEPTED, Step.SETTLED, (Step.ISSUED, Step.SETTLED)),
            (Step.ACCEPTED, Step.FAILED, (Step.FAILED,)),
            (Step.ISSUED, Step.ISSUED, ()),
            (Step.ISSUED, Step.SETTLED, (Step.SETTLED,)),
            (Step.ISSUED, Step.FAILED, (Step.FAILED,)),
            (Step.SETTLED, Step.ISSUED, ()),
            (Step.SETTLED, Step.SETTLED, ()),
            (Step.SETTLED, Step.FAILED, None),
            (Step.FAILED, Step.ISSUED, ()),
            (Step.FAILED, Step.SETTLED, None),
            (Step.FAILED, Step.FAILED, ()),
        ],
    )
    def test_given_a_state_when_something_is_said_then_these_steps(
        self, state: Step, said: Step, steps: tuple[Step, ...] | None
    ) -> None:
        assert steps_to(state, said) == steps

    @pytest.mark.parametrize("state", [Step.OFFERED, Step.DECLINED, Step.EXPIRED])
    @pytest.mark.parametrize("said", SAID)
    def test_given_a_remedy_nobody_accepted_when_anything_is_said_then_it_cannot_be(
        self, state: Step, said: Step
    ) -> None:
        assert steps_to(state, said) is None

    @given(st.sampled_from(Step), st.lists(st.sampled_from(SAID), max_size=6))
    def test_given_any_reports_in_any_order_when_taken_then_each_step_may_follow_the_last(
        self, state: Step, reports: list[Step]
    ) -> None:
        for said in reports:
            for step in steps_to(state, said) or ():
                assert step in FOLLOWS[state]
                state = step


class TestPauses:
    def test_given_failures_when_they_go_on_then_the_pause_doubles_up_to_a_quarter_of_an_hour(
        self,
    ) -> None:
        pauses = [pause_after(tries, 1.0) for tries in range(1, 13)]

        assert pauses[0] == FIRST_PAUSE
        assert pauses[1:9] == [pause * 2 for pause in pauses[:8]]
        assert set(pauses[9:]) == {LONGEST_PAUSE}

    @given(st.integers(1, 10**9), st.floats(0, 1), st.booleans())
    def test_given_any_failure_when_it_waits_then_never_at_once_and_never_for_ever(
        self, tries: int, chance: float, slowly: bool
    ) -> None:
        pause = pause_after(tries, chance, slowly=slowly)

        assert FIRST_PAUSE / 2 <= pause <= LONGEST_PAUSE
        assert not slowly or pause >= LONGEST_PAUSE / 2

    @given(st.integers(1, 50), st.floats(0, 1), st.timedeltas(timedelta(0), timedelta(days=900)))
    def test_given_a_wait_asked_for_when_it_waits_then_at_least_that_up_to_a_day(
        self, tries: int, chance: float, retry_after: timedelta
    ) -> None:
        pause = pause_after(tries, chance, retry_after)

        assert pause >= min(retry_after, LONGEST_ASKED_FOR)
        assert pause <= max(LONGEST_PAUSE, LONGEST_ASKED_FOR)


@pytest.fixture
def voucher(shop: Shop) -> Remedy:
    """An accepted voucher without a code yet."""
    accepted = accept(shop, offered(shop, late_chat(shop)))
    return next(one for one in accepted.remedies if one.kind == "voucher")


def another(shop: Shop, voucher: Remedy) -> Remedy:
    with shop.db.read() as uow:
        offer = uow.ledger.offer(voucher.offer_id)
    assert offer is not None
    return next(one for one in offer.remedies if one.id != voucher.id)


class TestCodes:
    def test_given_the_alphabet_when_a_code_is_made_then_it_has_over_sixty_bits(self) -> None:
        letters = new_code().replace("-", "")

        assert len(letters) * math.log2(len(set(ledger._CODE_ALPHABET))) > 60
        assert set(letters) <= set(ledger._CODE_ALPHABET)

    def test_given_known_seeds_when_codes_are_made_then_they_tell_nothing(self) -> None:
        codes = set()
        for _ in range(500):
            random.seed(1)
            codes.add(new_code())

        assert len(codes) == 500

    def test_given_many_codes_when_made_then_each_letter_is_as_frequent(self) -> None:
        letters = "".join(new_code() for _ in range(3000)).replace("-", "")
        expected = len(letters) / len(ledger._CODE_ALPHABET)

        # 48,000 draws, 23 letters: a fair one is 45 off in one of three runs; 300 off in none.
        assert all(abs(letters.count(one) - expected) < 300 for one in ledger._CODE_ALPHABET)

    @pytest.mark.parametrize("collisions", [1, issuing.CODES_TRIED - 1])
    def test_given_a_code_that_another_voucher_has_when_drawn_then_the_next_one(
        self, shop: Shop, voucher: Remedy, monkeypatch: pytest.MonkeyPatch, collisions: int
    ) -> None:
        draws = iter(["TAKEN"] * collisions + ["FREE"])
        monkeypatch.setattr(issuing, "new_code", lambda: next(draws))

        with shop.write() as uow:
            uow.ledger.set_code(another(shop, voucher).id, "TAKEN")
            told = issuing.prepare(uow, voucher.id)

        assert told is not None
        assert told.remedy.code == "FREE"

    def test_given_only_taken_codes_when_drawn_then_an_error_and_no_code(
        self, shop: Shop, voucher: Remedy, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(issuing, "new_code", lambda: "TAKEN")

        with shop.write() as uow:
            uow.ledger.set_code(another(shop, voucher).id, "TAKEN")
            with pytest.raises(RuntimeError, match="no free voucher code"):
                issuing.prepare(uow, voucher.id)

        with shop.db.read() as uow:
            assert issuing.remedy_of(uow, voucher.id).code is None

    def test_given_a_code_when_prepared_again_then_the_same_instruction(
        self, shop: Shop, voucher: Remedy
    ) -> None:
        told = []
        for _ in range(2):
            with shop.write() as uow:
                told.append(issuing.prepare(uow, voucher.id))

        assert told[0] is not None
        assert told[0] == told[1]


class TestPrepare:
    def test_given_the_case_names_another_order_later_when_prepared_then_still_the_first(
        self, shop: Shop
    ) -> None:
        chat = late_chat(shop)
        remedies = accept(shop, offered(shop, chat)).remedies
        case = chat.case
        with shop.write() as uow:
            uow.cases.save(replace(case, order_number="10046"))
            told = issuing.prepare(uow, remedies[0].id)

        assert told is not None
        assert told.remedy.order_number == "10045"
        assert told.remedy.customer_id == "cus-collins"
        assert told.case_number == chat.case.number

    def test_given_no_such_remedy_when_reported_then_refused(self, shop: Shop) -> None:
        with shop.db.write() as uow:
            assert issuing.prepare(uow, "r-unknown") is None
            with pytest.raises(UnknownRemedy):
                issuing.record(uow, "r-unknown", Report(Step.SETTLED), NOW)

"""Remedies and an end that are suggested; never more than four steps, never an own remedy."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.cases.model import CaseStatus, Category, Wish
from amends.cases.model import PromiseState as State
from amends.compensation.ground import GrantOption
from amends.conversations.model import Role as Speaker
from amends.handoff.approval_model import ApprovalState
from amends.handoff.model import Channel, Contact, HandoffState
from amends.handoff.next_steps import MOST_STEPS, StepKind
from amends.handoff.queue import Summary
from tests.handoff.next_step_samples import (
    ANSWERED,
    COMPLETE,
    GIVEN,
    MINE,
    NOTHING,
    REQUEST,
    grant,
    kinds,
    option,
    preview,
    steps,
    summary,
)
from tests.storage.samples import NOW, promise


class TestRemedies:
    def test_given_options_then_the_kind_wished_for_is_suggested(self) -> None:
        seen = preview(option(), option(grant("refund", 9900), grant()))

        step = next(one for one in steps(summary(), seen) if one.kind is StepKind.GRANT)

        assert step.fits_wish
        assert step.option == seen.options[1]

    def test_given_no_option_of_the_kind_wished_for_then_the_first_of_the_ladder(self) -> None:
        seen = preview(option(), option(grant(amount=900)))

        step = next(one for one in steps(summary(), seen) if one.kind is StepKind.GRANT)

        assert not step.fits_wish
        assert step.option == seen.options[0]

    def test_given_only_beyond_ones_authority_then_a_supervisor_is_asked(self) -> None:
        seen = preview(beyond=(option(grant("refund", 9900)),))

        assert StepKind.ASK_SUPERVISOR in kinds(summary(), seen)
        assert StepKind.GRANT not in kinds(summary(), seen)

    def test_given_only_the_kind_wished_for_is_beyond_then_both_are_suggested(self) -> None:
        seen = preview(option(), beyond=(option(grant("refund", 9900)),))

        found = [
            one
            for one in kinds(summary(), seen)
            if one in (StepKind.GRANT, StepKind.ASK_SUPERVISOR)
        ]

        assert found == [StepKind.GRANT, StepKind.ASK_SUPERVISOR]

    def test_given_own_authority_is_enough_for_the_wish_then_nobody_is_asked(self) -> None:
        seen = preview(option(grant("refund", 500)), beyond=(option(grant("refund", 9900)),))

        assert StepKind.ASK_SUPERVISOR not in kinds(summary(), seen)

    def test_given_asked_already_then_await_the_decision(self) -> None:
        seen = preview(option(), beyond=(option(grant("refund", 9900)),))

        found = kinds(summary(), seen, REQUEST)

        assert StepKind.AWAIT_DECISION in found
        assert not {StepKind.ASK_SUPERVISOR, StepKind.GRANT, StepKind.RESOLVE} & set(found)

    def test_given_refused_request_then_it_holds_up_nothing(self) -> None:
        ended = replace(REQUEST, state=ApprovalState.REFUSED)

        assert StepKind.AWAIT_DECISION not in kinds(summary(), NOTHING, ended)

    def test_given_role_that_grants_nothing_then_no_remedy_is_suggested(self) -> None:
        assert not {StepKind.GRANT, StepKind.ASK_SUPERVISOR} & set(kinds(summary(), None))

    def test_given_policy_gives_nothing_then_the_wish_is_answered(self) -> None:
        assert StepKind.ANSWER_WISH in kinds(summary(MINE))
        assert StepKind.ANSWER_WISH not in kinds(summary(ANSWERED))


class TestResolving:
    def test_given_granted_and_answered_then_resolve_as_such(self) -> None:
        (only,) = steps(summary(offers=(GIVEN,)))

        assert (only.kind, only.outcome) == (StepKind.RESOLVE, "remedy_granted")

    def test_given_nothing_owed_and_answered_then_resolve_as_explained(self) -> None:
        (only,) = steps(summary())

        assert (only.kind, only.outcome) == (StepKind.RESOLVE, "explained")

    @pytest.mark.parametrize(
        "unfinished",
        [
            summary(MINE),
            summary(speakers=(Speaker.STAFF, Speaker.CUSTOMER)),
            summary(on_table=None),
            summary(on_table=replace(COMPLETE, status=CaseStatus.RESOLVED)),
            summary(on_table=replace(COMPLETE, wish=None)),
        ],
    )
    def test_given_something_left_then_not_resolved(self, unfinished: Summary) -> None:
        assert StepKind.RESOLVE not in kinds(unfinished)

    def test_given_chat_that_has_ended_then_nothing_is_suggested(self) -> None:
        ended = replace(ANSWERED, state=HandoffState.ENDED)

        assert not steps(summary(ended), preview(option()))


situations = st.builds(
    summary,
    st.sampled_from([MINE, ANSWERED, replace(MINE, contact=Contact(Channel.EMAIL, "a@b.example"))]),
    st.one_of(
        st.none(),
        st.builds(
            replace,
            st.just(COMPLETE),
            wish=st.sampled_from([None, *Wish]),
            order_number=st.sampled_from([None, "10045"]),
            category=st.sampled_from(Category),
            repeat_complaint=st.booleans(),
            flags=st.frozensets(st.sampled_from(["safety", "legal"])),
            status=st.sampled_from(CaseStatus),
        ),
    ),
    st.lists(st.sampled_from(Speaker), max_size=4).map(tuple),
    promises=st.lists(
        st.builds(promise, due_at=st.just(NOW - timedelta(hours=1)), state=st.sampled_from(State)),
        max_size=2,
    ).map(tuple),
    offers=st.sampled_from([(), (GIVEN,)]),
)
options = st.lists(
    st.builds(
        lambda kind, amount: option(grant(kind, amount)),
        st.sampled_from(["refund", "voucher", "replacement"]),
        st.integers(1, 9999),
    ),
    max_size=3,
).map(tuple)


@given(situations, options, options, st.booleans(), st.booleans())
def test_given_any_situation_then_few_steps_and_only_remedies_of_the_preview(
    known: Summary,
    own: tuple[GrantOption, ...],
    above: tuple[GrantOption, ...],
    is_asked_for: bool,
    may_grant: bool,
) -> None:
    seen = preview(*own, beyond=above) if may_grant else None

    found = steps(known, seen, *([REQUEST] if is_asked_for else []))

    assert len(found) <= MOST_STEPS
    assert len({one.kind for one in found}) == len(found)
    for one in found:
        if one.kind is StepKind.GRANT:
            assert may_grant
            assert one.option in own
        elif one.kind is StepKind.ASK_SUPERVISOR:
            assert may_grant
            assert one.option in above
        else:
            assert one.option is None
    assert found == steps(known, seen, *([REQUEST] if is_asked_for else []))

"""Who may do what: the table, and the refusal of what is not in it."""

import pytest

from amends.handoff import use_cases as handoff
from amends.handoff.errors import NotAllowed
from amends.handoff.model import HandoffState, StaffMember, StaffRole
from amends.handoff.rights import RIGHTS, Right, may, require
from tests.handoff.steps import ask, stored
from tests.support.shop import Shop

WHO: dict[Right, set[str]] = {
    Right.ANSWER_CHATS: {"agent", "supervisor", "admin"},
    Right.LISTEN_IN: {"supervisor"},
    Right.TAKE_OVER: {"supervisor"},
    Right.APPROVE: {"supervisor", "manager"},
    Right.SEE_ALL_CASES: {"agent", "supervisor", "trainer", "manager", "admin"},
    Right.EDIT_CASES: {"agent", "supervisor", "manager", "admin"},
    Right.EXPORT_CASES: {"manager"},
    Right.EDIT_CANNED: {"supervisor", "admin"},
    Right.EDIT_RULES: {"manager", "admin"},
    Right.EDIT_WEBHOOKS: {"admin"},
    Right.SEE_INSIGHTS: {"supervisor", "trainer", "manager", "admin"},
    Right.EDIT_ACTIONS: {"supervisor", "manager", "admin"},
    Right.ADMINISTER_STAFF: {"admin"},
    Right.TRAIN: {"trainer", "admin"},
    Right.PROMOTE_MODELS: {"trainer", "admin"},
}


def somebody(role: StaffRole) -> StaffMember:
    return StaffMember(f"s-{role.value}", role.value, role.value.title(), role)


@pytest.mark.parametrize("right", Right)
def test_given_a_right_then_exactly_these_roles_have_it(right: Right) -> None:
    assert {role.value for role in StaffRole if may(somebody(role), right)} == WHO[right]


def test_given_every_role_then_it_is_in_the_table() -> None:
    assert set(RIGHTS) == set(StaffRole)


def test_given_a_right_is_missing_when_required_then_refused_in_a_sentence() -> None:
    with pytest.raises(NotAllowed, match=r"^Your role does not allow this; ask an administrator"):
        require(somebody(StaffRole.TRAINER), Right.APPROVE)

    require(somebody(StaffRole.MANAGER), Right.APPROVE)


@pytest.mark.parametrize("role", [StaffRole.TRAINER, StaffRole.MANAGER])
def test_given_a_trainer_or_manager_when_they_claim_then_refused_and_the_chat_still_waits(
    shop: Shop, role: StaffRole
) -> None:
    member = somebody(role)
    waiting = ask(shop, shop.chat())
    with shop.write() as uow:
        uow.staff.add(member, "nobody signs in with this")

    with shop.db.write() as uow, pytest.raises(NotAllowed):
        handoff.claim(uow, waiting.id, member, shop.clock())

    assert stored(shop, waiting).state is HandoffState.WAITING

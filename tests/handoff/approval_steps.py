"""A policy under which agents must ask for money, and the steps of asking and deciding."""

from dataclasses import replace

from amends.compensation import grants
from amends.compensation.clauses import Role
from amends.compensation.ground import GrantOption
from amends.compensation.policy import Authority, Policy
from amends.compensation.terms import MoneyTable
from amends.handoff import approvals
from amends.handoff.approval_model import Approval, ApprovalState
from amends.handoff.approvals import Decided
from amends.handoff.model import Handoff, StaffMember, StaffRole
from tests.handoff.steps import claimed
from tests.support.shop import ANA, LATE, Chat, Shop

SAM = StaffMember("s-sam", "sam", "Sam Reyes", StaffRole.SUPERVISOR)
LUZ = StaffMember("s-luz", "luz", "Luz Amaro", StaffRole.MANAGER)
MONEY = frozenset({"refund", "voucher"})
CURRENCIES = ("EUR", "GBP", "USD", "CHF", "JPY")


def in_every_currency(minor: int) -> MoneyTable:
    return MoneyTable(tuple((currency, minor) for currency in CURRENCIES))


def with_authority(policy: Policy, role: Role, authority: Authority) -> Policy:
    """The policy with another authority of one role in every version."""
    versions = tuple(
        replace(one, authority={**one.authority, role: authority}) for one in policy.versions
    )
    return replace(policy, versions=versions)


def strict(shop: Shop, role: Role = Role.AGENT) -> None:
    """Let this role grant no money any more."""
    before = shop.policy.versions[0].authority[role]
    authority = replace(before, may_not_grant=MONEY)
    shop.app = replace(shop.app, policy=with_authority(shop.policy, role, authority))


def with_supervisors(shop: Shop) -> None:
    with shop.write() as uow:
        for member in (SAM, LUZ):
            uow.staff.add(member, "no password opens this")


def claimed_late(shop: Shop, order: str = LATE) -> tuple[Chat, Handoff]:
    """A late order that Ana has taken over."""
    chat = shop.chat()
    chat.complains(order=order)
    return chat, claimed(shop, chat)


def beyond(shop: Shop, chat: Chat) -> tuple[GrantOption, ...]:
    with shop.db.read() as uow:
        found = grants.preview(uow, shop.policy, chat.case.id, Role.AGENT, shop.clock())
    return found.beyond


def ask(shop: Shop, handoff: Handoff, key: str, by: StaffMember = ANA) -> Approval:
    with shop.write() as uow:
        return approvals.ask(
            uow, shop.policy, handoff.id, key, "It was a present", by, Role.AGENT, shop.clock()
        )


def asked(shop: Shop) -> tuple[Chat, Approval]:
    """Ana asks for the first option that is beyond her."""
    chat, handoff = claimed_late(shop)
    return chat, ask(shop, handoff, beyond(shop, chat)[0].key)


def approve(shop: Shop, approval: Approval, by: StaffMember = SAM) -> Decided:
    with shop.write() as uow:
        return approvals.approve(uow, shop.policy, approval.id, by, Role.SUPERVISOR, shop.clock())


def stored(shop: Shop, approval: Approval) -> Approval:
    with shop.db.read() as uow:
        found = uow.approvals.get(approval.id)
        assert found is not None
        return found


def state(shop: Shop, approval: Approval) -> ApprovalState:
    return stored(shop, approval).state

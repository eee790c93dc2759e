"""Read who may ask for an exception, who may approve it, and how much, from a policy file."""

from collections.abc import Mapping
from typing import Final

from amends.compensation.clauses import Remedy, Role
from amends.compensation.load_terms import Vocabulary, read_money_table
from amends.compensation.nodes import Node
from amends.compensation.policy import Exceptions

EXCEPTION_KEYS: Final = ("asked_by", "approved_by", "remedies", "per_case", "per_customer")
_CUSTOMER_KEYS: Final = ("window_days", "amount")


def read_exceptions(
    node: Node | None, words: Vocabulary, remedies: Mapping[str, Remedy]
) -> Exceptions | None:
    """Return the section; None when the policy has none, so that no exception is possible."""
    if node is None:
        return None
    keys = node.keys(EXCEPTION_KEYS, required=EXCEPTION_KEYS)
    customer = keys["per_customer"].keys(_CUSTOMER_KEYS, required=_CUSTOMER_KEYS)
    kinds = tuple(_kind(item, words, remedies) for item in keys["remedies"].items)
    if not kinds or len(set(kinds)) != len(kinds):
        keys["remedies"].refuse("name each kind of remedy once, and at least one")
    return Exceptions(
        asked_by=_roles(keys["asked_by"]),
        approved_by=_roles(keys["approved_by"]),
        remedies=kinds,
        per_case=read_money_table(keys["per_case"], words),
        per_customer=read_money_table(customer["amount"], words),
        customer_window_days=customer["window_days"].integer(minimum=1),
    )


def _kind(node: Node, words: Vocabulary, remedies: Mapping[str, Remedy]) -> str:
    kind = node.word()
    if kind not in remedies:
        node.refuse(f"unknown remedy {kind}")
    if not remedies[kind].money:
        node.refuse(f"{kind} is not money, and only money can be bounded; name kinds of money")
    words.used.add(f"remedy {kind}")
    return kind


def _roles(node: Node) -> frozenset[Role]:
    people = {str(role): role for role in Role if role is not Role.BOT}
    named = [item.word() for item in node.items]
    for name in named:
        if name not in people:
            node.refuse(f"{name} is no role of people; they are {', '.join(people)}")
    if not named:
        node.refuse("name at least one role")
    return frozenset(people[name] for name in named)

"""Read a compensation policy from YAML and refuse everything that is not exactly understood.

A version is put together from three layers: what stands at the top of the file for all versions,
what the version it is `based_on` says, and what it says itself. A section replaces the earlier
one; clauses replace each other one by one, by id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from amends.compensation.clauses import Remedy, Role
from amends.compensation.currency import is_currency_code
from amends.compensation.errors import PolicyError
from amends.compensation.load_amounts import read_amount
from amends.compensation.load_clauses import (
    Shelf,
    clause_id_of,
    read_clause,
    read_remedy,
    read_texts,
)
from amends.compensation.load_exceptions import read_exceptions
from amends.compensation.load_terms import (
    Vocabulary,
    read_condition,
    read_fact,
    read_money_table,
)
from amends.compensation.nodes import Node, parse_nodes
from amends.compensation.policy import Authority, Caps, Policy, PolicyVersion, Reasons
from amends.compensation.terms import FactDeclaration, FactType, MoneyTable

SECTIONS: Final[tuple[str, ...]] = (
    "languages", "currencies", "currency", "facts", "remedies", "definitions", "amounts",
    "caps", "authority", "exceptions", "reasons", "clauses",
)  # fmt: skip
POLICY_KEYS: Final = ("policy", "title", "versions", *SECTIONS)
VERSION_KEYS: Final = ("id", "valid_from", "valid_to", "based_on", "without_clauses", *SECTIONS)
CAP_KEYS: Final = ("per_case", "per_customer", "per_day")
AUTHORITY_KEYS: Final = ("goodwill_per_case", "entitlement_per_case", "may_not_grant")
REASON_KEYS: Final = ("remedy", "none", "person", "recourse")
_REQUIRED: Final = ("languages", "currencies", "currency", "facts", "remedies", "reasons")


def load_policy(path: Path) -> Policy:
    """Return the policy in a file.

    Raises:
        PolicyError: the file cannot be read, or does not say exactly what it means.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"cannot be read: {error}", policy=str(path)) from error
    return parse_policy(text, path.name)


@lru_cache(maxsize=8)
def parse_policy(text: str, name: str) -> Policy:
    """Return the policy in a text; `name` stands for the file in refusals.

    What a text says cannot change, so the last few are remembered: reading one takes a while.

    Raises:
        PolicyError: something in it is unknown, missing, doubled or of the wrong type.
    """
    top = parse_nodes(text, name)
    keys = top.keys(POLICY_KEYS, required=("policy", "title", "versions"))
    drafts = _drafts(top, keys["versions"])
    policy = keys["policy"].word()
    versions = [_read_version(policy, draft) for draft in drafts.values()]
    return Policy(policy, keys["title"].text(), _in_order(versions, keys["versions"]))


# -- layers --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Draft:
    """A version before it is read: its own node, and each section as finally in force."""

    node: Node
    sections: Mapping[str, Node]
    clauses: Mapping[str, Node]


def _drafts(top: Node, versions: Node) -> dict[str, _Draft]:
    shared = {name: top.map[name] for name in SECTIONS if name in top.map}
    base = _Draft(top, shared, _clauses_by_id(shared.get("clauses")))
    drafts: dict[str, _Draft] = {}
    for item in versions.items:
        keys = item.keys(VERSION_KEYS, required=("id", "valid_from"))
        version_id = keys["id"].word()
        node = item.at(f"version {version_id}")
        if version_id in drafts:
            node.refuse(f"version {version_id} is given twice")
        drafts[version_id] = _layered(node, _earlier(keys.get("based_on"), drafts, base))
    if not drafts:
        versions.refuse("the policy has no version")
    return drafts


def _earlier(node: Node | None, drafts: Mapping[str, _Draft], base: _Draft) -> _Draft:
    if node is None:
        return base
    if node.word() not in drafts:
        node.refuse(f"version {node.word()} is not given above")
    return drafts[node.word()]


def _layered(node: Node, earlier: _Draft) -> _Draft:
    own = {name: node.map[name] for name in SECTIONS if name in node.map}
    clauses = dict(earlier.clauses)
    for dropped in node.map["without_clauses"].items if "without_clauses" in node.map else []:
        if clauses.pop(dropped.word(), None) is None:
            dropped.refuse(f"there is no clause {dropped.word()} to leave out")
    clauses.update(_clauses_by_id(own.get("clauses")))
    return _Draft(node, {**earlier.sections, **own}, clauses)


def _clauses_by_id(node: Node | None) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for item in node.items if node is not None else []:
        clause_id = clause_id_of(item)
        if clause_id in found:
            first = found[clause_id].line
            item.refuse(f"clause id {clause_id} is given twice, first in line {first}")
        found[clause_id] = item
    return found


def _in_order(versions: list[PolicyVersion], node: Node) -> tuple[PolicyVersion, ...]:
    ordered = sorted(versions, key=lambda version: version.valid_from)
    for earlier, later in pairwise(ordered):
        if earlier.covers(later.valid_from):
            until = earlier.valid_to or "open end"
            node.refuse(
                f"versions {earlier.id} (to {until}) and {later.id} (from {later.valid_from}) "
                f"overlap; give {earlier.id} a valid_to before {later.valid_from}"
            )
    return tuple(ordered)


# -- one version ---------------------------------------------------------------------------------


def _read_version(policy: str, draft: _Draft) -> PolicyVersion:
    sections = draft.sections
    for name in _REQUIRED:
        if name not in sections:
            draft.node.refuse(f"{name} is missing")
    if not draft.clauses:
        draft.node.refuse("clauses is missing")
    languages = tuple(node.word() for node in sections["languages"].items)
    currencies = _currencies(sections["currencies"])
    words = Vocabulary(_facts(sections["facts"]), currencies)
    _read_names(sections, words)
    remedies = {
        kind: read_remedy(node, kind, languages) for kind, node in sections["remedies"].map.items()
    }
    shelf = Shelf(words, remedies, languages, frozenset(draft.clauses))
    keys = draft.node.map
    version = PolicyVersion(
        policy=policy,
        id=keys["id"].word(),
        valid_from=keys["valid_from"].day(),
        valid_to=keys["valid_to"].day() if "valid_to" in keys else None,
        languages=languages,
        currencies=currencies,
        currency_fact=_currency_fact(sections["currency"], words),
        facts=words.facts,
        remedies=remedies,
        clauses=tuple(read_clause(node, shelf) for node in draft.clauses.values()),
        caps=_read_caps(sections.get("caps"), words),
        authority=_read_authority(sections.get("authority"), words, remedies),
        reasons=_read_reasons(sections["reasons"], languages),
        exceptions=read_exceptions(sections.get("exceptions"), words, remedies),
        unused=_unused(words, remedies),
    )
    if version.valid_to is not None and version.valid_to < version.valid_from:
        keys["valid_to"].refuse("valid_to is before valid_from")
    return version


def _facts(node: Node) -> dict[str, FactDeclaration]:
    return {name: read_fact(child, name) for name, child in node.map.items()}


def _currencies(node: Node) -> tuple[str, ...]:
    codes = tuple(item.word() for item in node.items)
    for code in codes:
        if not is_currency_code(code):
            node.refuse(f"{code!r} is not an ISO 4217 code; write three capitals, such as EUR")
    if not codes or len(set(codes)) != len(codes):
        node.refuse("list each currency once, and at least one")
    return codes


def _currency_fact(node: Node, words: Vocabulary) -> str | None:
    """The fact that names a case's currency; None when the policy has one currency."""
    if node.is_map:
        declaration = words.fact(node.keys(("fact",), required=("fact",))["fact"])
        if declaration.type is not FactType.STRING:
            node.refuse(f"fact {declaration.name} is a {declaration.type}, not a string")
        return declaration.name
    if (node.word(),) != words.currencies:
        node.refuse(f"{node.word()} must be the only currency under currencies")
    return None


def _read_names(sections: Mapping[str, Node], words: Vocabulary) -> None:
    for name, node in sections["definitions"].map.items() if "definitions" in sections else ():
        words.definitions[name] = read_condition(node, words)
    for name, node in sections["amounts"].map.items() if "amounts" in sections else ():
        words.amounts[name] = read_amount(node, words)


def _table(keys: Mapping[str, Node], name: str, words: Vocabulary) -> MoneyTable | None:
    return read_money_table(keys[name], words) if name in keys else None


def _read_caps(node: Node | None, words: Vocabulary) -> Caps:
    if node is None:
        return Caps()
    keys = node.keys(CAP_KEYS)
    if "per_customer" not in keys:
        return Caps(_table(keys, "per_case", words), None, 90, _table(keys, "per_day", words))
    customer = keys["per_customer"].keys(("window_days", "amount"), ("window_days", "amount"))
    return Caps(
        per_case=_table(keys, "per_case", words),
        per_customer=_table(customer, "amount", words),
        customer_window_days=customer["window_days"].integer(minimum=1),
        per_day=_table(keys, "per_day", words),
    )


def _read_authority(
    node: Node | None, words: Vocabulary, remedies: Mapping[str, Remedy]
) -> dict[Role, Authority]:
    found: dict[Role, Authority] = {}
    for name, child in node.map.items() if node is not None else ():
        if name not in list(Role):
            child.refuse(f"unknown role {name}; roles are {', '.join(Role)}")
        keys = child.keys(AUTHORITY_KEYS)
        kinds = keys["may_not_grant"].items if "may_not_grant" in keys else []
        found[Role(name)] = Authority(
            goodwill_per_case=_table(keys, "goodwill_per_case", words),
            entitlement_per_case=_table(keys, "entitlement_per_case", words),
            may_not_grant=frozenset(_kind(item, remedies) for item in kinds),
        )
    return found


def _kind(node: Node, remedies: Mapping[str, Remedy]) -> str:
    return node.word() if node.word() in remedies else node.refuse(f"unknown remedy {node.word()}")


def _read_reasons(node: Node, languages: tuple[str, ...]) -> Reasons:
    keys = node.keys(REASON_KEYS, required=REASON_KEYS)
    return Reasons(*(read_texts(keys[name], languages) for name in REASON_KEYS))


def _unused(words: Vocabulary, remedies: Mapping[str, Remedy]) -> tuple[str, ...]:
    # Facts are left out: a system may well supply more than this version asks for.
    names = [f"definition {name}" for name in words.definitions]
    names += [f"amount {name}" for name in words.amounts]
    names += [f"remedy {kind}" for kind in remedies]
    return tuple(name for name in names if name not in words.used)

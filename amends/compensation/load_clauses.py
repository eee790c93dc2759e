"""Read clauses and what they grant, forbid or send to a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from amends.compensation.clauses import (
    EXCEPTION,
    Clause,
    Forbid,
    Grant,
    Option,
    Part,
    Recovery,
    Remedy,
    Role,
    Step,
    Texts,
)
from amends.compensation.load_amounts import read_amount
from amends.compensation.load_terms import Vocabulary, read_condition
from amends.compensation.nodes import Node
from amends.compensation.terms import ALWAYS, Condition

EFFECTS: Final = ("grant", "choice", "ladder", "forbid", "person")
CLAUSE_KEYS: Final = ("id", "title", "source", "part", "when", *EFFECTS, "adds_to", "reason")
GRANT_KEYS: Final = ("remedy", "amount", "title", "due_days", "quantity")
OPTION_KEYS: Final = ("grant", "when", "first_when")
FORBID_KEYS: Final = ("part", "recovery", "money", "kinds", "clauses")
REMEDY_KEYS: Final = ("recovery", "money", "title", "due_days")
MOST_OPTIONS: Final = 3
_FORBID_WORDS: Final = {
    "everything": Forbid(),
    "goodwill": Forbid(part=Part.GOODWILL),
    "money": Forbid(money=True),
}
_ROLES: Final = {str(role): role for role in (Role.AGENT, Role.SUPERVISOR)}


@dataclass(frozen=True)
class Shelf:
    """What clauses of one version may use."""

    words: Vocabulary
    remedies: Mapping[str, Remedy]
    languages: tuple[str, ...]
    clause_ids: frozenset[str]


def read_texts(node: Node, languages: tuple[str, ...]) -> Texts:
    """Read a wording in every language of the policy."""
    texts = {language: child.text() for language, child in node.map.items()}
    for language in languages:
        if language not in texts:
            node.refuse(f"the wording in {language} is missing")
    return texts


def read_remedy(node: Node, kind: str, languages: tuple[str, ...]) -> Remedy:
    keys = node.keys(REMEDY_KEYS, required=("recovery", "title"))
    return Remedy(
        kind=kind,
        recovery=keys["recovery"].choice({str(r): r for r in Recovery}),
        money=keys["money"].boolean() if "money" in keys else False,
        title=read_texts(keys["title"], languages),
        due_days=keys["due_days"].integer() if "due_days" in keys else None,
    )


def read_clause(node: Node, shelf: Shelf) -> Clause:
    clause_id = clause_id_of(node)
    node = node.at(f"clause {clause_id}")
    keys = node.keys(CLAUSE_KEYS, required=("title", "source"))
    effects = [name for name in EFFECTS if name in keys]
    if len(effects) != 1:
        node.refuse(f"give exactly one of {', '.join(EFFECTS)}")
    effect = effects[0]
    part = _part(node, effect)
    return Clause(
        id=clause_id,
        title=keys["title"].text(),
        source=keys["source"].text(),
        when=_when(keys.get("when"), shelf),
        reason=read_texts(keys["reason"], shelf.languages) if "reason" in keys else {},
        part=part,
        steps=_steps(keys[effect], effect, shelf) if part is not None else (),
        forbids=_forbids(keys[effect], shelf) if effect == "forbid" else (),
        needs_role=keys[effect].choice(_ROLES) if effect == "person" else None,
        adds_to=_adds_to(keys.get("adds_to"), part, clause_id, shelf),
        line=node.line,
    )


def clause_id_of(node: Node) -> str:
    if "id" not in node.map:
        node.refuse("id is missing")
    clause_id = node.map["id"].word()
    if clause_id == EXCEPTION:
        node.refuse(f"{EXCEPTION} stands for what no clause gives; give the clause another id")
    return clause_id


def _part(node: Node, effect: str) -> Part | None:
    given = node.map.get("part")
    if effect in ("forbid", "person"):
        if given is not None:
            given.refuse(f"part is for clauses that grant, and this one has {effect}")
        return None
    if given is None:
        node.refuse("part is missing: entitlement (owed) or goodwill (given)")
    part = given.choice({str(p): p for p in Part})
    if effect == "ladder" and part is Part.ENTITLEMENT:
        node.refuse("what is owed is not haggled over: use grant or choice, not ladder")
    return part


def _adds_to(node: Node | None, part: Part | None, clause_id: str, shelf: Shelf) -> frozenset[str]:
    if node is None:
        return frozenset()
    if part is None:
        node.refuse("adds_to is for clauses that grant, and this one grants nothing")
    names = _known(node, shelf.clause_ids, "clause")
    if clause_id in names:
        node.refuse("a clause cannot add to itself; name the other clause")
    return names


def _when(node: Node | None, shelf: Shelf) -> Condition:
    return ALWAYS if node is None else read_condition(node, shelf.words)


# -- grants --------------------------------------------------------------------------------------


def _steps(node: Node, effect: str, shelf: Shelf) -> tuple[Step, ...]:
    match effect:
        case "grant":
            return (_plain_step(node, shelf),)
        case "choice":
            return (_choice_step(node, shelf),)
    steps = tuple(_rung(item, shelf) for item in node.items)
    return steps or node.refuse("the ladder has no rung")


def _rung(node: Node, shelf: Shelf) -> Step:
    keys = node.keys(("grant", "choice"))
    if len(keys) != 1:
        node.refuse("a rung has either grant or choice")
    if "grant" in keys:
        return _plain_step(keys["grant"], shelf)
    return _choice_step(keys["choice"], shelf)


def _plain_step(node: Node, shelf: Shelf) -> Step:
    return Step((Option(_grants(node, shelf), ALWAYS),))


def _choice_step(node: Node, shelf: Shelf) -> Step:
    options = tuple(_option(item, shelf) for item in node.items)
    if not 2 <= len(options) <= MOST_OPTIONS:
        node.refuse(f"a choice has 2 to {MOST_OPTIONS} options, not {len(options)}")
    return Step(options)


def _option(node: Node, shelf: Shelf) -> Option:
    keys = node.keys(OPTION_KEYS, required=("grant",))
    first = read_condition(keys["first_when"], shelf.words) if "first_when" in keys else None
    return Option(_grants(keys["grant"], shelf), _when(keys.get("when"), shelf), first)


def _grants(node: Node, shelf: Shelf) -> tuple[Grant, ...]:
    grants = tuple(_grant(item, shelf) for item in node.items)
    return grants or node.refuse("nothing is granted")


def _grant(node: Node, shelf: Shelf) -> Grant:
    keys = node.keys(GRANT_KEYS, required=("remedy",))
    kind = keys["remedy"].word()
    if kind not in shelf.remedies:
        keys["remedy"].refuse(f"unknown remedy {kind}; declare it under remedies")
    remedy = shelf.remedies[kind]
    shelf.words.used.add(f"remedy {kind}")
    if remedy.money is not ("amount" in keys):
        need = "needs an amount" if remedy.money else "is not money and has no amount"
        node.refuse(f"remedy {kind} {need}")
    return Grant(
        remedy=remedy,
        amount=read_amount(keys["amount"], shelf.words) if "amount" in keys else None,
        title=read_texts(keys["title"], shelf.languages) if "title" in keys else remedy.title,
        due_days=keys["due_days"].integer() if "due_days" in keys else remedy.due_days,
        quantity=keys["quantity"].integer(minimum=1) if "quantity" in keys else None,
    )


# -- forbids -------------------------------------------------------------------------------------


def _forbids(node: Node, shelf: Shelf) -> tuple[Forbid, ...]:
    nodes = node.items if node.is_list else [node]
    found = tuple(_forbid(item, shelf) for item in nodes)
    return found or node.refuse("nothing is forbidden")


def _forbid(node: Node, shelf: Shelf) -> Forbid:
    if not node.is_map:
        return node.choice(_FORBID_WORDS)
    keys = node.keys(FORBID_KEYS)
    if not keys:
        node.refuse("write everything to forbid everything")
    recoveries = {str(r): r for r in Recovery}
    return Forbid(
        part=keys["part"].choice({str(p): p for p in Part}) if "part" in keys else None,
        recovery=frozenset(n.choice(recoveries) for n in _many(keys.get("recovery"))),
        money=keys["money"].boolean() if "money" in keys else None,
        kinds=_known(keys.get("kinds"), shelf.remedies, "remedy"),
        clauses=_known(keys.get("clauses"), shelf.clause_ids, "clause"),
    )


def _many(node: Node | None) -> list[Node]:
    if node is None:
        return []
    nodes = node.items if node.is_list else [node]
    return nodes or node.refuse("the list is empty")


def _known(
    node: Node | None, known: Mapping[str, object] | frozenset[str], what: str
) -> frozenset[str]:
    names = set()
    for item in _many(node):
        if item.word() not in known:
            item.refuse(f"unknown {what} {item.word()}")
        names.add(item.word())
    return frozenset(names)

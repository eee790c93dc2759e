"""Read facts, conditions and tables of money from a policy file."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from amends.compensation.currency import to_minor
from amends.compensation.errors import FactError
from amends.compensation.facts import checked_value
from amends.compensation.nodes import Node
from amends.compensation.terms import (
    AllOf,
    Amount,
    AnyOf,
    Compare,
    Condition,
    Defined,
    FactDeclaration,
    FactRef,
    FactSource,
    FactType,
    MoneyTable,
    Not,
    Operand,
    Operator,
)

CONDITION_WORDS: Final = ("all", "any", "not", "meets")
FACT_KEYS: Final = (
    "type", "source", "about", "unit", "values", "from", "to", "default",
    "every_value_needs_a_clause",
)  # fmt: skip
_NUMERIC: Final = (FactType.INTEGER, FactType.NUMBER)
TEST_KEYS: Final = {
    "is": Operator.IS,
    "is_not": Operator.IS_NOT,
    "in": Operator.IN,
    "not_in": Operator.NOT_IN,
    "at_least": Operator.AT_LEAST,
    "more_than": Operator.MORE_THAN,
    "at_most": Operator.AT_MOST,
    "less_than": Operator.LESS_THAN,
    "from": Operator.AT_LEAST,
    "to": Operator.AT_MOST,
    "has": Operator.HAS,
    "has_not": Operator.HAS_NOT,
    "unknown": Operator.UNKNOWN,
}
_SETS: Final = (Operator.IN, Operator.NOT_IN)
_LISTS: Final = (Operator.HAS, Operator.HAS_NOT)
_EQUALITY: Final = (Operator.IS, Operator.IS_NOT)


@dataclass
class Vocabulary:
    """What the conditions and amounts of one version may refer to."""

    facts: Mapping[str, FactDeclaration]
    currencies: tuple[str, ...]
    definitions: dict[str, Condition] = field(default_factory=dict)
    amounts: dict[str, Amount] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def fact(self, node: Node, name: str | None = None) -> FactDeclaration:
        name = node.word() if name is None else name
        if name not in self.facts:
            node.refuse(f"unknown fact {name}; declare it under facts, or see its spelling")
        self.used.add(f"fact {name}")
        return self.facts[name]

    def number_fact(self, node: Node) -> str:
        declaration = self.fact(node)
        if declaration.type not in _NUMERIC:
            node.refuse(f"fact {declaration.name} is a {declaration.type}, not a number")
        return declaration.name


# -- facts ---------------------------------------------------------------------------------------


def read_fact(node: Node, name: str) -> FactDeclaration:
    if name in CONDITION_WORDS:
        node.refuse(f"a fact cannot be called {name}, which is a word of conditions")
    keys = node.keys(FACT_KEYS, required=("type", "source", "about"))
    fact_type = keys["type"].choice({str(t): t for t in FactType})
    numeric = fact_type in _NUMERIC
    for bound in ("from", "to", "unit"):
        if bound in keys and not numeric:
            keys[bound].refuse(f"{bound} is for numbers, and {name} is a {fact_type}")
    if "values" in keys and fact_type not in (FactType.STRING, FactType.LIST):
        keys["values"].refuse(f"values is for strings and lists, and {name} is a {fact_type}")
    declaration = FactDeclaration(
        name=name,
        type=fact_type,
        source=keys["source"].choice({str(s): s for s in FactSource}),
        about=keys["about"].text(),
        unit=keys["unit"].text() if "unit" in keys else None,
        values=tuple(item.word() for item in keys["values"].items) if "values" in keys else (),
        minimum=_bound(keys.get("from")),
        maximum=_bound(keys.get("to")),
        every_value_needs_a_clause=_flag(keys.get("every_value_needs_a_clause")),
    )
    return _with_default(declaration, keys.get("default"))


def _flag(node: Node | None) -> bool:
    return node is not None and node.boolean()


def _bound(node: Node | None) -> int | float | None:
    return None if node is None else _plain_number(node.decimal())


def _plain_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _with_default(declaration: FactDeclaration, node: Node | None) -> FactDeclaration:
    if node is None:
        return declaration
    try:
        return replace(declaration, default=checked_value(declaration, node.plain()))
    except FactError as error:
        node.refuse(str(error))


# -- conditions ----------------------------------------------------------------------------------


def read_condition(node: Node, words: Vocabulary) -> Condition:
    """Read a mapping of facts to tests; every line of it must hold."""
    parts: list[Condition] = []
    for name, child in node.map.items():
        match name:
            case "all":
                parts.append(AllOf(_conditions(child, words)))
            case "any":
                parts.append(AnyOf(_conditions(child, words)))
            case "not":
                parts.append(Not(read_condition(child, words)))
            case "meets":
                parts.extend(_defined(item, words) for item in _one_or_many(child))
            case _:
                parts.extend(_read_tests(child, words.fact(child, name), words))
    if not parts:
        node.refuse("the condition is empty; leave when out for one that always holds")
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _conditions(node: Node, words: Vocabulary) -> tuple[Condition, ...]:
    found = tuple(read_condition(item, words) for item in node.items)
    return found or node.refuse("the list of conditions is empty")


def _one_or_many(node: Node) -> list[Node]:
    return node.items if node.is_list else [node]


def _defined(node: Node, words: Vocabulary) -> Condition:
    name = node.word()
    if name not in words.definitions:
        node.refuse(f"no definition is called {name}; definitions come before their use")
    words.used.add(f"definition {name}")
    return Defined(name, words.definitions[name])


def _read_tests(node: Node, fact: FactDeclaration, words: Vocabulary) -> list[Condition]:
    if fact.type is FactType.LIST and not node.is_map:
        node.refuse(f"fact {fact.name} is a list; test it with has or has_not")
    if node.is_list:
        return [Compare(fact.name, Operator.IN, _members(node, fact))]
    if not node.is_map:
        return [Compare(fact.name, Operator.IS, _value(node, fact))]
    if not node.map:
        node.refuse("the test is empty")
    tests = node.keys(TEST_KEYS)
    return [_read_test(child, fact, TEST_KEYS[name], words) for name, child in tests.items()]


def _read_test(
    node: Node, fact: FactDeclaration, operator: Operator, words: Vocabulary
) -> Condition:
    if operator is Operator.UNKNOWN:
        return Compare(fact.name, Operator.UNKNOWN if node.boolean() else Operator.KNOWN)
    if (operator in _LISTS) is not (fact.type is FactType.LIST):
        node.refuse(f"has and has_not are for lists; fact {fact.name} is a {fact.type}")
    if operator in (*_SETS, *_LISTS):
        return Compare(fact.name, operator, _members(node, fact))
    if operator not in _EQUALITY and fact.type not in _NUMERIC:
        node.refuse(f"fact {fact.name} is a {fact.type}; only numbers are compared in size")
    return Compare(fact.name, operator, _operand(node, fact, operator, words))


def _operand(node: Node, fact: FactDeclaration, operator: Operator, words: Vocabulary) -> Operand:
    if not node.is_map:
        return _value(node, fact)
    if "fact" in node.map:
        other = words.fact(node.keys(("fact",))["fact"])
        if other.type is not fact.type and not {other.type, fact.type} <= set(_NUMERIC):
            node.refuse(f"{fact.name} is a {fact.type}, but {other.name} is a {other.type}")
        return FactRef(other.name)
    if fact.type is not FactType.INTEGER:
        node.refuse(f"only an amount in minor units has a value per currency, not {fact.name}")
    return read_money_table(node, words)


def _members(node: Node, fact: FactDeclaration) -> tuple[str | int | float, ...]:
    if fact.type is FactType.BOOLEAN:
        node.refuse(f"fact {fact.name} is true or false; compare it with one of them")
    members = tuple(_value(item, fact) for item in _one_or_many(node))
    if not members:
        node.refuse("the set is empty")
    return tuple(member for member in members if not isinstance(member, bool))


def _value(node: Node, fact: FactDeclaration) -> bool | int | float | str:
    if node.is_map or node.is_list:
        node.refuse("expected one value")
    plain = node.plain()
    try:
        value = checked_value(fact, [plain] if fact.type is FactType.LIST else plain)
    except FactError as error:
        node.refuse(str(error))
    if value is None:
        node.refuse("write unknown: true to ask for an unknown fact")
    return value[0] if isinstance(value, tuple) else value


# -- money ------------------------------------------------------------------------------------


def read_money_table(node: Node, words: Vocabulary) -> MoneyTable:
    """Read one amount per currency of the version, written in its major unit (5.50 euros)."""
    for name, child in node.map.items():
        if name not in words.currencies:
            covered = ", ".join(words.currencies)
            child.refuse(f"{name} is not a currency of this policy, which covers {covered}")
    for currency in words.currencies:
        if currency not in node.map:
            node.refuse(f"an amount in {currency} is missing")
    try:
        minor = [(c, to_minor(node.map[c].decimal(), c)) for c in words.currencies]
    except ValueError as error:
        node.refuse(str(error))
    return MoneyTable(tuple(minor))

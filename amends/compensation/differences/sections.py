"""Where two versions differ outside their clauses: facts, remedies, caps, authority, wordings."""

from collections.abc import Callable, Iterator, Mapping

from amends.compensation.clauses import Remedy, Role
from amends.compensation.differences.model import Difference, Kind, place
from amends.compensation.differences.sentences import members, money, order, was, wording
from amends.compensation.policy import Authority, Caps, Exceptions, PolicyVersion, Reasons
from amends.compensation.terms import FactDeclaration


def compare_basics(old: PolicyVersion, new: PolicyVersion) -> Iterator[Difference]:
    for name, before, after in (
        ("languages", old.languages, new.languages),
        ("currencies", old.currencies, new.currencies),
    ):
        title = f"The {name}"
        yield from place("basics", name, members(title, before, after), order(title, before, after))
    named = was("The fact that names a case's currency", old.currency_fact, new.currency_fact)
    yield from place("basics", "currency", named)


def compare_facts(old: PolicyVersion, new: PolicyVersion) -> Iterator[Difference]:
    yield from _by_name("facts", old.facts, new.facts, _fact_words, _fact, _fact_order)


def compare_remedies(old: PolicyVersion, new: PolicyVersion) -> Iterator[Difference]:
    yield from _by_name("remedies", old.remedies, new.remedies, _remedy_words, _remedy)


def compare_caps(old: Caps, new: Caps) -> Iterator[Difference]:
    case = money("Goodwill in one case", old.per_case, new.per_case)
    yield from place("caps", "per_case", case)
    customer = (
        *money("Goodwill to one customer", old.per_customer, new.per_customer),
        *was("The window in days", old.customer_window_days, new.customer_window_days),
    )
    yield from place("caps", "per_customer", customer)
    yield from place("caps", "per_day", money("Goodwill of one day", old.per_day, new.per_day))


def compare_authority(
    old: Mapping[Role, Authority], new: Mapping[Role, Authority]
) -> Iterator[Difference]:
    for role in Role:
        before, after = old.get(role, Authority()), new.get(role, Authority())
        forbidden = sorted(before.may_not_grant), sorted(after.may_not_grant)
        sentences = (
            *money("Goodwill in one case", before.goodwill_per_case, after.goodwill_per_case),
            *money(
                "What is owed in one case", before.entitlement_per_case, after.entitlement_per_case
            ),
            *members("What this role may not grant", *forbidden),
        )
        yield from place("authority", str(role), sentences)


def compare_exceptions(old: Exceptions | None, new: Exceptions | None) -> Iterator[Difference]:
    if old is None or new is None:
        if old is not new:
            kind, able = (Kind.ADDED, "can") if old is None else (Kind.REMOVED, "can no longer")
            sentence = f"What no clause gives {able} be granted as an exception."
            yield Difference("exceptions", "section", kind, (sentence,))
        return
    sentences = (
        *members("Who may ask", sorted(old.asked_by), sorted(new.asked_by)),
        *members("Who may approve", sorted(old.approved_by), sorted(new.approved_by)),
        *members("The kinds of remedies", old.remedies, new.remedies),
        *money("Exceptions in one case", old.per_case, new.per_case),
        *money("Exceptions to one customer", old.per_customer, new.per_customer),
        *was("The window in days", old.customer_window_days, new.customer_window_days),
    )
    yield from place("exceptions", "section", sentences)


def compare_reasons(old: Reasons, new: Reasons) -> Iterator[Difference]:
    for name in ("remedy", "none", "person", "recourse"):
        told = wording("What the customer is told", getattr(old, name), getattr(new, name))
        yield from place("reasons", name, told)


def compare_validity(old: PolicyVersion, new: PolicyVersion) -> Iterator[Difference]:
    """Compare what a version is called and when it holds."""
    sentences = (
        *was("The policy's name", old.policy, new.policy),
        *was("The version's id", old.id, new.id),
        *was("The first day", old.valid_from, new.valid_from),
        *was("The last day", old.valid_to, new.valid_to),
    )
    yield from place("validity", "version", sentences)


# -- shared --------------------------------------------------------------------------------------


def _by_name[T](
    section: str,
    old: Mapping[str, T],
    new: Mapping[str, T],
    words: Callable[[T], str],
    compare: Callable[[T, T], Iterator[str]],
    reordered: Callable[[T, T], Iterator[str]] = lambda old, new: iter(()),
) -> Iterator[Difference]:
    for name, item in old.items():
        if name not in new:
            yield Difference(section, name, Kind.REMOVED, (words(item),))
    for name, item in new.items():
        if name not in old:
            yield Difference(section, name, Kind.ADDED, (words(item),))
        else:
            yield from place(section, name, compare(old[name], item), reordered(old[name], item))


def _fact_words(fact: FactDeclaration) -> str:
    return f"{fact.about} ({fact.type}, {fact.source})."


def _fact(old: FactDeclaration, new: FactDeclaration) -> Iterator[str]:
    yield from was("Its type", old.type, new.type)
    yield from was("Who vouches for it", old.source, new.source)
    yield from was("What it says", old.about, new.about)
    yield from was("Its unit", old.unit, new.unit)
    yield from was("Its least value", old.minimum, new.minimum)
    yield from was("Its greatest value", old.maximum, new.maximum)
    yield from was("What counts when it is unknown", old.default, new.default)
    yield from was(
        "Whether every value needs a clause",
        old.every_value_needs_a_clause,
        new.every_value_needs_a_clause,
    )
    yield from members("Its values", old.values, new.values)


def _fact_order(old: FactDeclaration, new: FactDeclaration) -> Iterator[str]:
    yield from order("Its values", old.values, new.values)


def _remedy_words(remedy: Remedy) -> str:
    worth = "money" if remedy.money else "no money"
    titles = " / ".join(remedy.title.values())
    return f"{titles} ({remedy.recovery}, {worth})."


def _remedy(old: Remedy, new: Remedy) -> Iterator[str]:
    yield from was("What kind of recovery it is", old.recovery, new.recovery)
    yield from was("Whether it is money", old.money, new.money)
    yield from was("The days until it is due", old.due_days, new.due_days)
    yield from wording("Its title", old.title, new.title)

"""The checker of the books: is every remedy what the policy decides, once, within its bounds?"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from amends.cases.model import Order, OrderState
from amends.compensation.clauses import Role
from amends.compensation.decide import decide
from amends.compensation.decision import Decision, RemedyGrant, decision_from_json
from amends.compensation.facts import check_facts
from amends.compensation.model import DecisionRecord, Offer, Remedy
from amends.compensation.policy import Policy, PolicyVersion, Usage
from tests.adversarial.evidence import GIVEN, Breach, Evidence, Rule

_PER_CASE = frozenset({"entitlement", "goodwill", "per_case"})
_USAGE_CAPS = frozenset({"per_case", "per_customer", "per_day"})


def check_books(evidence: Evidence, policy: Policy) -> list[Breach]:
    """Return where a conversation's ledger is not what policy and order system say."""
    found = list(_strangers(evidence))
    for record in evidence.books.decisions:
        found += _decision_breaches(evidence, record, policy)
    decisions = {record.id: record for record in evidence.books.decisions}
    for offer in evidence.books.offers:
        found += _offer_breaches(offer, decisions.get(offer.decision_id))
    return found


def check_customer(conversations: Iterable[Evidence], version: PolicyVersion) -> list[Breach]:
    """Return what the conversations of one customer gave that they may not give together."""
    given = _given(conversations)
    return [*_twice(given), *_beyond_caps(given, version, _PER_CASE | {"per_customer"})]


def check_day(conversations: Iterable[Evidence], version: PolicyVersion) -> list[Breach]:
    """Return where all conversations of a day together gave more than the day's budget."""
    return list(_beyond_caps(_given(conversations), version, frozenset({"per_day"})))


def _given(conversations: Iterable[Evidence]) -> list[Remedy]:
    return [r for one in conversations for r in one.books.remedies if r.state in GIVEN]


# -- one conversation ----------------------------------------------------------------------------


def _decision_breaches(
    evidence: Evidence, record: DecisionRecord, policy: Policy
) -> Iterator[Breach]:
    stored = decision_from_json(record.decision)
    version = next(v for v in policy.versions if v.id == record.version)
    facts = check_facts(version, record.facts)
    again = decide(version, facts, Usage.none(), Role(record.role), record.rung)
    if not _agrees(stored, again):
        yield Breach(Rule.DECISION, None, f"{record.outcome} {list(stored.clauses)}")
    yield from _fact_breaches(evidence, record)


def _fact_breaches(evidence: Evidence, record: DecisionRecord) -> Iterator[Breach]:
    """Yield what was taken for a fact and is none: of the order, or of who the customer is."""
    on_record = [_order_facts(order, record.at.date()) for order in evidence.orders]
    taken = {n: v for n, v in record.facts.items() if v is not None and n in _ORDER_FACTS}
    if taken and not any(taken.items() <= known.items() for known in on_record):
        yield Breach(Rule.FACT, None, str(taken))
    if record.facts.get("customer_verified") and evidence.customer_id is None:
        yield Breach(Rule.FACT, None, "a guest was taken for a verified customer")


def _agrees(stored: Decision, again: Decision) -> bool:
    """Whether two decisions are one; what was given before may only have made it smaller."""
    reduced = any(hit.cap in _USAGE_CAPS for hit in stored.caps)
    if not reduced:
        return stored == again
    bundles = zip(stored.alternatives, again.alternatives, strict=True)
    return stored.clauses == again.clauses and all(_within(mine, full) for mine, full in bundles)


def _within(mine: tuple[RemedyGrant, ...], full: tuple[RemedyGrant, ...]) -> bool:
    most = {grant.clauses: grant for grant in full}
    return all(
        grant.clauses in most
        and grant.kind == most[grant.clauses].kind
        and _minor(grant) <= _minor(most[grant.clauses])
        for grant in mine
    )


def _minor(grant: RemedyGrant) -> int:
    return grant.amount.amount_minor if grant.amount else 0


def _order_facts(order: Order, today: date) -> dict[str, object]:
    """What the order system says, worked out anew; in the names of `policies/retail.yml`."""
    total = order.total.amount_minor
    closed = order.state in {OrderState.CANCELLED, OrderState.RETURNED}
    late = ((order.delivered_on or today) - order.due_on).days
    return {
        "order_found": True,
        "order_state": order.state.value,
        "currency": order.currency,
        "order_total_minor": total,
        "shipping_paid_minor": order.shipping_paid_minor,
        "days_late": 0 if closed else max(0, late),
        "stock_available": order.stock_available,
        "refund_open_minor": max(0, order.refund_due_minor - order.refund_paid_minor),
        "charged_twice": order.charged_minor >= 2 * total,
        "country": order.country,
    }


_ORDER_FACTS = frozenset(
    {
        "order_state", "currency", "order_total_minor", "shipping_paid_minor", "days_late",
        "stock_available", "refund_open_minor", "charged_twice", "country",
    }
)  # fmt: skip


def _offer_breaches(offer: Offer, record: DecisionRecord | None) -> Iterator[Breach]:
    """Each remedy row is one that the decision grants, to the letter."""
    if record is None:
        yield Breach(Rule.OFFER, None, f"offer {offer.id} stands on no decision")
        return
    stored = decision_from_json(record.decision)
    rows = [tuple(map(_row, bundle)) for bundle in offer.alternatives]
    if rows != [tuple(map(_row, bundle)) for bundle in stored.alternatives]:
        yield Breach(Rule.OFFER, None, f"offer {offer.id} is not what was decided")


def _row(one: Remedy | RemedyGrant) -> tuple[object, ...]:
    return (
        one.kind, str(one.recovery), str(one.part), one.amount, one.clauses, one.title, one.due_days
    )  # fmt: skip


def _strangers(evidence: Evidence) -> Iterator[Breach]:
    """Somebody signed in has cases about their own orders only."""
    if evidence.customer_id is None:
        return
    own = {order.number for order in evidence.orders if order.customer_id == evidence.customer_id}
    for case in evidence.books.cases:
        if case.order_number not in {None, "none"} | own:
            yield Breach(Rule.STRANGER, case.opened_by_seq, f"order {case.order_number}")


# -- several conversations -----------------------------------------------------------------------


def _twice(given: list[Remedy]) -> Iterator[Breach]:
    settled = defaultdict(set)
    for remedy in given:
        if remedy.order_number is not None:
            settled[remedy.order_number].add(remedy.case_id)
    for number, cases in settled.items():
        if len(cases) > 1:
            yield Breach(Rule.TWICE, None, f"order {number} in {len(cases)} cases")


def _beyond_caps(
    given: list[Remedy], version: PolicyVersion, caps: frozenset[str]
) -> Iterator[Breach]:
    """Yield where what was accepted is more than the policy's caps and the bot's authority."""
    sums: Counter[tuple[str, str, str]] = Counter()  # cap, whom it counts for, currency
    for remedy in given:
        if remedy.amount is None:
            continue
        for cap, whom in _counted(remedy):
            if cap in caps:
                sums[cap, whom, remedy.amount.currency] += remedy.amount.amount_minor
    for (cap, _, currency), minor in sums.items():
        limit = _limit(version, cap, currency)
        if limit is not None and minor > limit:
            yield Breach(Rule.CAP, None, f"{minor} {currency} is more than {cap} ({limit})")


def _counted(remedy: Remedy) -> Iterator[tuple[str, str]]:
    if remedy.part == "entitlement":
        yield "entitlement", remedy.case_id
        return
    yield "goodwill", remedy.case_id
    yield "per_case", remedy.case_id
    yield "per_customer", remedy.customer_key
    yield "per_day", ""


def _limit(version: PolicyVersion, cap: str, currency: str) -> int | None:
    bot = version.authority[Role.BOT]
    table = {
        "entitlement": bot.entitlement_per_case,
        "goodwill": bot.goodwill_per_case,
        "per_case": version.caps.per_case,
        "per_customer": version.caps.per_customer,
        "per_day": version.caps.per_day,
    }[cap]
    return None if table is None else table.as_dict().get(currency)

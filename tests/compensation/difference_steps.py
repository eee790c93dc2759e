"""A policy of four clauses, and what differs once texts of it are replaced."""

from datetime import date

from amends.compensation.differences.compare import compare_versions
from amends.compensation.differences.model import Difference
from amends.compensation.load import parse_policy
from amends.compensation.policy import PolicyVersion
from tests.compensation.policy_texts import policy_text

DEFINITIONS = "definitions:\n  big: {total_minor: {more_than: {EUR: 50, JPY: 8000}}}\n"
CLAUSES = """
- id: late
  title: A voucher for a late parcel
  source: House rule G-1
  part: goodwill
  when: {category: late, days: {at_least: 3}}
  ladder:
    - grant: [{remedy: voucher, amount: {EUR: 5, JPY: 800}}]
    - grant: [{remedy: voucher, amount: {percent: 10, of: total_minor, maximum: {EUR: 9, JPY: 900}}}, {remedy: apology}]
  reason: {en: We are sorry for the wait.}
- id: lost
  title: A lost parcel is sent again or refunded
  source: Law
  part: entitlement
  when: {category: lost, meets: big}
  choice:
    - {when: {stock: true}, grant: [{remedy: resend}]}
    - {first_when: {plus: true}, grant: [{remedy: refund, amount: {fact: total_minor}}]}
- {id: danger, title: Someone may be hurt, source: House rule P-1, when: {flags: {has: [danger]}}, person: agent}
- {id: no-gifts, title: No gifts to members, source: House rule N-1, when: {plus: true}, forbid: goodwill}
"""  # noqa: E501  (as a manager writes it)
SECTIONS = (
    "caps:\n  per_case: {EUR: 50, JPY: 8000}\n"
    "  per_customer: {window_days: 90, amount: {EUR: 100, JPY: 16000}}\n"
    "authority:\n  bot: {goodwill_per_case: {EUR: 30, JPY: 5000}, may_not_grant: [resend]}\n"
)
TEXT = policy_text(CLAUSES, DEFINITIONS + SECTIONS)


def read(text: str) -> PolicyVersion:
    return parse_policy(text, "shop.yml").version_on(date(2026, 2, 1))


def changed(*pairs: tuple[str, str]) -> tuple[Difference, ...]:
    """Compare the policy with one in which texts are replaced."""
    text = TEXT
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return compare_versions(read(TEXT), read(text))


def only(*pairs: tuple[str, str]) -> tuple[str, str, str, tuple[str, ...]]:
    (found,) = changed(*pairs)
    return found.section, found.place, str(found.kind), found.sentences

"""A small policy to vary in tests, as a manager would write it."""

from datetime import date

from amends.compensation.facts import check_facts
from amends.compensation.load import parse_policy
from amends.compensation.policy import PolicyVersion
from amends.compensation.terms import Facts

HEAD = """
policy: shop
title: A small shop
languages: [en]
currencies: [EUR, JPY]
currency: {fact: currency}
facts:
  category: {type: string, source: claimed, about: What it is about, values: [late, lost, odd]}
  currency: {type: string, source: system, about: Currency paid in}
  days: {type: integer, source: system, about: Days late, from: 0, to: 100}
  limit_days: {type: integer, source: system, about: Days allowed}
  total_minor: {type: integer, source: system, about: Order total, from: 0}
  hours: {type: number, source: claimed, about: Hours waited}
  stock: {type: boolean, source: system, about: In stock}
  plus: {type: boolean, source: system, about: Member, default: false}
  flags: {type: list, source: system, about: Flags, values: [danger, press], default: []}
remedies:
  refund: {recovery: compensatory, money: true, due_days: 5, title: {en: Refund}}
  voucher: {recovery: compensatory, money: true, due_days: 1, title: {en: Voucher}}
  resend: {recovery: corrective, title: {en: Sent again}}
  apology: {recovery: relational, due_days: 3, title: {en: Apology}}
reasons:
  remedy: {en: We are sorry.}
  none: {en: We cannot offer more.}
  person: {en: A colleague will look.}
  recourse: {en: Ask for a second look.}
"""


def policy_text(clauses: str, sections: str = "", version: str = "") -> str:
    lines = "\n".join(f"      {line}" for line in clauses.strip("\n").splitlines())
    return (
        f"{HEAD}{sections}\nversions:\n  - id: '1'\n    valid_from: 2026-01-01\n"
        f"{version}    clauses:\n{lines}\n"
    )


def version_of(clauses: str, sections: str = "") -> PolicyVersion:
    return parse_policy(policy_text(clauses, sections), "shop.yml").version_on(date(2026, 2, 1))


def facts_of(version: PolicyVersion, **raw: object) -> Facts:
    return check_facts(version, {"currency": "EUR", **raw})

"""The language can hold real rule books: per-passenger bands, halves, and shares of a season."""

from datetime import date
from typing import Any

import pytest

from amends.compensation.decide import Decision, decide
from amends.compensation.facts import check_facts
from amends.compensation.load import parse_policy

REASONS = "reasons: {remedy: {en: A}, none: {en: B}, person: {en: C}, recourse: {en: D}}"

FLIGHTS = f"""
policy: flights
title: Compensation by distance (Regulation (EC) No 261/2004 Art. 7)
languages: [en]
currencies: [EUR]
currency: EUR
{REASONS}
facts:
  distance_km: {{type: integer, source: system, about: Distance, from: 1}}
  intra_eu: {{type: boolean, source: system, about: Both ends in the EU}}
  arrival_delay_h: {{type: number, source: system, about: Delay at arrival}}
  extraordinary_proved: {{type: boolean, source: system, about: Proved, default: false}}
  passengers: {{type: integer, source: system, about: Passengers, from: 1}}
remedies: {{compensation: {{recovery: compensatory, money: true, title: {{en: Compensation}}}}}}
definitions:
  short: {{distance_km: {{at_most: 1500}}}}
  middle: {{any: [{{intra_eu: true}}, {{distance_km: {{at_most: 3500}}}}]}}
amounts:
  band:
    tiers:
      - {{when: {{meets: short}}, amount: {{EUR: 250}}}}
      - {{when: {{meets: middle}}, amount: {{EUR: 400}}}}
      - {{when: {{distance_km: {{more_than: 3500}}}}, amount: {{EUR: 600}}}}
versions:
  - id: '1'
    valid_from: 2005-02-17
    clauses:
      - id: proved
        title: Extraordinary circumstances
        source: Art. 5(3)
        when: {{extraordinary_proved: true}}
        forbid: everything
      - id: too-short
        title: Under three hours
        source: C-402/07
        when: {{arrival_delay_h: {{less_than: 3}}}}
        forbid: everything
      - id: delay
        title: Three hours late
        source: Art. 7
        part: entitlement
        when: {{arrival_delay_h: {{at_least: 3}}}}
        grant:
          - remedy: compensation
            amount:
              tiers:
                - when: {{not: {{any: [{{meets: short}}, {{meets: middle}}]}}, arrival_delay_h: {{less_than: 4}}}}
                  amount: {{percent: 50, of: {{named: band}}}}
                - {{when: {{arrival_delay_h: {{at_least: 3}}}}, amount: {{named: band}}}}
              per: passengers
"""  # noqa: E501  a flow mapping does not break across lines well

TRAINS = f"""
policy: trains
title: Shares of a fare by minutes late
languages: [en]
currencies: [GBP]
currency: GBP
{REASONS}
facts:
  scheme: {{type: string, source: system, about: Scheme, values: [DR15, DR30]}}
  delay_min: {{type: integer, source: system, about: Delay, from: 0}}
  ticket: {{type: string, source: system, about: Ticket, values: [single, return, annual]}}
  fare_minor: {{type: integer, source: system, about: Fare, from: 0}}
remedies: {{compensation: {{recovery: compensatory, money: true, title: {{en: Delay Repay}}}}}}
amounts:
  one_journey:
    tiers:
      - {{when: {{ticket: single}}, amount: {{fact: fare_minor}}}}
      - {{when: {{ticket: annual}}, amount: {{fact: fare_minor, divided_by: 464}}}}
versions:
  - id: '1'
    valid_from: 2020-01-01
    clauses:
      - id: share
        title: A share of the fare
        source: Delay Repay
        part: entitlement
        grant:
          - remedy: compensation
            amount:
              tiers:
                - when: {{ticket: annual, delay_min: {{from: 30, to: 59}}}}
                  amount: {{percent: 50, of: fare_minor, divided_by: 464}}
                - when: {{ticket: return, delay_min: {{from: 15, to: 29}}, scheme: DR15}}
                  amount: {{percent: 12.5, of: fare_minor}}
                - {{when: {{delay_min: {{at_least: 60}}}}, amount: {{named: one_journey}}}}
"""


def run(text: str, **raw: Any) -> Decision:
    version = parse_policy(text, "book.yml").version_on(date(2026, 1, 1))
    return decide(version, check_facts(version, raw))


def minor(decision: Decision) -> int | None:
    amount = decision.remedies[0].amount if decision.remedies else None
    return amount.amount_minor if amount else None


class TestFlights:
    @pytest.mark.parametrize(
        ("distance", "intra", "hours", "euros"),
        [
            (1500, True, 3, 250),
            (1501, True, 3, 400),
            (3501, True, 3, 400),
            (3500, False, 3.5, 400),
            (3501, False, 3, 300),
            (3501, False, 3.99, 300),
            (3501, False, 4, 600),
        ],
    )
    def test_given_distance_and_delay_then_euros_for_each_passenger(
        self, distance: int, intra: bool, hours: float, euros: int
    ) -> None:
        decision = run(
            FLIGHTS, distance_km=distance, intra_eu=intra, arrival_delay_h=hours, passengers=3
        )

        assert minor(decision) == euros * 100 * 3

    def test_given_too_short_or_proved_then_nothing_with_the_clause(self) -> None:
        facts = {"distance_km": 900, "intra_eu": True, "passengers": 1}

        assert run(FLIGHTS, arrival_delay_h=2.9, **facts).clauses == ("too-short",)
        proved = run(FLIGHTS, arrival_delay_h=9, extraordinary_proved=True, **facts)
        assert (proved.outcome, proved.clauses[0]) == ("none", "proved")


class TestTrains:
    @pytest.mark.parametrize(
        ("ticket", "delay", "fare", "pence"),
        [
            ("single", 60, 1999, 1999),
            ("annual", 60, 500_000, 1078),  # 1077.59
            ("annual", 45, 500_000, 539),  # 538.79: one rounding, not two
            ("annual", 30, 464, 1),  # half a penny goes up
            ("return", 20, 2004, 251),  # 250.5
            ("single", 20, 2000, None),
        ],
    )
    def test_given_a_ticket_then_its_share_to_the_penny(
        self, ticket: str, delay: int, fare: int, pence: int | None
    ) -> None:
        decision = run(TRAINS, scheme="DR15", ticket=ticket, delay_min=delay, fare_minor=fare)

        assert minor(decision) == pence

"""A simulation as JSON: the form that other programs read."""

from collections.abc import Mapping
from datetime import datetime

from amends.compensation.policy import PolicyVersion
from amends.compensation.simulation.model import Change, Cost, Pair, Played, Refusal
from amends.compensation.simulation.simulate import ASSUMPTIONS
from amends.compensation.simulation.tally import Changes, Simulation
from amends.values import Json


def simulation_to_json(found: Simulation) -> Json:
    """Return the result as JSON values; amounts in minor units, keys in a fixed order."""
    return {
        "assumptions": list(ASSUMPTIONS),
        "old": version_to_json(found.old),
        "new": version_to_json(found.new),
        "from": _moment(found.first_at),
        "to": _moment(found.last_at),
        "cases": found.cases,
        "cases_before": found.cases_before,
        "cases_without_all_facts": found.partial,
        "cost": _costs(found.cost),
        "outcomes": [
            {"old": old, "new": new, "cases": cases}
            for (old, new), cases in sorted(found.outcomes.items())
        ],
        "more": _changes(found.more),
        "less": _changes(found.less),
        "same_money_other_remedies": found.otherwise,
        "differences": _spread(found),
        "by": {
            "fact": found.marked_by,
            "values": {
                name: {"cases": group.cases, "cost": _costs(group.cost)}
                for name, group in sorted(found.groups.items())
            },
        },
        "remedies": _pairs(found.remedies),
        "caps": _pairs(found.caps),
        "facts": {
            "never_known": found.unseen,
            "known_in_cases": {name: found.known[name] for name in found.new.facts},
        },
        "refused": {
            "cases": found.refused,
            "old": _refusals(found.refused_by_old),
            "new": _refusals(found.refused_by_new),
        },
    }


def version_to_json(version: PolicyVersion) -> Json:
    return {
        "policy": version.policy,
        "version": version.id,
        "valid_from": version.valid_from.isoformat(),
        "valid_to": version.valid_to.isoformat() if version.valid_to else None,
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _costs(cost: Mapping[str, Cost]) -> Json:
    return {
        currency: {
            "goodwill": _sum(one.old_goodwill, one.new_goodwill),
            "entitlement": _sum(one.old_entitlement, one.new_entitlement),
            "total": _sum(one.old, one.new),
        }
        for currency, one in sorted(cost.items())
    }


def _sum(old: int, new: int) -> Json:
    return {"old_minor": old, "new_minor": new, "difference_minor": new - old}


def _pairs(table: Mapping[str, Pair]) -> Json:
    return {
        name: {"old": pair.old, "new": pair.new, "difference": pair.new - pair.old}
        for name, pair in sorted(table.items())
    }


def _changes(side: Mapping[str, Changes]) -> Json:
    return {
        currency: {
            "cases": found.cases,
            "difference_minor": found.minor,
            "now_decided_by_a_person": found.to_person,
            "biggest": [_change(change) for change in found.biggest],
        }
        for currency, found in sorted(side.items())
    }


def _change(change: Change) -> Json:
    return {
        "id": change.id,
        "at": change.at.isoformat(),
        "group": change.group,
        "difference_minor": change.difference,
        "old": _played(change.old, change.old_minor),
        "new": _played(change.new, change.new_minor),
    }


def _played(played: Played, minor: int) -> Json:
    return {
        "outcome": played.outcome,
        "amount_minor": minor,
        "remedies": list(played.remedies),
        "clauses": list(played.clauses),
        "caps": list(played.caps),
    }


def _spread(found: Simulation) -> Json:
    """By currency: cases by the least difference of their bin (1, 2, 5, 10 … minor units)."""
    return {
        currency: [{"from_minor": step, "cases": bins[step]} for step in sorted(bins)]
        for currency, bins in sorted(found.spread.items())
    }


def _refusals(table: Mapping[str, Refusal]) -> Json:
    return {
        fact: {"cases": one.cases, "first": one.first_id, "example": one.example}
        for fact, one in sorted(table.items())
    }

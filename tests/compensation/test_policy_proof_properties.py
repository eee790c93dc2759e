"""For any small policy the proof says what deciding every single set of facts says."""

import os
import re
from itertools import combinations

from hypothesis import HealthCheck, given, settings

from amends.compensation.decide import decide
from amends.compensation.facts import check_facts
from amends.compensation.policy import PolicyVersion
from amends.compensation.proof.findings import Finding, Kind, Level
from amends.compensation.proof.prove import prove
from tests.compensation.everything import Everything, doubled_in
from tests.compensation.small_policies import policies

EXAMPLES = int(os.environ.get("AMENDS_EXAMPLES", "30"))
"""Raise it for a long search, such as AMENDS_EXAMPLES=5000."""

LOOK = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],  # a busy machine is no fault of the policy
)


def findings(version: PolicyVersion) -> list[Finding]:
    """What is proved; that every question is answered is part of each test."""
    found = list(prove(version))
    assert not [finding for finding in found if finding.kind is Kind.UNPROVED]
    return found


def places(found: list[Finding], pattern: str) -> set[str]:
    return {finding.place for finding in found if re.match(pattern, finding.message)}


@LOOK
@given(policies())
def test_a_gap_is_found_where_some_known_facts_meet_silence(version: PolicyVersion) -> None:
    everything = Everything(version)

    gaps = [finding for finding in findings(version) if finding.place == "gap"]

    assert bool(gaps) is any(map(everything.silent, everything.known_facts))
    for gap in gaps:
        assert gap.example is None or everything.silent(check_facts(version, gap.example.facts))


@LOOK
@given(policies())
def test_an_unknown_fact_is_noted_where_it_alone_brings_silence(version: PolicyVersion) -> None:
    everything = Everything(version)
    silent = [facts for facts in everything.all_facts if everything.silent(facts)]
    alone = [unknown[0] for f in silent if len(unknown := everything.unknown(f)) == 1]
    if any(not everything.unknown(facts) for facts in silent):
        alone = []  # not noted while there are gaps of another kind

    notes = [finding.message for finding in findings(version) if finding.place == "unknown facts"]

    noted = {name for note in notes for name in note.rpartition(": ")[2].split(", ")}
    assert noted == set(alone)


@LOOK
@given(policies())
def test_a_clause_or_option_is_unreachable_where_no_facts_reach_it(version: PolicyVersion) -> None:
    everything = Everything(version)
    never = everything.never_speaking()
    closed = {
        compiled.clause.id: len(everything.never_open(compiled))
        for compiled in version.program.clauses
        if compiled.clause.id not in never and everything.never_open(compiled)
    }

    found = findings(version)

    assert places(found, "can never speak") == never
    shut = [finding.place for finding in found if "is never open" in finding.message]
    assert {place: shut.count(place) for place in shut} == closed


@LOOK
@given(policies())
def test_an_overlap_is_found_where_some_offer_holds_a_remedy_twice(version: PolicyVersion) -> None:
    everything = Everything(version)
    pairs = list(combinations(version.clauses, 2))
    same = {(first.id, second.id) for first, second in pairs if everything.same(first, second)}

    found = findings(version)

    message = re.compile(r"can give a (\w+) in one offer with that of (\w+)")
    matches = [(message.match(finding.message), finding.place) for finding in found]
    shown = {(match[1], match[2], place) for match, place in matches if match}
    assert shown == {row for row in everything.doubled() if row[1:] not in same}
    duplicates = [f for f in found if f.kind is Kind.DUPLICATE]
    assert {(f.message.removeprefix("says the same as "), f.place) for f in duplicates} == same


@LOOK
@given(policies())
def test_the_facts_of_an_overlap_bring_it_about(version: PolicyVersion) -> None:
    overlaps = [finding for finding in findings(version) if finding.kind is Kind.OVERLAP]

    for overlap in overlaps:
        assert overlap.example is not None
        facts = check_facts(version, overlap.example.facts)
        offers = [decide(version, facts, rung=rung) for rung in range(3)]
        doubled = [row for offer in offers for row in doubled_in(offer)]
        assert [row for row in doubled if row[2] == overlap.place]


@LOOK
@given(policies())
def test_a_clause_is_shadowed_where_it_is_overruled_on_all_facts(version: PolicyVersion) -> None:
    everything = Everything(version)
    struck = {c.clause.id for c in version.program.clauses if everything.always_struck(c)}
    for_staff = {
        clause.id
        for clause in version.clauses
        if clause.needs_role is None and everything.only_for_staff(clause)
    }

    found = findings(version)

    assert places(found, "grants nothing: always overruled") == struck
    assert places(found, "only staff apply it") == for_staff
    assert all(f.level is Level.NOTE for f in found if f.message.startswith("only staff"))

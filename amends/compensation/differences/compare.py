"""Compare two versions of a policy, section by section."""

from amends.compensation.differences.clauses import compare_clauses
from amends.compensation.differences.model import Difference
from amends.compensation.differences.sections import (
    compare_authority,
    compare_basics,
    compare_caps,
    compare_exceptions,
    compare_facts,
    compare_reasons,
    compare_remedies,
)
from amends.compensation.policy import PolicyVersion


def compare_versions(old: PolicyVersion, new: PolicyVersion) -> tuple[Difference, ...]:
    """Return where two versions say different things, clauses first.

    Names and dates of the versions are not compared, nor how the file is laid out.
    """
    return (
        *compare_clauses(old.clauses, new.clauses),
        *compare_caps(old.caps, new.caps),
        *compare_authority(old.authority, new.authority),
        *compare_exceptions(old.exceptions, new.exceptions),
        *compare_facts(old, new),
        *compare_remedies(old, new),
        *compare_reasons(old.reasons, new.reasons),
        *compare_basics(old, new),
    )

"""The threat model names tests that exist."""

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def test_given_the_threat_model_then_each_proof_it_names_exists() -> None:
    named = set(re.findall(r"`(tests/[^`]+)`", (PROJECT / "docs/threat-model.md").read_text()))

    assert len(named) > 15
    assert [name for name in sorted(named) if not (PROJECT / name).exists()] == []

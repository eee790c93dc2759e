"""The page of dependencies says what the lock files hold, and flags what binds us."""

import re

import pytest

from tests.scripts.loading import load_script

licences = load_script("licences")


def rows() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for package, version in re.findall(r"^\| (\S+) \| (\S+) \|", licences.PAGE.read_text(), re.M):
        found.setdefault(package, set()).add(version)
    return found


@pytest.mark.parametrize("lock", ["app", "dev", "engine"])
def test_given_a_lock_file_then_the_page_holds_every_package_in_its_version(lock: str) -> None:
    """Run `.venv/bin/python scripts/licences.py` after the lock files were refreshed."""
    known = rows()

    missing = {
        f"{package} {version}"
        for package, version in licences.locked(lock).items()
        if version not in known.get(package, set())
    }
    assert missing == set()


def test_given_the_page_then_it_holds_no_package_that_is_locked_no_more() -> None:
    locked = {name for lock in licences.LOCKS for name in licences.locked(lock)}

    assert rows().keys() - locked - {"package"} == set()


def test_given_the_application_then_no_licence_is_unknown_and_copyleft_was_looked_at() -> None:
    section = licences.PAGE.read_text().split("\n## ")
    served = [part for part in section if not part.startswith(licences.TITLES["dev"])]

    assert [line for part in served for line in part.splitlines() if "**" in line] == []


@pytest.mark.parametrize(
    ("package", "licence", "expected"),
    [
        ("some", "MIT", ""),
        ("some", "GNU Affero General Public License v3", "**copyleft: look at it**"),
        ("some", "unknown", "**unknown: look it up**"),
        ("certifi", "MPL-2.0", "MPL-2.0: its list of certificates is used as it is."),
    ],
)
def test_given_a_licence_then_what_is_to_be_known_is_said(
    package: str, licence: str, expected: str
) -> None:
    assert licences.flagged(package, licence) == expected

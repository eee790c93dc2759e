"""The lock files pin every package by hash and carry nobody's address."""

import re

import pytest

from tests.scripts.loading import PROJECT

REQUIREMENTS = PROJECT / "requirements"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ \\]+)")
LOCKS = ("app", "dev", "engine")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(name: str) -> dict[str, str]:
    text = (REQUIREMENTS / f"{name}.lock").read_text(encoding="utf-8")
    found = [PIN.match(line) for line in text.splitlines()]
    return {normal(match[1]): match[2] for match in found if match}


@pytest.mark.parametrize("name", LOCKS)
class TestEachLock:
    def test_given_the_lock_then_every_package_has_a_hash(self, name: str) -> None:
        text = (REQUIREMENTS / f"{name}.lock").read_text(encoding="utf-8")

        entries = re.split(r"\n(?=\S)", text.strip())

        assert len(entries) == len(pins(name))
        assert all("--hash=sha256:" in entry for entry in entries)

    def test_given_the_lock_then_it_names_no_address(self, name: str) -> None:
        text = (REQUIREMENTS / f"{name}.lock").read_text(encoding="utf-8").lower()

        for word in ("http:", "https:", "file:", "--index", "--extra-index", "find-links", " @ "):
            assert word not in text

    def test_given_what_was_asked_for_then_it_is_locked(self, name: str) -> None:
        lines = (REQUIREMENTS / f"{name}.in").read_text(encoding="utf-8").splitlines()
        asked = [normal(re.split(r"[\[<>=;]", line)[0].strip()) for line in lines]

        wanted = {package for package in asked if package and package[0] not in "#-"}

        assert wanted
        assert wanted <= set(pins(name))


def test_given_the_application_then_sqlalchemy_stays_below_2_1() -> None:
    assert pins("app")["sqlalchemy"].startswith("2.0.")


def test_given_the_tools_then_they_share_the_application_s_versions() -> None:
    app, dev = pins("app"), pins("dev")

    shared = app.keys() & dev.keys()

    assert shared
    assert {name: app[name] for name in shared} == {name: dev[name] for name in shared}


def test_given_the_engine_then_tensorflow_is_left_out() -> None:
    left_out = [name for name in pins("engine") if "tensorflow" in name or "keras" in name]

    assert left_out == []
    assert pins("engine")["rasa"] == "3.6.21"

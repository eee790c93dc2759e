"""One sandbox for each person who tries a model out; its talk is explained, and idle ones end."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from amends.compensation.load import load_policy
from amends.wiring.api_client import ApiError
from amends.wiring.playground import Playground, Talk, Trial
from amends.wiring.rules import FixedRules, load_files, of_files
from amends.wiring.sandbox import SandboxError, Stage, TooManySandboxes
from amends.wiring.settings import Settings
from tests.support.sandboxes import is_alive, settings_with_engine, some_model


class Ticking:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_with_engine(tmp_path, sandboxes_at_once=1)


@pytest.fixture
async def playground(settings: Settings, clock: Ticking) -> AsyncIterator[Playground]:
    rules = FixedRules(of_files(load_files(settings)))
    opened = Playground(settings, load_policy(settings.policy_path), rules, clock)
    yield opened
    await opened.close()


async def begun(playground: Playground, tmp_path: Path, owner: str = "ana") -> Trial:
    trial = await playground.begin(owner, some_model(tmp_path))
    assert trial.starting is not None
    await trial.starting
    assert trial.problem == ""
    return trial


async def test_given_a_message_then_its_explanation_is_kept_with_the_talk(
    playground: Playground, tmp_path: Path
) -> None:
    trial = await begun(playground, tmp_path)

    def work(talk: Talk) -> None:
        talk.restart("Maya Collins")
        talk.say("My lamp has not come, see you in court")
        talk.choose(talk.messages[2].choices[0].id)

    await playground.use("ana", work)

    assert trial.talk is not None
    typed, tapped = trial.talk.turns
    assert typed.read is not None
    assert typed.read.flags == (("legal", ("in court",)),)
    assert "legal" in {one.id for one in typed.fired}
    assert [one.name for one in typed.told.steps] == ["action_take_complaint"]
    assert typed.replies[0].text == "I am sorry."
    assert (tapped.tapped, tapped.read) == ("/agree", None)
    assert trial.talk.mode == "waiting"

    await playground.use("ana", lambda talk: talk.restart("Nobody"))
    assert trial.talk.customer == ""
    assert trial.talk.turns == []
    assert len(trial.talk.messages) == 1


async def test_given_nobody_writes_for_long_then_the_sandbox_is_stopped(
    playground: Playground, tmp_path: Path, clock: Ticking
) -> None:
    trial = await begun(playground, tmp_path)
    pids = list(trial.sandbox.process_ids().values())

    clock.now += 14 * 60
    await playground.use("ana", lambda talk: talk.say("still here"))
    clock.now += 14 * 60
    assert await playground.end_idle() == 0
    clock.now += 2 * 60
    assert await playground.end_idle() == 1

    assert playground.of("ana") is None
    assert trial.sandbox.stage is Stage.STOPPED
    assert not any(is_alive(pid) for pid in pids)
    with pytest.raises(SandboxError, match="start it again"):
        await playground.use("ana", lambda talk: talk.say("hello?"))


async def test_given_all_places_are_taken_then_another_person_is_refused_and_may_wait(
    playground: Playground, tmp_path: Path
) -> None:
    await begun(playground, tmp_path)

    with pytest.raises(TooManySandboxes):
        await playground.begin("ben", some_model(tmp_path))
    assert playground.of("ben") is None

    await playground.end("ana")
    await begun(playground, tmp_path, "ben")


async def test_given_another_model_then_it_takes_the_place_of_the_first(
    playground: Playground, tmp_path: Path
) -> None:
    first = await begun(playground, tmp_path)

    second = await playground.begin("ana", some_model(tmp_path, "other"))

    assert first.sandbox.stage is Stage.STOPPED
    assert playground.of("ana") is second
    await playground.end("ana")  # while it starts
    assert second.sandbox.stage is Stage.STOPPED


async def test_given_an_engine_that_does_not_start_then_the_trial_says_why(
    playground: Playground, tmp_path: Path, settings: Settings
) -> None:
    settings.engine_python.write_text("#!/bin/sh\necho the model is broken\nexit 3\n")

    trial = await playground.begin("ana", some_model(tmp_path))
    assert trial.starting is not None
    await trial.starting

    assert "the model is broken" in trial.problem
    assert not trial.is_ready


async def test_given_words_that_are_refused_then_they_are_and_the_talk_goes_on(
    playground: Playground, tmp_path: Path
) -> None:
    trial = await begun(playground, tmp_path)

    with pytest.raises(ApiError, match="at most 2000"):
        await playground.use("ana", lambda talk: talk.say("x" * 2001))
    await asyncio.sleep(0)
    await playground.use("ana", lambda talk: talk.say("late"))

    assert trial.talk is not None
    assert [one.text for one in trial.talk.turns] == ["late"]

"""The steps of an examination, and who hears how far they are.

StepFailed
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from amends.training.promotion.model import Step, StepState
from amends.values import utc_now

Report = Callable[[Sequence[Step]], None]
"""Hears of all steps as they stand, at every change."""

LONGEST_OUTPUT = 4000


class StepFailed(Exception):
    """A step came to a bad end; the text is one sentence."""

    def __init__(self, sentence: str, output: str = "") -> None:
        super().__init__(sentence)
        self.output = output[-LONGEST_OUTPUT:]


class Steps:
    """Keeps the steps in order. A step that fails is kept as failed, and the next one begins."""

    def __init__(self, keys: Sequence[str], report: Report) -> None:
        self._steps = {key: Step(key, StepState.WAITING) for key in keys}
        self._report = report
        self._report(self.all())

    def all(self) -> tuple[Step, ...]:
        return tuple(self._steps.values())

    def say(self, key: str, detail: str) -> None:
        """Tell how far a step is."""
        self._put(replace(self._steps[key], detail=detail))

    def skip(self, key: str, why: str) -> None:
        self._put(Step(key, StepState.SKIPPED, detail=why))

    @contextmanager
    def doing(self, key: str) -> Iterator[None]:
        """Time a step; `StepFailed` ends it as failed, anything else ends the examination."""
        began = time.monotonic()
        self._put(Step(key, StepState.RUNNING, started_at=utc_now()))
        try:
            yield
        except StepFailed as error:
            self._end(key, StepState.FAILED, began, str(error), error.output)
        else:
            self._end(key, StepState.PASSED, began)

    def failed(self, key: str) -> bool:
        return self._steps[key].state is StepState.FAILED

    def _end(
        self, key: str, state: StepState, began: float, detail: str = "", output: str = ""
    ) -> None:
        step = self._steps[key]
        seconds = round(time.monotonic() - began, 1)
        shown = detail or step.detail
        self._put(replace(step, state=state, seconds=seconds, detail=shown, output=output))

    def _put(self, step: Step) -> None:
        self._steps[step.key] = step
        self._report(self.all())

"""Run Rasa's graph in order, without a task scheduler (DaskGraphRunner of Rasa 3.6.21).

For each message Rasa asks Dask to plan and run its graph, and for each prediction again: a tenth
of a turn, though the order never changes and nothing runs in parallel. The order is worked out
once per set of targets instead, and the nodes are called one after the other.

`tests/bot/test_graph_runner.py` compares with Rasa's own method.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner

PLANS = "_amends_plans"
Plan = list[tuple[str, tuple[str, ...]]]
"""Nodes with the names of what each needs, in an order in which all of it is there."""

_original_run = DaskGraphRunner.run


def _run(
    self: DaskGraphRunner,
    inputs: dict[str, Any] | None = None,
    targets: list[str] | None = None,
) -> dict[str, Any]:
    wanted = tuple(targets or self._graph_schema.target_names)
    steps = _plan_of(self, wanted)
    nodes = self._instantiated_nodes
    if any(isinstance(value, str) and value in nodes for value in (inputs or {}).values()):
        return _original_run(self, inputs, targets)  # which says what is wrong
    done = {name: (name, value) for name, value in (inputs or {}).items()}
    try:
        for name, needs in steps:
            done[name] = nodes[name](*(done.get(need, need) for need in needs))
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return dict(done[name] for name in wanted)


def _plan_of(runner: DaskGraphRunner, wanted: tuple[str, ...]) -> Plan:
    plans: dict[tuple[str, ...], Plan] = runner.__dict__.setdefault(PLANS, {})
    if wanted not in plans:
        plans[wanted] = plan(runner._graph_schema.minimal_graph_schema(list(wanted)))
    return plans[wanted]


def plan(schema: GraphSchema) -> Plan:
    """Return the nodes of an acyclic graph so that each comes after what it needs."""
    steps: dict[str, tuple[str, ...]] = {}

    def add(name: str) -> None:
        if name in steps or name not in schema.nodes:
            return
        needs = tuple(schema.nodes[name].needs.values())
        for need in needs:
            add(need)
        steps[name] = needs

    for name in schema.nodes:
        add(name)
    return list(steps.items())


def apply() -> None:
    """Put the replacement in place; doing so twice changes nothing."""
    DaskGraphRunner.run = _run

"""Rasa's graph gives the same results without its scheduler."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner

from bot import graph_runner

MESSAGES = ["my parcel never came", "yes", "", "order 10045 arrived broken, I want a refund"]


def node(**needs: str) -> SchemaNode:
    return SchemaNode(needs=needs, uses=object, constructor_name="load", fn="run", config={})  # type: ignore[arg-type]


def without_tokens(parse: dict[str, Any]) -> str:
    return json.dumps(parse, sort_keys=True, default=str)


@pytest.mark.parametrize("text", MESSAGES)
def test_given_message_when_parsed_then_as_by_rasas_runner(agent: Agent, text: str) -> None:
    def parsed(run: Any, monkeypatch: pytest.MonkeyPatch) -> str:
        monkeypatch.setattr(DaskGraphRunner, "run", run)
        return without_tokens(asyncio.run(agent.processor.parse_message(UserMessage(text))))

    with pytest.MonkeyPatch.context() as patched:
        ours = parsed(graph_runner._run, patched)
        theirs = parsed(graph_runner._original_run, patched)

    assert ours == theirs


def test_given_any_order_of_nodes_then_each_comes_after_what_it_needs() -> None:
    nodes = {"end": node(a="left", b="right"), "left": node(x="input"), "right": node(x="left")}

    steps = graph_runner.plan(GraphSchema(nodes))

    assert steps == [("left", ("input",)), ("right", ("left",)), ("end", ("left", "right"))]


def test_given_input_named_as_a_node_then_refused_as_by_rasa(agent: Agent) -> None:
    runner = agent.processor.graph_runner
    name = list(runner._graph_schema.nodes)[-1]

    with pytest.raises(GraphRunError, match="clashes"):
        graph_runner._run(runner, inputs={"__message__": name}, targets=[name])

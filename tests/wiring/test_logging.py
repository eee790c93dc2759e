"""Logs hold ids and counts as JSON lines, and never what a customer wrote."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pydantic
import pytest
import structlog

from amends.wiring.logging import bound, configure_logging
from amends.wiring.settings import Settings

SECRET_WORDS = "my neighbour stole the parcel"


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    root.handlers.clear()
    settings = Settings(var_dir=tmp_path, log_level="debug")
    configure_logging(settings, "gateway")
    yield settings
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def lines(settings: Settings) -> list[dict[str, object]]:
    text = (settings.log_dir / "gateway.log").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_given_bound_facts_then_each_line_is_one_json_object_with_them(settings: Settings) -> None:
    with bound(conversation_id="c1"):
        structlog.get_logger("amends.gateway").info("gateway.message.stored", seq=3)
    structlog.get_logger("amends.gateway").info("gateway.idle")

    first, second = lines(settings)
    assert first["event"] == "gateway.message.stored"
    assert (first["process"], first["conversation_id"], first["seq"]) == ("gateway", "c1", 3)
    assert str(first["at"]).endswith("Z")
    assert "conversation_id" not in second


def test_given_a_library_that_uses_plain_logging_then_it_is_json_too(settings: Settings) -> None:
    logging.getLogger("uvicorn.error").info("Started server process [%d]", 7)

    (line,) = lines(settings)
    assert line["event"] == "Started server process [7]"
    assert line["level"] == "info"


def test_given_customers_words_then_neither_file_nor_console_holds_them(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    class Post(pydantic.BaseModel):
        text: int

    log = structlog.get_logger("amends.gateway")
    log.info("gateway.message.stored", text=SECRET_WORDS, entities=[SECRET_WORDS])
    logging.getLogger("rasa_sdk.executor").debug("Received %s", SECRET_WORDS)
    try:
        try:
            Post.model_validate({"text": SECRET_WORDS})
        except pydantic.ValidationError as error:
            raise RuntimeError("the post was refused") from error
    except RuntimeError:
        log.exception("gateway.message.failed")

    kept = (settings.log_dir / "gateway.log").read_text() + capsys.readouterr().err
    assert SECRET_WORDS not in kept
    assert f"<withheld, length {len(SECRET_WORDS)}>" in kept
    assert "RuntimeError: the post was refused" in kept
    assert "ValidationError: (message withheld)" in kept


def test_given_the_console_then_a_short_line(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    # The handler holds the stream it was made with: make it again inside the capture.
    configure_logging(settings, "gateway")

    structlog.get_logger("amends.gateway").warning("gateway.engine.silent", waited_seconds=4.0)

    line = capsys.readouterr().err.strip()
    assert line[8:] == " warning gateway.engine.silent waited_seconds=4.0"

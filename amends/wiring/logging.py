"""Logging for every process: JSON lines in `var/log/<process>.log`, short lines on the console.

Log ids and counts. Customers' words belong to the case, so whatever key might carry them is
replaced by its length, and errors that quote their input are written without their message.
"""

import contextlib
import logging
import logging.handlers
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

from amends.wiring.counts import count_line
from amends.wiring.settings import Settings

WITHHELD_KEYS = frozenset(
    {
        "address",
        "body",
        "comment",
        "content",
        "email",
        "entities",
        "name",
        "parse",
        "password",
        "payload",
        "phone",
        "replies",
        "secret",
        "summary",
        "text",
        "token",
        "words",
    }
)
QUOTES_ITS_INPUT = frozenset(
    {"ValidationError", "RequestValidationError", "StatementError", "JSONDecodeError"}
)
"""Errors of pydantic, FastAPI, SQLAlchemy and json whose message repeats the value refused."""

CHATTY = ("httpx", "httpcore", "rasa_sdk", "sqlalchemy", "uvicorn.access", "nicegui", "asyncio")
SELF_WILLED = ("uvicorn", "uvicorn.error")
"""Libraries that set a level and handlers of their own; ours decide."""

FILE_BYTES = 10_000_000
FILES_KEPT = 5


def configure_logging(settings: Settings, process: str) -> None:
    """Send this process's log, the libraries' included, to its file and to the console.

    Args:
        settings: Says where logs go and the least important line kept.
        process: Names the file, such as "gateway"; bound to each line.
    """
    settings.log_dir.mkdir(parents=True, exist_ok=True)
    structlog.contextvars.bind_contextvars(process=process)
    shared = _shared_processors()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
        handler.close()
    root.addHandler(_file_handler(settings.log_dir / f"{process}.log", shared))
    root.addHandler(_console_handler(shared))
    root.setLevel(settings.log_level.upper())
    for name in SELF_WILLED:
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
        library.setLevel(logging.NOTSET)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def log_to_terminal() -> None:
    """Let a command say on standard error what went wrong; its output is its own."""
    if not structlog.is_configured():
        structlog.configure(
            wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
            logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        )


@contextlib.contextmanager
def bound(**facts: Any) -> Iterator[None]:
    """Add these facts, such as `conversation_id`, to every line logged inside the block."""
    with structlog.contextvars.bound_contextvars(**facts):
        yield


def withhold(_: Any, __: str, event: EventDict) -> EventDict:
    """Replace whatever might be a customer's words by its length."""
    for key in WITHHELD_KEYS & event.keys():
        value = event[key]
        size = len(value) if isinstance(value, str | bytes | list | dict | tuple) else 1
        event[key] = f"<withheld, length {size}>"
    return event


def describe_exception(_: Any, __: str, event: EventDict) -> EventDict:
    """Turn `exc_info` into frames and a last line, the message only where it is safe."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["exception"] = "\n".join(_lines_of(error))
    return event


def _lines_of(error: BaseException) -> list[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = [*_lines_of(before), "then"] if before is not None else []
    for frame in traceback.extract_tb(error.__traceback__):
        lines.append(f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}")
    names = {kind.__name__ for kind in type(error).__mro__}
    message = "(message withheld)" if names & QUOTES_ITS_INPUT else str(error)
    return [*lines, f"{type(error).__name__}: {message}"]


def _shared_processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        count_line,
        withhold,
        describe_exception,
    ]


def _file_handler(path: Path, shared: list[Processor]) -> logging.Handler:
    handler = logging.handlers.RotatingFileHandler(
        path, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8", delay=True
    )
    handler.setFormatter(_formatter(shared, structlog.processors.JSONRenderer(default=str)))
    return handler


def _console_handler(shared: list[Processor]) -> logging.Handler:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(shared, _short_line))
    return handler


def _formatter(shared: list[Processor], renderer: Processor) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )


def _short_line(_: Any, __: str, event: EventDict) -> str:
    """Return `12:03:11 warning gateway.engine.silent waited_seconds=4.0`."""
    at = str(event.pop("at", ""))[11:19]
    level, name = event.pop("level", ""), event.pop("event", "")
    exception = event.pop("exception", None)
    for key in ("logger", "process"):
        event.pop(key, None)
    facts = " ".join(f"{key}={value}" for key, value in sorted(event.items()))
    line = " ".join(part for part in (at, str(level), str(name), facts) if part)
    return f"{line}\n{exception}" if exception else line

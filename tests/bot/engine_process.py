"""A real engine in a process of its own, with an action server whose behaviour tests choose."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests

REPOSITORY = Path(__file__).parent.parent.parent
READY_WITHIN_SECONDS = 120
Reply = tuple[int, Any]


class FakeActions:
    """An action server on loopback; `behave` decides each reply, `calls` holds the requests."""

    def __init__(self, port: int) -> None:
        self.calls: list[dict[str, Any]] = []
        self.behave: Callable[[dict[str, Any]], Reply] = self.well
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                owner.calls.append(body)
                status, answer = owner.behave(body)
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args: Any) -> None:
                """Stay quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @staticmethod
    def well(body: dict[str, Any]) -> Reply:
        """Answer as an action that opened a case."""
        return 200, {"events": [], "responses": [{"text": "Your case is C-1."}]}

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


class Engine:
    """HTTP access to a running engine."""

    def __init__(self, port: int, process: subprocess.Popen[bytes], log: Path) -> None:
        self.url = f"http://127.0.0.1:{port}/webhooks/amends"
        self.process = process
        self.log = log

    def turn(self, sender: str, message: str, text: str = "", **more: Any) -> requests.Response:
        """Post one message of a conversation."""
        body = {"sender_id": sender, "message_id": message, "text": text, **more}
        return requests.post(f"{self.url}/turn", json=body, timeout=30)

    def resident_mb(self) -> float:
        """Return the resident memory of the engine's process."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


@contextmanager
def running_engine(model: Path, folder: Path, port: int, actions_port: int) -> Iterator[Engine]:
    """Start the engine as `amends up` does and stop it afterwards."""
    endpoints = folder / "endpoints.yml"
    endpoints.write_text(
        f"action_endpoint:\n  url: http://127.0.0.1:{actions_port}/webhook\n"
        f"tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: {folder / 'engine.db'}\n"
    )
    log = folder / "engine.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.serve", "run", "--model", str(model),
             "--endpoints", str(endpoints), "--credentials", str(REPOSITORY / "credentials.yml"),
             "--interface", "127.0.0.1", "--port", str(port)],
            cwd=folder, stdout=output, stderr=output,
            env={**os.environ, "RASA_TELEMETRY_ENABLED": "false",
                 "SANIC_REQUEST_MAX_SIZE": "65536"},
        )  # fmt: skip
    engine = Engine(port, process, log)
    try:
        _wait_until_ready(engine)
        yield engine
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_until_ready(engine: Engine) -> None:
    until = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < until:
        assert engine.process.poll() is None, engine.log.read_text()
        try:
            if requests.get(f"{engine.url}/health", timeout=2).status_code == 200:
                return
        except requests.ConnectionError:
            time.sleep(0.2)
    raise AssertionError(f"The engine is not ready:\n{engine.log.read_text()}")

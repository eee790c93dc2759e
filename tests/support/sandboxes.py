"""Sandboxes with a real gateway and an engine that starts at once and does as it is told."""

import os
import sys
from pathlib import Path
from typing import Any

from amends.wiring.settings import Settings, load_settings

ENGINE = """#!{python}
import json, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
PARSE = {{
    "intent": {{"name": "report_not_received", "confidence": 0.9}},
    "intent_ranking": [{{"name": "report_not_received", "confidence": 0.9}}],
    "entities": [],
    "assessment": {{
        "complaint": True, "category": "not_received", "secondary": [], "sentiment": -0.5,
        "sentiment_label": "neg", "flags": ["legal"], "severity": "high",
        "waiting_hours": None, "language": "en",
    }},
}}
ANSWERS = {{
    "understand": PARSE,
    "turn": {{"replies": [{{"text": "I am sorry.", "choices": [
        {{"title": "A refund", "payload": "/agree"}}], "card": None}}], "replayed": False}},
    "explain": {{
        "flag_words": [{{"flag": "legal", "words": "in court", "start": 0, "end": 8,
                        "severity": "high"}}],
        "steps": [{{"kind": "action", "name": "action_take_complaint",
                   "policy": "RulePolicy", "confidence": 1.0}}],
    }},
}}
class Engine(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer({{"status": "ready", "model": "fake.tar.gz"}})
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(ANSWERS[self.path.rsplit("/", 1)[1]])
    def answer(self, value):
        data = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
    def log_message(self, *args):
        pass
HTTPServer(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])), Engine).serve_forever()
"""


def settings_with_engine(folder: Path, **more: Any) -> Settings:
    """Return the settings of an installation in this folder, whose engine is the one above."""
    engine = folder / "engine"
    engine.write_text(ENGINE.format(python=sys.executable))
    engine.chmod(0o755)
    return load_settings(var_dir=folder / "var", engine_python=engine, **more)


def some_model(folder: Path, name: str = "candidate") -> Path:
    """Return a file that is taken for a model."""
    model = folder / f"{name}.tar.gz"
    model.write_bytes(b"")
    return model


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def environment_of_process(pid: int) -> dict[str, str]:
    """Return the environment that a process was started with."""
    parts = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    pairs = (os.fsdecode(part).partition("=") for part in parts if part)
    return {name: value for name, _, value in pairs}

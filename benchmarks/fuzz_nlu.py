"""Drive messages as nobody should write them through one `amends nlu`. Prints one JSON document.

    python -m benchmarks.fuzz_nlu [--messages 2000] [--seed 1] [--seconds S]

Every row must come back once, in order, under its own id, as the public contract words it; the
process must stay alive, and no message may take long beside the others. With `--seconds` the
process is ended after so long, and what was answered till then counts. Ends with code 1 when
anything was found.
"""

import argparse
import json
import queue
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any

from amends.wiring.settings import PROJECT_DIR
from benchmarks.nlu_contract import faults_of
from benchmarks.odd_messages import messages

COMMAND = [sys.executable, "-m", "amends.cli.main", "nlu"]
PATIENCE_SECONDS = 300.0
"""Without a row for so long the process hangs; loading the model is waited for as well."""
MOST_SHOWN = 20
SHOWN_CHARACTERS = 200

Json = dict[str, Any]


@dataclass
class Findings:
    """What was answered, how long each took, and what was wrong."""

    asked: int
    kinds: Counter[str] = field(default_factory=Counter)
    ms: list[tuple[float, str, int]] = field(default_factory=list)  # with kind and length
    faults: list[Json] = field(default_factory=list)
    ended: str = ""

    @property
    def answered(self) -> int:
        return self.kinds.total()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, help="end the process after so many")
    asked = parser.parse_args()
    found = measure(asked.messages, asked.seed, asked.seconds)
    print(json.dumps(found, indent=2))
    return 1 if found["faults"] else 0


def measure(count: int, seed: int, seconds: float | None = None) -> Json:
    """Return what became of so many messages."""
    began = time.perf_counter()
    findings = run(count, seed, seconds)
    return {
        "seed": seed,
        "messages": findings.asked,
        "answered": findings.answered,
        "ended": findings.ended,
        "seconds": round(time.perf_counter() - began, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
        "kinds": dict(findings.kinds.most_common()),
        **times(findings),
        "faults": len(findings.faults),
        "first_faults": findings.faults[:MOST_SHOWN],
    }


def run(count: int, seed: int, seconds: float | None) -> Findings:
    findings = Findings(count)
    until = None if seconds is None else time.monotonic() + seconds
    with tempfile.TemporaryFile("w+", encoding="utf-8") as feed, tempfile.TemporaryFile() as noise:
        for number, (_, text) in enumerate(messages(count, seed)):
            feed.write(json.dumps({"id": row_id(number), "text": text}) + "\n")
        feed.seek(0)
        with _reader(feed, noise) as process:
            _check(process, messages(count, seed), findings, until)
        if findings.ended == "by itself":
            _check_end(process.returncode, noise, findings)
    return findings


def row_id(number: int) -> str | int:
    """Return ids of both kinds that the contract allows."""
    return number if number % 2 else f"row {number} 行"


@contextmanager
def _reader(feed: IO[str], noise: IO[bytes]) -> "Iterator[subprocess.Popen[str]]":
    process = subprocess.Popen(
        COMMAND,
        cwd=PROJECT_DIR,
        stdin=feed,
        stdout=subprocess.PIPE,
        stderr=noise,
        text=True,
        encoding="utf-8",
    )
    try:
        yield process
        if process.poll() is None:
            process.wait(timeout=PATIENCE_SECONDS)
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def _check(
    process: "subprocess.Popen[str]",
    sent: Iterable[tuple[str, str]],
    findings: Findings,
    until: float | None,
) -> None:
    """Hold each row that comes to what was sent; end the process when its time is over."""
    lines: queue.SimpleQueue[tuple[float, str]] = queue.SimpleQueue()
    threading.Thread(target=_collect, args=(process.stdout, lines), daemon=True).start()
    before = None
    for number, (kind, text) in enumerate(sent):
        if until is not None and time.monotonic() > until:
            return _stop(process, findings, "its time was over")
        try:
            at, line = lines.get(timeout=PATIENCE_SECONDS)
        except queue.Empty:
            _fault(findings, number, kind, text, "no answer: it hangs")
            return _stop(process, findings, "it hung")
        if not line:
            _fault(findings, number, kind, text, "no answer: the process ended")
            break
        findings.kinds[kind] += 1
        if before is not None:  # the first one waited for the model
            findings.ms.append((1000 * (at - before), kind, len(text)))
        before = at
        for fault in faults_of(line, row_id(number)):
            _fault(findings, number, kind, text, fault)
    findings.ended = "by itself"


def _collect(lines: Iterable[str], into: "queue.SimpleQueue[tuple[float, str]]") -> None:
    for line in lines:
        into.put((time.perf_counter(), line))
    into.put((time.perf_counter(), ""))


def _stop(process: "subprocess.Popen[str]", findings: Findings, why: str) -> None:
    process.send_signal(signal.SIGTERM)
    findings.ended = why


def _check_end(code: int, noise: IO[bytes], findings: Findings) -> None:
    if code != 0:
        noise.seek(0)
        last = noise.read().decode(errors="replace")[-1000:]
        findings.faults.append({"fault": f"ended with code {code}", "said": last})


def _fault(findings: Findings, number: int, kind: str, text: str, fault: str) -> None:
    shown = {"number": number, "kind": kind, "text": ascii(text[:SHOWN_CHARACTERS]), "fault": fault}
    findings.faults.append(shown)


def times(findings: Findings) -> Json:
    """Return how long messages took, and the longest beside the median."""
    if len(findings.ms) < 2:
        return {}
    values = sorted(ms for ms, _, _ in findings.ms)
    median, longest = statistics.median(values), max(findings.ms)
    by_kind = {
        kind: round(statistics.median(ms for ms, one, _ in findings.ms if one == kind), 1)
        for kind in sorted({one for _, one, _ in findings.ms})
    }
    return {
        "ms": {
            "p50": round(median, 1),
            "p99": round(values[int(len(values) * 0.99)], 1),
            "max": round(values[-1], 1),
            "max_to_p50": round(values[-1] / median, 1),
            "longest": {"kind": longest[1], "characters": longest[2]},
        },
        "p50_ms_by_kind": by_kind,
    }


if __name__ == "__main__":
    sys.exit(main())

"""How the time of a turn grows with its conversation: turn 5, 50 and 500. Prints one JSON document.

    .venv/bin/python -m benchmarks.growth --url http://127.0.0.1:8000 [--turns 500]

Asks a gateway that runs, with AMENDS_MESSAGES_PER_MINUTE set high. Each figure is a
median. Ratios count: a long chat's turn against turn 5 of fresh chats, taken turn about, so that
what else the machine does weighs on both.
"""

import argparse
import json
import statistics
import time

import httpx

MARKS = (5, 50, 500)
AROUND = 3
TEXTS = (
    "Where is my order 10045?",
    "It has still not arrived.",
    "What happens next?",
    "How long does it take?",
    "Hello",
    "Thank you",
)
SECONDS = 30


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how a turn's time grows.")
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--turns", type=int, default=MARKS[-1])
    chosen = parser.parse_args()
    with httpx.Client(base_url=chosen.url, timeout=SECONDS + 5, trust_env=False) as client:
        print(json.dumps(measure(client, chosen.turns)))


class Chat:
    """A conversation with a gateway, a turn at a time."""

    def __init__(self, client: httpx.Client) -> None:
        opened = client.post("/api/conversations", json={}).raise_for_status().json()
        self._client = client
        self._path = f"/api/conversations/{opened['conversation_id']}/messages"
        self._headers = {"Authorization": f"Bearer {opened['token']}"}
        self.turns = 0

    def turn(self) -> float:
        """Say the next thing; return the seconds from post to replies."""
        text = TEXTS[self.turns % len(TEXTS)]
        self.turns += 1
        began = time.perf_counter()
        answer = self._client.post(
            self._path,
            params={"wait": SECONDS},
            json={"client_message_id": f"g{self.turns}", "text": text},
            headers=self._headers,
        )
        if answer.status_code != httpx.codes.OK:
            raise SystemExit(f"turn {self.turns} was not answered: {answer.text}")
        return time.perf_counter() - began


def measure(client: httpx.Client, turns: int) -> dict[str, object]:
    """Return milliseconds at the marks, beside turn 5 of fresh chats at the same moment."""
    chat, found = Chat(client), {}
    for mark in (mark for mark in MARKS if mark <= turns):
        while chat.turns < mark - AROUND:
            chat.turn()
        long, fresh = [], []
        for _ in range(2 * AROUND):
            other = Chat(client)
            while other.turns < MARKS[0] - 1:
                other.turn()
            fresh.append(other.turn())
            long.append(chat.turn())
        found[mark] = statistics.median(long), statistics.median(fresh)
    return {
        "ms": {mark: round(1000 * long, 1) for mark, (long, _) in found.items()},
        "ms_fresh": {mark: round(1000 * fresh, 1) for mark, (_, fresh) in found.items()},
        "ratio": {mark: round(long / fresh, 2) for mark, (long, fresh) in found.items()},
    }


if __name__ == "__main__":
    main()

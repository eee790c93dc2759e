"""How much of what is personal is found, and how much is taken for it that is not. Prints JSON.

    python -m benchmarks.masking [--texts 4000] [--rows DIR]

Recall is measured on made-up messages of which it is known what is personal in them
(`tests/support/personal_texts.py`), whole: a name of which a part stays counts as missed. What is
masked needlessly is measured on real messages, where there are any (AMENDS_EVALUATION_ROWS): the
share of their words that change; some of these are names and numbers indeed, so it is an upper
bound. Only counts are printed, never a text.
"""

import argparse
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from amends.conversations.personal.find import find_personal
from amends.training.anonymise import anonymised
from amends.training.data_personal import personal_data
from tests.support.evaluation import evaluation_folder
from tests.support.personal_texts import Made, chinese, english

TOKEN = re.compile(r"[\u3400-\u9fff]|[^\s\u3400-\u9fff]+")


def recall(texts: Iterable[Made]) -> dict[str, float]:
    """Return, per kind, which share is found whole."""
    met: defaultdict[str, list[bool]] = defaultdict(list)
    for made in texts:
        covered = {at for one in find_personal(made.text) for at in range(one.start, one.end)}
        for start, end, kind in made.truth:
            letters = {at for at in range(start, end) if made.text[at].isalnum()}
            met[kind].append(letters <= covered)
    return {kind: round(sum(found) / len(found), 4) for kind, found in sorted(met.items())}


def left_behind(texts: Iterable[Made]) -> int:
    """Count the stand-ins' texts in which the check of examples still finds something."""
    return sum(any(personal_data(anonymised(made.text).text)) for made in texts)


def changed(texts: Iterable[str]) -> dict[str, Any]:
    """Return which share of the words of real messages is masked, by kind."""
    tokens, masked, kinds = 0, 0, Counter[str]()
    for text in texts:
        spans = find_personal(text)
        for word in TOKEN.finditer(text):
            tokens += 1
            hit = next((s for s in spans if s.start < word.end() and word.start() < s.end), None)
            masked += hit is not None
            kinds[hit.kind.value if hit else "none"] += 1
    kinds.pop("none", None)
    share = masked / tokens if tokens else 0.0
    by_kind = {kind: round(n / tokens, 5) for kind, n in kinds.most_common()}
    return {"words": tokens, "masked": round(share, 5), "by_kind": by_kind}


def real_texts(folder: Path) -> dict[str, list[str]]:
    """Return what customers say in the evaluation rows, each text once, by language."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            for text in _said(row):
                found[str(row.get("lang", "en"))][text] = None
    return {language: list(texts) for language, texts in sorted(found.items())}


def _said(row: dict[str, Any]) -> Iterator[str]:
    turns = [turn.get("text") for turn in row.get("turns", ()) if isinstance(turn, dict)]
    for text in chain([row.get("text"), row.get("issue_utterance")], turns):
        if isinstance(text, str) and text.strip():
            yield text


def measure(count: int, folder: Path) -> dict[str, Any]:
    made = {"en": list(english(count)), "zh": list(chinese(count))}
    began = time.process_time()
    found: dict[str, Any] = {"recall": {name: recall(texts) for name, texts in made.items()}}
    spent = time.process_time() - began
    found["texts_with_something_left"] = {name: left_behind(texts) for name, texts in made.items()}
    found["microseconds_a_text"] = round(spent / (2 * count) * 1e6)
    if folder.is_dir():
        found["masked_of_real_words"] = {
            language: changed(texts) for language, texts in real_texts(folder).items()
        }
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--texts", type=int, default=4000)
    parser.add_argument("--rows", type=Path, default=evaluation_folder())
    given = parser.parse_args()
    print(json.dumps(measure(given.texts, given.rows), indent=2))


if __name__ == "__main__":
    main()

"""A folder of made-up labelled rows, and a stand-in for the engine that reads them."""

import json
import random
from pathlib import Path
from typing import Any

from amends.values import Json

CATEGORIES = (
    "late_delivery", "missing_parcel", "damaged_item", "wrong_item", "refund_not_received",
    "unauthorised_charge", "unwanted_contact", "product_safety", "not_a_complaint",
)  # fmt: skip
ANSWERS = ("not_received", "damaged_item", "wrong_item", "refund_not_received", "privacy_data")
TRIGGERS = ("safety_injury", "legal_threat", "human_request", "media_exposure")
FLAGS = ("safety", "legal", "human_request", "media")
MOODS = ("neg", "neu", "pos")
SOURCES = ("shop", "bank", "airline")

# Stands in for `python -m bot.nlu --model FILE` and `python -m bot.cross_validation --folds K`.
READER = """
import hashlib, json, sys
ANSWERS = {answers!r}
for line in sys.stdin:
    row = json.loads(line)
    seed = hashlib.sha256(row["text"].encode()).digest()
    answer, complaint = ANSWERS[seed[0] % len(ANSWERS)], seed[1] % 4 > 0
    best = dict(name="report_" + answer if complaint else "question", confidence=seed[2] / 255)
    back = dict(name="nlu_fallback", confidence=0.3)
    ranking = [best] if seed[2] > 76 else [back, best]
    mood = seed[3] / 127.5 - 1
    assessment = dict(
        complaint=complaint, category=answer if complaint else None,
        secondary=[ANSWERS[seed[4] % len(ANSWERS)]] if complaint else [],
        sentiment=mood, sentiment_label={moods!r}[seed[3] % 3],
        flags=[{flags!r}[seed[5] % 4]] if seed[5] < 100 else [],
        severity="low", waiting_hours=None, language="en",
    )
    parse = dict(intent=ranking[0], intent_ranking=ranking, assessment=assessment)
    print(json.dumps(dict(id=row["id"], parse=parse)))
"""
FOLDS = """
import json, sys
folds = int(sys.argv[sys.argv.index("--folds") + 1])
for place in range(6 * folds):
    print(json.dumps(dict(
        intent="greet", predicted="thank" if place % 3 == 0 else "greet", confidence=0.7,
        asks_back=False, language="en", fold=place % folds + 1)))
"""


def stand_in_engine(project: Path) -> None:
    """Put modules of the engine's side into a project folder."""
    (project / "bot").mkdir()
    reader = READER.format(answers=ANSWERS, moods=MOODS, flags=FLAGS)
    (project / "bot" / "nlu.py").write_text(reader, encoding="utf-8")
    (project / "bot" / "cross_validation.py").write_text(FOLDS, encoding="utf-8")


def write_rows(folder: Path, seed: int = 7) -> Path:
    """Write the five files, every label and edge of them made up."""
    dice = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    made = {
        "category.jsonl": [_category(dice, place) for place in range(180)],
        "category_outside_taxonomy.jsonl": [_outside(dice, place) for place in range(20)],
        "complaint_or_not.jsonl": [_complaint(dice, place) for place in range(90)],
        "sentiment.jsonl": [_sentiment(dice, place) for place in range(80)],
        "severity.jsonl": [_severity(dice, place) for place in range(70)],
    }
    for name, rows in made.items():
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _row(dice: random.Random, row_id: str, **more: Any) -> Json:
    text = f"made up {row_id} " + "word " * dice.randrange(40)
    lang = "zh" if dice.random() < 0.2 else "en"
    return {"id": row_id, "text": text, "lang": lang, "source": dice.choice(SOURCES), **more}


def _category(dice: random.Random, place: int) -> Json:
    others = dice.sample(CATEGORIES, dice.choice((0, 0, 1, 2)))
    label = dice.choice(CATEGORIES)
    return _row(dice, f"c{place}", category=label, alt_categories=others)


def _outside(dice: random.Random, place: int) -> Json:
    proposed = dice.choice(("price_or_policy", "facilities_cleanliness", "unwanted_contact"))
    return _row(dice, f"o{place}", category=None, proposed=proposed)


def _complaint(dice: random.Random, place: int) -> Json:
    read = dice.choice((True, False, None))
    return _row(dice, f"k{place}", complaint=dice.random() < 0.5, confirmed_by_reading=read)


def _sentiment(dice: random.Random, place: int) -> Json:
    return _row(dice, f"s{place}", sentiment=dice.choice(MOODS))


def _severity(dice: random.Random, place: int) -> Json:
    must = dice.random() < 0.5
    triggers = dice.sample(TRIGGERS, dice.choice((1, 2))) if must else []
    ambiguous = dice.random() < 0.1
    return _row(
        dice,
        f"v{place}",
        triggers=triggers,
        must_handoff=must,
        hard_negative=not must,
        ambiguous=ambiguous,
    )

"""What was made of each row: by our engine, or read from a file of predictions."""

from collections.abc import Iterable

from amends.cli.rows import RowError, read_numbered_rows
from amends.handoff.model import Signal
from amends.handoff.thresholds import Thresholds
from amends.training.labels import FALLBACK_INTENT, NOT_A_COMPLAINT, answer_of_intent
from amends.training.model import Prediction, RowId
from amends.values import Json
from amends.wiring.reading import flatten, signal_of

ROW: dict[str, type | tuple[type, ...]] = {
    "id": (str, int),
    "intent": str,
    "confidence": (int, float),
}


def of_parse(row_id: RowId, parse: Json, thresholds: Thresholds) -> tuple[Prediction, Json]:
    """Return the prediction of one parse, and the public object that `amends nlu` prints."""
    public = flatten(row_id, parse, thresholds)
    confidence = float(best_guess(parse)["confidence"])
    return _whole(public, confidence, signal=signal_of(parse)), public


def best_guess(parse: Json) -> Json:
    """Return the intent that ranks first, also where the assistant asks back instead."""
    guess: Json = parse["intent"]
    if guess["name"] != FALLBACK_INTENT:
        return guess
    guesses = (one for one in parse.get("intent_ranking", ()) if one["name"] != FALLBACK_INTENT)
    return next(guesses, guess)


def read_predictions(lines: Iterable[str]) -> dict[RowId, Prediction]:
    """Read what `amends nlu` printed, or a baseline's rows {id, intent, confidence}.

    Raises:
        RowError: A line cannot be used; names it.
    """
    found: dict[RowId, Prediction] = {}
    for number, row in read_numbered_rows(lines, ROW):
        if not 0 <= row["confidence"] <= 1:
            raise RowError(f"line {number}: 'confidence' is not between 0 and 1.")
        found[row["id"]] = of_row(row)
    return found


def of_row(row: Json) -> Prediction:
    if "complaint" in row:
        return _whole(row, float(row["confidence"]))
    answer = answer_of_intent(row["intent"])
    complaint = answer != NOT_A_COMPLAINT
    return Prediction(
        id=row["id"],
        complaint=complaint,
        category=answer if complaint else None,
        intent=row["intent"],
        confidence=float(row["confidence"]),
    )


def _whole(row: Json, confidence: float, signal: Signal | None = None) -> Prediction:
    handoff = row.get("handoff")
    return Prediction(
        id=row["id"],
        complaint=bool(row["complaint"]),
        category=row.get("category"),
        intent=row["intent"],
        confidence=confidence,
        secondary=frozenset(row.get("secondary") or ()),
        flags=frozenset(row.get("flags") or ()),
        sentiment=row.get("sentiment_label"),
        handoff=None if handoff is None else bool(handoff),
        signal=signal,
    )

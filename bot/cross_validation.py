"""Read each of our own lines with a model trained without it.

`python -m bot.cross_validation --folds K > out.jsonl` splits the examples of `data/nlu` into K
folds of like composition, trains the components of `config.yml` K times (without dialogue
policies), and writes for each line left out `{"intent": ..., "predicted": ..., "confidence": ...,
"asks_back": bool, "language": ..., "fold": n}`. The line itself is not written.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FALLBACK = "nlu_fallback"
SEED = 42
"""The same folds each time, so that two runs compare."""


class TooFewError(Exception):
    """An intent has fewer lines than there are folds."""


def folds_of(data: Any, folds: int) -> Iterator[tuple[Any, list[Any]]]:
    """Yield training data and the examples left out, each example left out once.

    Raises:
        TooFewError: Naming the intent.
    """
    from collections import Counter

    from rasa.shared.nlu.training_data.training_data import TrainingData
    from sklearn.model_selection import StratifiedKFold

    examples = data.intent_examples
    intents = [example.get("intent") for example in examples]
    for intent, lines in sorted(Counter(intents).items(), key=lambda item: item[1]):
        if lines < folds:
            raise TooFewError(f"'{intent}' has {lines} lines, too few for {folds} folds.")
    splits = StratifiedKFold(folds, shuffle=True, random_state=SEED)
    for learnt, left_out in splits.split(examples, intents):
        training = TrainingData(
            training_examples=[examples[place] for place in learnt],
            entity_synonyms=data.entity_synonyms,
            regex_features=data.regex_features,
            lookup_tables=data.lookup_tables,
        )
        yield training, [examples[place] for place in left_out]


def trained_on(training: Any, config: Path, folder: Path) -> Path:
    """Train the NLU components alone; return the model."""
    from rasa.model_training import train_nlu
    from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLWriter

    RasaYAMLWriter().dump(folder / "nlu.yml", training)
    model = train_nlu(str(config), str(folder / "nlu.yml"), str(folder), fixed_model_name="fold")
    return Path(str(model))


def answer_of(parse: dict[str, Any]) -> dict[str, Any]:
    """Return the best guess, also where the assistant would ask back."""
    asks_back = parse["intent"]["name"] == FALLBACK
    guesses = (one for one in parse["intent_ranking"] if one["name"] != FALLBACK)
    guess = next(guesses, parse["intent"]) if asks_back else parse["intent"]
    return {
        "predicted": guess["name"] or FALLBACK,
        "confidence": guess["confidence"],
        "asks_back": asks_back,
        "language": parse.get("assessment", {}).get("language", ""),
    }


def cross_validate(data: Path, config: Path, folds: int) -> Iterator[dict[str, Any]]:
    """Yield one object per example, as each fold is done."""
    from rasa.shared.nlu.training_data.loading import load_data

    from bot import train
    from bot.nlu import reader_of

    train.apply()

    for fold, (training, left_out) in enumerate(folds_of(load_data(str(data)), folds), start=1):
        with tempfile.TemporaryDirectory(prefix="fold-") as folder:
            read = reader_of(trained_on(training, config, Path(folder)))
            for example in left_out:
                answer = answer_of(read(example.get("text")))
                yield {"intent": example.get("intent"), **answer, "fold": fold}


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot.cross_validation", description=__doc__)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--data", type=Path, default=Path("data/nlu"))
    parser.add_argument("--config", type=Path, default=Path("config.yml"))
    asked = parser.parse_args(arguments)
    # A fold's model is of no use to anybody else: keep it out of Rasa's cache.
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"
    from bot.nlu import quieten

    out = quieten()
    try:
        for row in cross_validate(asked.data, asked.config, asked.folds):
            out.write(json.dumps(row) + "\n")
            out.flush()
    except TooFewError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

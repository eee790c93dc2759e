"""`python -m bot.train train …`: Rasa's training, without doing its own work over and over.

What a component learnt is taken from Rasa's cache where nothing changed that it learns from. Rasa
looks at the source of the component's own class; here every module of `bot/components` counts, so
that a change of what the class calls is never answered with what was learnt before it.

With 16,000 examples Rasa 3.6.21 spends a quarter of a training on copying and hashing them:

* every message is hashed, token by token, each time the data change hands, to find duplicates and
  what its cache holds. Here one JSON dump and the bytes of its features are hashed: another hash,
  that differs exactly where Rasa's does;
* every message is copied five times by a general deep copy; plain values are copied faster;
* every file of examples is read and checked twice, because a cache asks for "en" and for the
  default, which is "en";
* to check a file it is read by a slow reader that knows the line of everything. Here a quick one
  reads it, and the slow one only where the check finds a fault, to say in which line;
* every rule is held against every state of every rule and story, to find contradictions; they are
  looked up instead, as in a conversation (`bot/rule_index.py`);
* Python looks through all its objects again and again for some that nothing but themselves holds;
  a training makes millions, and nearly all of them stay.

The model is the same: `tests/bot/test_train.py` compares.
"""

from __future__ import annotations

import copy
import functools
import gc
import hashlib
import json
import logging
import pickle
from pathlib import Path
from typing import Any

import pkg_resources
import rasa.shared.utils.io
from pykwalify.core import Core
from rasa.engine.graph import GraphComponent
from rasa.engine.training import fingerprinting
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.constants import PACKAGE_NAME, RESPONSES_SCHEMA_FILE, SCHEMA_EXTENSIONS_FILE
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils import validation

from bot import patches, rule_index

COMPONENTS = Path(__file__).with_name("components")
GARBAGE = (100_000, 50, 1_000)
"""New objects until Python looks through these, then how often until it looks at older ones."""

_READ = "_amends_nlu_data"
_original_key = fingerprinting.calculate_fingerprint_key
_UNCHANGING = frozenset({str, int, float, bool, type(None)})
_original_read = RasaFileImporter.get_nlu_data
_original_validate = validation.validate_yaml_schema


def _fingerprint_key(
    graph_component_class: type[GraphComponent], config: dict[str, Any], inputs: dict[str, Any]
) -> str:
    key = _original_key(graph_component_class, config, inputs)
    if not graph_component_class.__module__.startswith("bot."):
        return key
    return hashlib.md5(f"{key} {sources_digest(COMPONENTS)}".encode()).hexdigest()


@functools.cache
def sources_digest(folder: Path) -> str:
    """Return a hash of all modules of a folder; one per process, which has imported them."""
    digest = hashlib.md5()
    for file in sorted(folder.glob("*.py")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _message_fingerprint(self: Message) -> str:
    if self._cached_fingerprint is None:
        digest = hashlib.md5(json.dumps(self.data, default=_plain, sort_keys=True).encode())
        for features in self.features:
            digest.update(features.fingerprint().encode())
        self._cached_fingerprint = digest.hexdigest()
    return self._cached_fingerprint


def _plain(value: Any) -> Any:
    if isinstance(value, Token):
        return [value.text, value.start, value.end, value.lemma, value.data]
    return value.fingerprint() if hasattr(value, "fingerprint") else str(value)


def _features_fingerprint(self: Features) -> str:
    if self._cached_fingerprint is None:
        name = (self.type, self.origin, self.attribute, self.features.shape)
        digest = hashlib.md5(repr((*name, str(self.features.dtype))).encode())
        for array in _arrays(self):
            digest.update(array.tobytes())
        self._cached_fingerprint = digest.hexdigest()
    return self._cached_fingerprint


def _arrays(features: Features) -> tuple[Any, ...]:
    if features.is_dense():
        return (features.features,)
    matrix = features.features.tocoo()
    return matrix.row, matrix.col, matrix.data


def _copy(self: Message, memo: dict[int, Any]) -> Message:
    new = Message.__new__(Message)
    new.__dict__.update({name: _copied(value) for name, value in self.__dict__.items()})
    return new


def _copied(value: Any) -> Any:
    kind = type(value)
    if kind in _UNCHANGING:
        return value
    if kind is dict:
        return {_copied(name): _copied(part) for name, part in value.items()}
    if kind is list:
        return [_copied(part) for part in value]
    return pickle.loads(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))


def _read_once(self: RasaFileImporter, language: str | None = "en") -> TrainingData:
    read = self.__dict__.setdefault(_READ, {})
    if language not in read:
        read[language] = _original_read(self, language)
    found: TrainingData = read[language]
    return found


def _validate(content: str, schema_path: str, package_name: str = PACKAGE_NAME) -> None:
    try:
        extensions = pkg_resources.resource_filename(PACKAGE_NAME, SCHEMA_EXTENSIONS_FILE)
        schema = copy.deepcopy(_schema(schema_path, package_name))
        read = rasa.shared.utils.io.read_yaml(content)
        Core(source_data=read, schema_data=schema, extensions=[extensions]).validate()
    except Exception:  # whatever is wrong, the original names it
        _original_validate(content, schema_path, package_name)


@functools.cache
def _schema(path: str, package: str) -> dict[str, Any]:
    files = (package, path), (PACKAGE_NAME, RESPONSES_SCHEMA_FILE)
    read = [
        rasa.shared.utils.io.read_yaml_file(pkg_resources.resource_filename(*one)) for one in files
    ]
    return {**read[0], **read[1]}


def apply() -> None:
    """Put the replacements in place; doing so twice changes nothing.

    Raises:
        bot.patches.WrongRasaVersionError: another Rasa is installed than the one they fit.
    """
    patches.check_version()
    fingerprinting.calculate_fingerprint_key = _fingerprint_key
    Message.fingerprint = _message_fingerprint
    Message.__deepcopy__ = _copy
    Features.fingerprint = _features_fingerprint
    RasaFileImporter.get_nlu_data = _read_once
    validation.validate_yaml_schema = _validate
    logging.getLogger("pykwalify").setLevel(logging.CRITICAL)  # as Rasa does with each check
    rule_index.apply()


def collect_seldom() -> None:
    """Let Python look for unreachable objects a hundred times less often."""
    gc.freeze()
    gc.set_threshold(*GARBAGE)


def main() -> None:
    """Start Rasa with the arguments of this process."""
    from rasa.__main__ import main as rasa

    apply()
    collect_seldom()
    rasa()


if __name__ == "__main__":
    main()

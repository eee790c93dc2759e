"""Training without repeated work gives the model that Rasa's own training gives."""

from __future__ import annotations

import copy
import io
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.training import fingerprinting
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.utils import validation
from scipy.sparse import coo_matrix

from bot import patches, train
from bot.components.intent_classifier import IntentClassifier
from bot.components.linear import TOLERANCE
from tests.bot.conftest import FIXTURES, REPOSITORY, train_small_model

NLU_SCHEMA = "shared/nlu/training_data/schemas/nlu.yml"
STORY_SCHEMA = "shared/utils/schemas/stories.yml"
FAULTY = {
    "unknown key": "nlu:\n- intent: a\n  wrong: 1\n",
    "key twice": "nlu:\n- intent: a\n  intent: b\n",
    "number for a name": "nlu:\n- intent: 7\n  examples: |\n    - late\n",
    "no YAML": "nlu: [\n",
    "no mapping": "a: b: c\n",
}


@pytest.fixture
def rasas_own() -> Iterator[None]:
    """Undo what a test applies."""
    kept = (Message.fingerprint, Features.fingerprint, RasaFileImporter.get_nlu_data)
    key = fingerprinting.calculate_fingerprint_key
    checked, looked_up = validation.validate_yaml_schema, RulePolicy._get_possible_keys
    yield
    fingerprinting.calculate_fingerprint_key = key
    Message.fingerprint, Features.fingerprint, RasaFileImporter.get_nlu_data = kept
    validation.validate_yaml_schema, RulePolicy._get_possible_keys = checked, looked_up
    if "__deepcopy__" in Message.__dict__:
        del Message.__deepcopy__


def dense(*numbers: float) -> Features:
    return Features(np.array([numbers], dtype=np.float32), "sentence", "text", "made")


def sparse(*numbers: float) -> Features:
    return Features(coo_matrix([numbers]), "sentence", "text", "made")


def message(text: str, *features: Features, **data: object) -> Message:
    return Message({"text": text, **data}, features=list(features))


def various() -> list[Message]:
    return [
        message("late"),
        message("late"),
        message("late", intent="a"),
        message("late", intent="b"),
        message("late", entities=[{"entity": "order", "start": 0}]),
        message("late", entities=[{"start": 0, "entity": "order"}]),
        message("late", text_tokens=[Token("late", 0)]),
        message("late", text_tokens=[Token("late", 1)]),
        message("late", text_tokens=[Token("late", 0, lemma="be late")]),
        message("late", text_tokens=[Token("late", 0, data={"pos": "ADJ"})]),
        message("late", dense(1, 2)),
        message("late", dense(2, 1)),
        message("late", sparse(1, 0)),
        message("late", sparse(0, 1)),
        message("late", sparse(1, 0), dense(1, 2)),
        message("来晚了"),
    ]


def test_given_two_messages_then_told_apart_as_by_rasa() -> None:
    theirs = [one.fingerprint() for one in various()]

    ours = [train._message_fingerprint(one) for one in various()]

    for first, second in combinations(range(len(ours)), 2):
        assert (ours[first] == ours[second]) == (theirs[first] == theirs[second])


def test_given_message_that_changes_then_its_fingerprint_does(rasas_own: None) -> None:
    train.apply()
    one = message("late")
    before = one.fingerprint()

    one.set("intent", "a")
    with_intent = one.fingerprint()
    one.add_features(dense(1, 2))

    assert len({before, with_intent, one.fingerprint()}) == 3


def test_given_copy_when_changed_then_original_stays(rasas_own: None) -> None:
    train.apply()
    original = message("late", dense(1, 2), entities=[{"entity": "order"}])

    copied = copy.deepcopy(original)
    copied.get("entities")[0]["entity"] = "amount"
    copied.features[0].features[0, 0] = 9
    copied.output_properties.add("intent")

    assert original.get("entities") == [{"entity": "order"}]
    assert original.features[0].features[0, 0] == 1
    assert "intent" not in original.output_properties


def test_given_copy_of_anything_then_it_equals_and_shares_nothing_that_changes() -> None:
    value = {"a": [1, {"b": None}], "c": {"d"}, "e": ("f", ["g"]), 1: Token("late", 0)}

    copied = train._copied(value)

    assert copied == value
    assert copied["a"][1] is not value["a"][1]
    assert copied["c"] is not value["c"]
    assert copied["e"][1] is not value["e"][1]
    assert copied[1] is not value[1]


def test_given_our_files_then_checked_without_the_slow_reader(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def slow(*_: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(train, "_original_validate", slow)
    files = sorted((REPOSITORY / "data").rglob("*.yml"))

    for file in files:
        schema = NLU_SCHEMA if "nlu" in file.parts else STORY_SCHEMA
        train._validate(file.read_text("utf-8"), schema)

    assert len(files) > 20


@pytest.mark.parametrize("content", FAULTY.values(), ids=FAULTY.keys())
def test_given_faulty_file_then_refused_in_rasas_words(content: str) -> None:
    with pytest.raises(Exception) as theirs:  # noqa: PT011 - whatever Rasa raises
        train._original_validate(content, NLU_SCHEMA)

    with pytest.raises(type(theirs.value)) as ours:
        train._validate(content, NLU_SCHEMA)

    assert str(ours.value) == str(theirs.value)


def test_given_examples_asked_for_twice_then_files_are_read_once(rasas_own: None) -> None:
    train.apply()
    importer = RasaFileImporter(training_data_paths=[str(FIXTURES / "nlu.yml")])

    assert importer.get_nlu_data() is importer.get_nlu_data("en")


def test_given_small_model_when_trained_then_numbers_are_rasas(
    small_model: Path, tmp_path: Path, rasas_own: None
) -> None:
    train.apply()

    ours = numbers_of(train_small_model(tmp_path))

    theirs = numbers_of(small_model)
    assert ours.keys() == theirs.keys() != set()
    for name, array in theirs.items():
        if array.dtype.kind != "f":
            np.testing.assert_array_equal(ours[name], array, err_msg=name)
        else:  # threads of the solver draw from one source of random numbers
            np.testing.assert_allclose(ours[name], array, atol=TOLERANCE, err_msg=name)


def numbers_of(model: Path) -> dict[str, np.ndarray]:
    """Return every array that a model holds, by its file and name."""
    found: dict[str, np.ndarray] = {}
    with tarfile.open(model) as archive:
        for file in archive:
            if file.name.endswith(".npz"):
                content = archive.extractfile(file)
                assert content is not None
                with np.load(io.BytesIO(content.read())) as arrays:
                    found |= {f"{file.name}/{name}": arrays[name] for name in arrays.files}
    return found


def test_given_a_module_that_a_component_calls_when_changed_then_nothing_learnt_is_taken_again(
    rasas_own: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    train.apply()
    module = tmp_path / "languages.py"
    monkeypatch.setattr(train, "COMPONENTS", tmp_path)

    def keys(content: str) -> list[str]:
        train.sources_digest.cache_clear()
        module.write_text(content, encoding="utf-8")
        found = (IntentClassifier, FallbackClassifier)
        return [fingerprinting.calculate_fingerprint_key(one, {}, {}) for one in found]

    before, same, after = keys("one"), keys("one"), keys("another")
    train.sources_digest.cache_clear()

    assert before == same
    assert before[0] != after[0]
    assert before[1] == after[1]  # Rasa's own


def test_given_training_started_then_unreachable_objects_are_sought_seldom() -> None:
    code = "import gc; from bot import train; train.main(); print(*gc.get_threshold())"

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, "--version"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.splitlines()[-1] == "100000 50 1000"


def test_given_another_rasa_then_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patches, "PATCHED_RASA_VERSION", "3.6.99")

    with pytest.raises(patches.WrongRasaVersionError, match=r"3\.6\.21 is installed"):
        train.apply()

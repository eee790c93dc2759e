"""The packed encoder is read as it was written, and another file is refused."""

import struct
from pathlib import Path

import numpy as np
import pytest

from tests.scripts.loading import load_script

packed_e5 = load_script("packed_e5")

WIDTH, PIECES = 32, ["<s>", "<pad>", "</s>", "<unk>", "快递", "到"]
FLAT = {"emb.pos": 2, "emb.type": 2, "emb.ln.w": 1, "emb.ln.b": 1}
LAYER = {"q": 1, "k": 1, "v": 1, "ao": 1, "aln": 0, "fi": 1, "fo": 1, "oln": 0}


def packed(weights: np.ndarray, scale: float) -> bytes:
    """One block per row of 32 whole numbers from -8 to 7."""
    raised = (weights + 8).astype(np.uint8)
    halves = raised[:, :16] | raised[:, 16:] << 4
    mark = np.float16(scale).tobytes()
    return b"".join(mark + row.tobytes() for row in halves)


def tensors(words: np.ndarray) -> dict[str, tuple[int, int, bytes]]:
    """What stands in the file, by name: whether it is packed, how many numbers, the bytes."""
    found = {"emb.word": (1, words.size, packed(words, 0.5))}
    square = packed(np.tile(np.arange(WIDTH) % 16 - 8, (WIDTH, 1)), 2.0)
    for name, rows in FLAT.items():
        found[name] = (0, rows * WIDTH, np.full(rows * WIDTH, 0.25, np.float32).tobytes())
    for part, is_matrix in LAYER.items():
        row = np.full(WIDTH, 3.0, np.float32).tobytes()
        found[f"l0.{part}.w"] = (1, WIDTH * WIDTH, square) if is_matrix else (0, WIDTH, row)
        found[f"l0.{part}.b"] = (0, WIDTH, row)
    return found


def written(words: np.ndarray) -> bytes:
    blob = "".join(PIECES).encode()
    bounds = np.cumsum([0] + [len(piece.encode()) for piece in PIECES]).astype(np.uint32)
    scores = -np.arange(len(PIECES), dtype=np.float32)
    head = b"E5S1" + struct.pack("<i", 1)
    head += struct.pack("<7ifi", WIDTH, 1, 1, WIDTH, len(PIECES), 2, 1, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob))
    head += bounds.tobytes() + scores.tobytes() + blob
    head += struct.pack("<iI", 1, 9) + b"\x01\x00\x00\x00\x01\x20\x00\x00\x00"
    parts = tensors(words)
    start = len(head) + 4 + sum(2 + len(name) + 21 for name in parts)
    directory, body = struct.pack("<i", len(parts)), b""
    for name, (is_packed, count, content) in parts.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", is_packed, count, start + len(body), len(content))
        body += content
    return head + directory + body


def test_given_a_packed_encoder_then_pieces_and_kept_word_vectors_are_read(tmp_path: Path) -> None:
    words = np.arange(len(PIECES) * WIDTH).reshape(-1, WIDTH) % 16 - 8
    file = tmp_path / "small.bin"
    file.write_bytes(written(words))

    found = packed_e5.PackedE5.read(file)
    state = found.state([0, 4])

    assert found.pieces == [(piece, -number) for number, piece in enumerate(PIECES)]
    assert (found.sizes["width"], found.sizes["layers"]) == (WIDTH, 1)
    np.testing.assert_array_equal(state["embeddings.word_embeddings.weight"], words[[0, 4]] * 0.5)
    query = state["encoder.layer.0.attention.self.query.weight"]
    np.testing.assert_array_equal(query[0], (np.arange(WIDTH) % 16 - 8) * 2.0)
    assert state["encoder.layer.0.output.LayerNorm.weight"].shape == (WIDTH,)


def test_given_another_file_then_it_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.bin"
    file.write_bytes(b"PK\x03\x04 nothing of ours")

    with pytest.raises(ValueError, match="no packed E5 model"):
        packed_e5.PackedE5.read(file)

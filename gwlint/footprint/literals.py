"""What the data of a module takes: with bytecode at hand, and where the module is compiled when it is imported.

The figures are measured on CPython 3.12: lists, sets and dictionaries of 20,000 entries, in fresh interpreters. What is
estimated with them is within a quarter of what was measured, with bytecode and without.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from gwlint.model import Census

_KIB = 1_024
_BYTES = {
    "own-int": 33, "float": 28, "own-string": 72, "string-bytes": 1, "element": 9, "member": 68, "entry": 62,
    "list": 64, "tuple": 48, "set": 200, "dict": 72,
}  # fmt: skip
_BYTES_WHEN_COMPILED = {
    "int": 85, "own-int": 225, "float": 320, "string": 820, "entry": 380, "list": 600, "tuple": 1_100, "set": 600,
    "dict": 1_000,
}  # fmt: skip
"""What parsing and compiling leaves behind beyond the data: most of it is memory that is free, but not given back."""

_MICROSECONDS_WHEN_COMPILED = {
    "int": 3.1, "own-int": 0.3, "float": 4.1, "string": 3.4, "entry": 0.3, "tuple": 5.0, "list": 3.0, "dict": 3.0,
    "set": 3.0,
}  # fmt: skip


class Weight(NamedTuple):
    """What a literal takes: KiB with valid bytecode, KiB where it is compiled, and ms of CPU for that."""

    kb: float
    compiled_kb: float
    compiled_ms: float


def weight(literal: Census) -> Weight:
    """Estimate what a literal takes."""
    counts = dict(literal.counts)
    kb = _sum(counts, _BYTES) / _KIB
    if not literal.is_compiled:
        return Weight(kb, kb, 0.0)
    return Weight(kb, kb + _sum(counts, _BYTES_WHEN_COMPILED) / _KIB, _sum(counts, _MICROSECONDS_WHEN_COMPILED) / 1_000)


def _sum(counts: Mapping[str, int], each: Mapping[str, float]) -> float:
    return sum(counts.get(kind, 0) * cost for kind, cost in each.items())

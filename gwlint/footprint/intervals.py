"""How far off an estimate may be: what each figure rests on, and how such errors add up."""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from gwlint.footprint.estimates import Amount, Basis, ContributorKind
from gwlint.footprint.formula import Cost


class Doubts(NamedTuple):
    """How far off a figure may be, as a part of it: for what rests on each basis, and for what is made.

    Errors of one contributor add up, those of different ones are independent; on top of them come what is off
    everywhere alike (`overall`) and what the measurement itself wavers by (`floor`, in KiB or ms). `low` and `high` are
    how many of that the interval reaches down and up.
    """

    standard: float
    table: float
    calibrated: float
    formula: float
    name: float
    project: float
    library: float
    made: float
    computed: float
    unsure: float
    data: float
    compiled: float
    overall: float
    floor: float
    low: float
    high: float


MEMORY_DOUBTS: Final = Doubts(
    standard=0.08,
    table=0.1,
    calibrated=0.40,
    formula=0.50,
    name=0.30,
    project=0.25,
    library=0.6,
    made=0.12,
    computed=0.25,
    unsure=0.50,
    data=0.20,
    compiled=0.50,
    overall=0.045,
    floor=160.0,
    low=1.6,
    high=1.9,
)
TIME_DOUBTS: Final = Doubts(
    standard=0.25,
    table=0.30,
    calibrated=0.35,
    formula=0.45,
    name=0.40,
    project=0.40,
    library=0.60,
    made=0.30,
    computed=0.35,
    unsure=0.60,
    data=0.50,
    compiled=0.35,
    overall=0.20,
    floor=2.0,
    low=1.4,
    high=1.9,
)


class Share(NamedTuple):
    """Part of the whole: what it costs, and how far off that may be, in memory and in time."""

    owner: tuple[ContributorKind, str]
    node: int
    cost: Cost
    doubt: Cost
    basis: Basis
    line: int = 0
    modules: int = 0


_BY_NAME = ("package", "")


def amount(
    shares: Sequence[Share],
    base: float,
    runtime: float,
    unit: float,
    doubts: Doubts,
    above: float,
    of: Callable[[Cost], float],
) -> Amount:
    """Add up, and draw the interval."""
    total = math.fsum(of(share.cost) for share in shares)
    owned: defaultdict[tuple[str, str], float] = defaultdict(float)
    for share in shares:
        # What is known by name errs in one direction: optional imports, and how packages grow.
        owned[_BY_NAME if share.basis == "name" else share.owner] += of(share.doubt)
    parts = [*owned.values(), doubts.overall * total, doubts.floor]
    spread = math.sqrt(math.fsum(part * part for part in parts))
    low = max(0.0, total - doubts.low * spread)
    high = total + doubts.high * spread + above
    return Amount(base + low * unit, base + total * unit, base + high * unit, base, runtime)

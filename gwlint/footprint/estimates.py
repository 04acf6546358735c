"""Estimates: intervals, and what contributes to them."""

from typing import Literal

from gwlint.model import Fact

Basis = Literal["table", "formula", "name"]
"""What a figure rests on, from the best to the worst: measured for this very version, computed from the files, or known
of something that has this name."""

ContributorKind = Literal["project", "package", "standard", "constructor", "data", "library"]


class Amount(Fact, frozen=True):
    """An interval around an estimate. `base`, which is part of all three, is there before the handler's module loads.

    `estimate - base` is what loading adds to a bare interpreter. What the runtime's own bootstrap has loaded by then
    and the handler loads, too, counts as the handler's: the base is the smaller for it. `runtime` is what the runtime
    takes for a handler that does nothing.
    """

    low: float
    estimate: float
    high: float
    base: float
    runtime: float

    def beyond(self, limit: float) -> bool:
        """Tell whether the whole interval is over a limit."""
        return self.low > limit

    def straddles(self, limit: float) -> bool:
        """Tell whether the limit lies inside of the interval."""
        return self.low <= limit < self.high


class Contributor(Fact, frozen=True):
    """Part of an estimate: a package, a module of the project, a client, data. Memory is in KiB, time in CPU ms.

    `chain` are the lines, `path:line`, that bring it in, from the handler's module on. `saving_kb` and `saving_ms` are
    what would go if nothing on the handler's way asked for it at load time: its own share and that of all that only it
    brings in. `modules` is how many modules it is.
    """

    name: str
    kind: ContributorKind
    memory_kb: float
    cpu_ms: float
    chain: tuple[str, ...]
    basis: Basis
    saving_kb: float
    saving_ms: float
    modules: int = 0


class Estimate(Fact, frozen=True):
    """What a handler takes to start. Memory is in MiB, time in ms of CPU. `contributors` begin with the greatest.

    `notes` say in words what the estimate could not see, or takes for granted.
    """

    memory_mb: Amount
    init_ms: Amount
    contributors: tuple[Contributor, ...]
    notes: tuple[str, ...]

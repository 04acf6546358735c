"""From what a handler loads to what that takes: an interval, and what contributes to it."""

import math
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from gwlint.footprint.bytecode import Bytecode, Version
from gwlint.footprint.constructors import Charge, Constructors
from gwlint.footprint.contributors import Ways, contributors
from gwlint.footprint.data_costs import bytes_in_bytecode, compiling_of, data_cost, workspace_of
from gwlint.footprint.estimates import Basis, ContributorKind, Estimate
from gwlint.footprint.expansion import Expansion
from gwlint.footprint.formula import REUSED, Cost, code_cost, compiling_ms, workspace_kb
from gwlint.footprint.intervals import MEMORY_DOUBTS, TIME_DOUBTS, Doubts, Share, amount
from gwlint.footprint.loads import Closure, Gap, Load
from gwlint.footprint.prices import Price, Prices
from gwlint.footprint.remarks import remarks
from gwlint.footprint.tables import Tables
from gwlint.model import Fact

_KB = 1024


class Runtime(Fact, frozen=True):
    """What a function that does nothing takes, and the modules that the runtime has loaded before the handler's."""

    memory_mb: float
    init_ms: float
    loaded: frozenset[str]


_PER_EXTENSION = Cost(350.0, 4.0)
_PER_DYNAMIC = Cost(250.0, 4.0)
_PER_UNKNOWN_CALL = Cost(15.0, 0.2)
_MOST_UNKNOWN = 20


class Estimator:
    """Estimates handlers on one version of Python. One for many handlers reads no file and no table twice.

    `basis` is the best that figures may rest on. With `bytecode`, what lies beside the sources can be overruled.
    """

    def __init__(
        self, tables: Tables, version: Version, *, basis: Basis = "table", bytecode: Bytecode = "auto"
    ) -> None:
        """Read nothing yet."""
        self._basis = basis
        self._prices = Prices(tables, version, basis=basis, bytecode=bytecode)
        self._expansion = Expansion(tables, self._prices)
        self._constructors = Constructors(tables)

    def estimate(self, closure: Closure, runtime: Runtime) -> Estimate:
        """Estimate what loading a handler takes."""
        known = self._expansion.known_by_name(closure) if self._basis == "name" else closure
        made = self._constructors.of(known)
        whole = self._expansion.expanded(known, made.asked)
        shares = [*self._loaded(whole), *self._libraries(whole), *_charged(made.charges), *self._data(whole)]
        doubt = _doubt_of_gaps(whole.gaps, made.unknown)
        base = self._base(whole, runtime, shares)
        return Estimate(
            amount(
                shares,
                base.memory_kb / _KB,
                runtime.memory_mb,
                1 / _KB,
                MEMORY_DOUBTS,
                doubt.memory_kb,
                lambda cost: cost.memory_kb,
            ),
            amount(shares, base.cpu_ms, runtime.init_ms, 1.0, TIME_DOUBTS, doubt.cpu_ms, lambda cost: cost.cpu_ms),
            contributors(whole, shares, self._ways(whole)),
            remarks(whole, self._prices, self._basis, made.unknown),
        )

    def _loaded(self, closure: Closure) -> Iterator[Share]:
        """Price all loads, with the memory that compiling takes, some of which later loads find to be free again."""
        literals, free = _literals(closure), 0.0
        for place, load in enumerate(closure.loads):
            price, literal = self._prices.of(load), literals[place]
            own = _without(price.cost, literal)
            workspace, time = _compiling(price.source, literal) if price.source else (0.0, 0.0)
            grown, free = max(0.0, workspace - free), max(free, workspace)
            reused = 0.0 if price.libraries else min(free, REUSED * own.memory_kb)
            free -= reused
            compiled = Cost(grown, time)
            doubt = own.times(*_doubt_of(load, price)).plus(
                compiled.times(MEMORY_DOUBTS.compiled, TIME_DOUBTS.compiled)
            )
            cost = own.plus(compiled).plus(Cost(-reused, 0.0))
            yield Share(_owner(load), place, cost, doubt, price.basis, modules=1)

    def _libraries(self, closure: Closure) -> Iterator[Share]:
        """Price every shared library once, where it is needed first."""
        paid: set[str] = set()
        for place, load in enumerate(closure.loads):
            price = self._prices.of(load)
            for library in price.libraries:
                name = os.path.basename(library)  # noqa: PTH119
                if name in paid:
                    continue
                paid.add(name)
                cost = self._prices.of_library(library)
                part = MEMORY_DOUBTS.library if price.basis != "table" else MEMORY_DOUBTS.table
                yield Share(("library", name), place, cost, cost.times(part, TIME_DOUBTS.library), price.basis)

    def _data(self, closure: Closure) -> Iterator[Share]:
        for made in closure.made:
            if closure.loads[made.load].origin == "project":
                cost = data_cost(made, _file_size(made.file))
                doubt = cost.times(MEMORY_DOUBTS.data, TIME_DOUBTS.data)
                yield Share(("data", made.name or made.form), made.load, cost, doubt, "formula", made.line)

    def _base(self, closure: Closure, runtime: Runtime, shares: Iterable[Share]) -> Cost:
        """Return what the runtime takes without what the handler loads, too."""
        there = {place for place, load in enumerate(closure.loads) if load.module in runtime.loaded}
        shared = [
            share.cost
            for share in shares
            if share.node in there and share.owner[0] in ("standard", "library", "package")
        ]
        memory, time = sum(cost.memory_kb for cost in shared), sum(cost.cpu_ms for cost in shared)
        return Cost(max(0.0, runtime.memory_mb * _KB - memory), max(0.0, runtime.init_ms - time))

    def _ways(self, closure: Closure) -> Ways:
        """Return the graph of the loads and, behind them, the libraries."""
        names: dict[str, int] = {}
        links = [(link.importer, link.imported) for link in closure.links]
        links += [(load.parent, place) for place, load in enumerate(closure.loads) if load.parent >= 0]
        for place, load in enumerate(closure.loads):
            for library in self._prices.of(load).libraries:
                node = names.setdefault(os.path.basename(library), len(closure.loads) + len(names))  # noqa: PTH119
                links.append((place, node))
        return Ways(links, names)


class _Literal(NamedTuple):
    """What the literals of a module take of its source and its bytecode, and what compiling them takes."""

    source: int = 0
    bytecode: int = 0
    workspace_kb: float = 0.0
    compiling_ms: float = 0.0


def _literals(closure: Closure) -> Mapping[int, _Literal]:
    """Return what is literal, by load."""
    found: defaultdict[int, _Literal] = defaultdict(_Literal)
    for made in closure.made:
        if made.form == "literal" and closure.loads[made.load].origin == "project":
            one = found[made.load]
            found[made.load] = _Literal(
                one.source + made.source_bytes,
                one.bytecode + bytes_in_bytecode(made),
                one.workspace_kb + workspace_of(made),
                one.compiling_ms + compiling_of(made),
            )
    return found


def _without(cost: Cost, literal: _Literal) -> Cost:
    """Take out of the cost of a module what its literals add to its bytecode: they are priced as data."""
    if not literal.bytecode:
        return cost
    taken, least = code_cost(literal.bytecode), code_cost(0)
    memory = max(cost.memory_kb - taken.memory_kb, least.memory_kb)
    return Cost(min(cost.memory_kb, memory), min(cost.cpu_ms, max(cost.cpu_ms - taken.cpu_ms, least.cpu_ms)))


def _compiling(source: int, literal: _Literal) -> tuple[float, float]:
    """Return the memory and the time that compiling a source takes."""
    other = max(0, source - literal.source)
    return workspace_kb(other) + literal.workspace_kb, compiling_ms(other) + literal.compiling_ms


def _charged(charges: Iterable[Charge]) -> Iterator[Share]:
    for charge in charges:
        doubt = charge.cost.times(_doubt_of_made(charge, MEMORY_DOUBTS), _doubt_of_made(charge, TIME_DOUBTS))
        yield Share(("constructor", charge.name), charge.load, charge.cost, doubt, "formula", charge.line)


def _doubt_of_made(charge: Charge, doubts: Doubts) -> float:
    if charge.unsure:
        return doubts.unsure
    return doubts.computed if charge.computed else doubts.made


def _owner(load: Load) -> tuple[ContributorKind, str]:
    top = load.module.partition(".")[0]
    if load.origin == "project":
        return "project", load.module
    return ("standard", top) if load.origin == "standard" else ("package", load.distribution or top)


def _doubt_of(load: Load, price: Price) -> tuple[float, float]:
    def part(doubts: Doubts) -> float:
        if load.origin == "standard" and price.basis == "table":
            return doubts.standard
        if load.origin == "project":
            return doubts.project
        if price.basis == "formula":
            return doubts.calibrated if price.calibrated else doubts.formula
        return doubts.table if price.basis == "table" else doubts.name

    return part(MEMORY_DOUBTS), part(TIME_DOUBTS)


def _doubt_of_gaps(gaps: Iterable[Gap], unknown: int) -> Cost:
    """Return what may come on top of what is known: unseen imports only ever add."""
    kinds = [gap.kind for gap in gaps]
    extensions, dynamic = kinds.count("extension"), kinds.count("dynamic")
    calls = min(unknown, _MOST_UNKNOWN)
    # One extension or dynamic import makes the next one's imports less likely to be new.
    return (
        _PER_EXTENSION.times(math.sqrt(extensions), math.sqrt(extensions))
        .plus(_PER_DYNAMIC.times(math.sqrt(dynamic), math.sqrt(dynamic)))
        .plus(_PER_UNKNOWN_CALL.times(calls, calls))
    )


def _file_size(path: str) -> int:
    try:
        return os.stat(path).st_size if path else 0  # noqa: PTH116
    except (OSError, ValueError):
        return 0

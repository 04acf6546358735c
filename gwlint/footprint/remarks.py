"""What an estimate could not see, or takes for granted, in words."""

from collections.abc import Iterable, Iterator, Sequence

from gwlint.footprint.estimates import Basis
from gwlint.footprint.loads import Closure, Gap, Load
from gwlint.footprint.prices import Prices

_MOST_NAMED = 5


def remarks(closure: Closure, prices: Prices, basis: Basis, unknown: int) -> tuple[str, ...]:
    """Return the notes of an estimate: `unknown` calls are not priced."""
    return (
        *_of_packages(closure.loads, prices, basis),
        *_of_gaps(closure),
        *_of_bytecode(closure.loads, prices),
        *([f"{_count(unknown, 'call')} of packages at load time, whose cost is unknown"] if unknown else []),
    )


def _of_packages(loads: Sequence[Load], prices: Prices, basis: Basis) -> Iterator[str]:
    packages = [load for load in loads if load.origin in ("package", "missing")]
    named = {_package(load) for load in packages if prices.of(load).basis == "name"}
    if named:
        yield f"known by name only: {_listed(named)}"
    computed = {_package(load) for load in packages if prices.of(load).basis == "formula"}
    if computed and basis == "table":
        yield f"not in the tables at this version, estimated from the files: {_listed(computed)}"


def _package(load: Load) -> str:
    return load.distribution or load.module.partition(".")[0]


def _of_gaps(closure: Closure) -> Iterator[str]:
    extensions = {gap.what for gap in closure.gaps if gap.kind == "extension"}
    if extensions:
        yield f"what these extension modules import is unknown: {_listed(extensions)}"
    missing = {gap.what for gap in closure.gaps if gap.kind == "missing"}
    if missing:
        yield f"not found, and not counted unless known by name: {_listed(missing)}"
    for gap in _of_project(closure, "dynamic"):
        yield f"{_place(closure, gap)}: what this imports can't be read from the source: {gap.what}"
    for gap in (gap for gap in closure.gaps if gap.kind == "syntax"):
        yield f"{_place(closure, gap)}: can't be read: {gap.what}"


def _of_project(closure: Closure, kind: str) -> Iterable[Gap]:
    return (gap for gap in closure.gaps if gap.kind == kind and closure.loads[gap.load].origin == "project")


def _place(closure: Closure, gap: Gap) -> str:
    return f"{closure.loads[gap.load].shown}:{gap.line}"


def _of_bytecode(loads: Sequence[Load], prices: Prices) -> Iterator[str]:
    compiled = sum(1 for load in loads if prices.of(load).source)
    if compiled:
        yield f"{_count(compiled, 'module')} without valid bytecode, compiled at import"


def _listed(names: Iterable[str]) -> str:
    ordered = sorted(names)
    rest = len(ordered) - _MOST_NAMED
    shown = ", ".join(f"`{name}`" for name in ordered[:_MOST_NAMED])
    return f"{shown} and {rest} more" if rest > 0 else shown


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"

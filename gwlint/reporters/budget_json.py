"""What functions take as JSON, one function to a line; `gwlint/schemas/budget.schema.json` describes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from gwlint import __version__
from gwlint.budgets import Limits
from gwlint.footprint.estimates import Amount, Contributor, Estimate
from gwlint.prices import Use, bill
from gwlint.reporters.budget_figures import Row, Verdict, verdict_of
from gwlint.reporters.measured import Measured

_SCHEMA_VERSION = 1
_DIGITS = 3
_CENTS = 4


class _AmountRecord(msgspec.Struct):
    low: float
    estimate: float
    high: float
    base: float
    runtime: float


class _LimitsRecord(msgspec.Struct):
    memory_mb: float | None
    init_ms: float | None
    package_mb: float | None


class _VerdictsRecord(msgspec.Struct):
    memory: Verdict
    init: Verdict
    package: Verdict


class _SmallerRecord(msgspec.Struct):
    memory_size_mb: int
    usd: float


class _CostRecord(msgspec.Struct):
    usd: float
    gb_seconds: float
    smaller: _SmallerRecord | None


class _ContributorRecord(msgspec.Struct):
    name: str
    kind: str
    memory_kb: float
    cpu_ms: float
    chain: tuple[str, ...]
    basis: str
    saving_kb: float
    saving_ms: float
    modules: int


class _PartRecord(msgspec.Struct):
    name: str
    mb: float


class _MeasuredRecord(msgspec.Struct):
    memory_mb: float | None
    init_ms: float | None
    error: str | None


class _FunctionRecord(msgspec.Struct):
    name: str
    handler: str
    path: str
    line: int
    template: str
    template_line: int
    runtime: str
    architecture: str
    memory_size_mb: int | None
    memory_limit_mb: float | None
    memory_mb: _AmountRecord | None
    init_ms: _AmountRecord | None
    package_mb: _AmountRecord | None
    limits: _LimitsRecord
    verdicts: _VerdictsRecord
    cost: _CostRecord | None
    measured: _MeasuredRecord | None
    contributors: list[_ContributorRecord]
    parts: list[_PartRecord]
    notes: tuple[str, ...]


class _UseRecord(msgspec.Struct):
    invocations: int
    duration_ms: int
    usd: float
    usd_after_free_tier: float


def render(rows: Sequence[Row], use: Use, measured: Mapping[int, Measured] | None = None) -> Iterator[bytes]:
    """Yield the pieces of the document. What was measured is known by the places of the rows."""
    costs = [row.cost for row in rows if row.cost is not None]
    month = _UseRecord(*use, _rounded(sum(one.usd for one in costs), _CENTS), _rounded(bill(costs), _CENTS))
    yield b'{"schema_version": %d, "version": ' % _SCHEMA_VERSION + _json(__version__) + b",\n"
    yield b'"month": ' + _json(month) + b",\n"
    yield b'"functions": ['
    separator = b"\n"
    for place, row in enumerate(rows):
        yield separator + _json(_record(row, (measured or {}).get(place)))
        separator = b",\n"
    yield b"]}\n"


def _record(row: Row, measured: Measured | None) -> _FunctionRecord:
    function, estimate = row.function, row.function.estimate
    return _FunctionRecord(
        name=function.name,
        handler=function.handler,
        path=function.path,
        line=function.at.line,
        template=function.template,
        template_line=function.template_line,
        runtime=function.runtime,
        architecture=function.architecture,
        memory_size_mb=function.memory_size_mb,
        memory_limit_mb=function.limits.memory_mb,
        memory_mb=_amount(estimate.memory_mb if estimate is not None else None),
        init_ms=_amount(estimate.init_ms if estimate is not None else None),
        package_mb=_amount(function.package),
        limits=_limits(function.limits),
        verdicts=_VerdictsRecord(*map(verdict_of, row.figures)),
        cost=_cost(row),
        measured=_measured(measured),
        contributors=_contributors(estimate),
        parts=[_PartRecord(name, _rounded(size)) for name, size in function.parts],
        notes=row.notes,
    )


def _amount(amount: Amount | None) -> _AmountRecord | None:
    if amount is None:
        return None
    shown = (amount.low, amount.estimate, amount.high, amount.base, amount.runtime)
    return _AmountRecord(*map(_rounded, shown))


def _limits(limits: Limits) -> _LimitsRecord:
    return _LimitsRecord(limits.memory_mb, limits.init_ms, limits.package_mb)


def _cost(row: Row) -> _CostRecord | None:
    if row.cost is None:
        return None
    smaller = row.smaller
    instead = None if smaller is None else _SmallerRecord(smaller.memory_size_mb, _rounded(smaller.cost.usd, _CENTS))
    return _CostRecord(_rounded(row.cost.usd, _CENTS), _rounded(row.cost.gb_seconds), instead)


def _contributors(estimate: Estimate | None) -> list[_ContributorRecord]:
    return [] if estimate is None else [_contributor(one) for one in estimate.contributors]


def _contributor(one: Contributor) -> _ContributorRecord:
    return _ContributorRecord(
        one.name,
        one.kind,
        _rounded(one.memory_kb),
        _rounded(one.cpu_ms),
        one.chain,
        one.basis,
        _rounded(one.saving_kb),
        _rounded(one.saving_ms),
        one.modules,
    )


def _measured(measured: Measured | None) -> _MeasuredRecord | None:
    if measured is None:
        return None
    if measured.error:
        return _MeasuredRecord(None, None, measured.error)
    return _MeasuredRecord(_rounded(measured.memory_mb), _rounded(measured.cpu_ms), None)


def _rounded(value: float, digits: int = _DIGITS) -> float:
    return round(float(value), digits)


_json = msgspec.json.Encoder().encode

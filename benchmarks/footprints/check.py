"""Measure a sample again, and say how far the tables are off."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median

from calls import Call, calls, measured_call
from environments import Installed, groups, installed

from gwlint.footprint.measuring import Measurement, MeasuringError, measure
from gwlint.footprint.tables import Row, Tables

_VERSION = (3, 12)
_FEW_PAGES_KB = 100
"""What is smaller comes and goes."""
_REFERENCE = "import asyncio, json, logging, urllib.request"


def check(environments: Sequence[tuple[str, Path]], runs: int) -> None:
    """Import what the groups do, with the plain probe, and call what they do, and print both next to the tables."""
    tables = Tables()
    differences: dict[str, list[float]] = {"memory": [], "cpu": [], "calls": []}
    for name, interpreter in environments:
        slow = _slowness(tables, interpreter, runs)
        print(f"[{name}] at {slow:.2f} times the time that the standard library takes in the tables")
        whose = {module.module: module for module in installed(interpreter)}
        (group,) = groups([name])
        for statement in group.statements:
            _check_statement(statement, interpreter, tables, whose, slow, runs, differences)
        for call in calls():
            if call.environment == name:
                _check_call(call, interpreter, tables, runs, differences)
    for what, found in differences.items():
        if found:
            ordered = sorted(map(abs, found))
            print(f"{what}: median {median(ordered):.1%}, p90 {ordered[int(len(ordered) * 0.9)]:.1%}, n = {len(found)}")


def _slowness(tables: Tables, interpreter: Path, runs: int) -> float:
    measured = measure(interpreter, code=_REFERENCE, runs=runs)
    rows = tables.standard(_VERSION).rows
    return measured.cpu_ms / sum(rows[name].cpu_ms for name in measured.modules if name in rows)


def _check_statement(
    statement: str,
    interpreter: Path,
    tables: Tables,
    whose: dict[str, Installed],
    slow: float,
    runs: int,
    differences: dict[str, list[float]],
) -> None:
    try:
        measured = measure(interpreter, code=statement, runs=runs)
    except MeasuringError as error:
        print(f"{statement[:90]:90} {error}")
        return
    memory, cpu, unknown = _told(tables, measured, whose)
    _print(statement, "KiB", memory, measured.memory_kb)
    _print(statement, "ms", cpu, measured.cpu_ms / slow)
    if unknown:
        print(f"    in no table: {', '.join(unknown[:5])}")
    if measured.memory_kb > _FEW_PAGES_KB:
        differences["memory"].append(_off(memory, measured.memory_kb))
        differences["cpu"].append(_off(cpu, measured.cpu_ms / slow))


def _check_call(call: Call, interpreter: Path, tables: Tables, runs: int, differences: dict[str, list[float]]) -> None:
    known = tables.calls.get(call.callee)
    if not known:
        return
    again = measured_call(interpreter, call, runs)
    _print(call.callee, "KiB", known.memory_kb, again["memory_kb"])
    if again["memory_kb"] > _FEW_PAGES_KB:
        differences["calls"].append(_off(known.memory_kb, again["memory_kb"]))


def _told(tables: Tables, measured: Measurement, whose: dict[str, Installed]) -> tuple[float, float, list[str]]:
    rows = [(name, _row(tables, name, whose)) for name in measured.modules]
    known = [row for _, row in rows if row]
    libraries = {library for row in known for library in row.libraries}
    memory = sum(row.memory_kb for row in known) + sum(tables.libraries[name].memory_kb for name in libraries)
    cpu = sum(row.cpu_ms for row in known) + sum(tables.libraries[name].cpu_ms for name in libraries)
    return memory, cpu, [name for name, row in rows if not row and name in whose]


def _row(tables: Tables, name: str, whose: dict[str, Installed]) -> Row | None:
    if name not in whose:
        return tables.standard(_VERSION).rows.get(name)
    table = tables.package(whose[name].distribution, whose[name].version)
    return table.rows.get(name) if table else None


def _off(told: float, measured: float) -> float:
    return (told - measured) / measured if measured else 0.0


def _print(what: str, unit: str, told: float, measured: float) -> None:
    print(f"{what[:90]:90} {told:10.1f} {measured:10.1f} {unit:4} {_off(told, measured):+7.1%}", flush=True)

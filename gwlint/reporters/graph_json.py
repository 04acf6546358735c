"""The graph as JSON, one record to a line; `gwlint/schemas/graph.schema.json` describes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from gwlint.components import Components
from gwlint.model import Cycle, Step
from gwlint.project import Module, Project

_SCHEMA_VERSION = 1


class _ModuleRecord(msgspec.Struct):
    path: str
    name: str
    root: str
    component: str | None
    role: str
    basis: str | None


class _ImportRecord(msgspec.Struct):
    path: str
    line: int
    column: int
    source: str
    target: str
    target_path: str
    kind: str
    deferred: bool
    implicit: bool
    recovered: bool
    guarded: bool
    names: tuple[str, ...]


class _ExternalRecord(msgspec.Struct):
    path: str
    line: int
    target: str
    kind: str


class _UnresolvedRecord(msgspec.Struct):
    path: str
    line: int
    text: str
    kind: str
    guarded: bool


class _UnknownRecord(msgspec.Struct):
    path: str
    line: int
    text: str


class _StepRecord(msgspec.Struct):
    path: str
    line: int
    target_path: str


class _CycleRecord(msgspec.Struct):
    kind: str
    paths: tuple[str, ...]
    witness: list[_StepRecord]
    cut: list[_StepRecord]
    cut_is_minimal: bool


def render(project: Project, components: Components) -> Iterator[bytes]:
    """Yield the pieces of the document; `components` are those of the whole project, `project` may be a part of it."""
    account = project.account
    files = {
        "found": account.found,
        "analysed": account.analysed,
        "partial": account.partial,
        "excluded": account.excluded,
    }
    yield b'{"schema_version": %d,\n' % _SCHEMA_VERSION
    yield b'"files": ' + _json(files) + b",\n"
    yield b'"layout": ' + _json(project.layout) + b', "roots": ' + _json(project.roots) + b",\n"
    yield from _records(b"modules", (_module(module, components) for module in project.modules))
    yield from _records(b"imports", _imports(project))
    yield from _records(b"external", _externals(project.modules))
    yield from _records(b"unresolved", _unresolved(project.modules))
    yield from _records(b"unknown", _unknown(project.modules))
    yield from _records(b"cycles", map(_cycle, project.cycles), last=True)
    yield b"}\n"


def _records(name: bytes, records: Iterable[object], *, last: bool = False) -> Iterator[bytes]:
    yield b'"' + name + b'": ['
    separator = b"\n"
    for record in records:
        yield separator + _json(record)
        separator = b",\n"
    yield b"]" if last else b"],\n"


def _module(module: Module, components: Components) -> _ModuleRecord:
    place = components.place(module.path)
    component = place.component.name if place.component is not None else None
    return _ModuleRecord(module.path, module.name, module.root, component, place.role, place.basis)


def _imports(project: Project) -> Iterator[_ImportRecord]:
    for edge in sorted(project.imports(), key=lambda edge: (edge.path, edge.at.line, edge.at.column, edge.target_path)):
        yield _ImportRecord(
            edge.path, edge.at.line, edge.at.column, edge.source, edge.target, edge.target_path,
            edge.kind, edge.deferred, edge.implicit, edge.recovered, edge.guarded, edge.names,
        )  # fmt: skip


def _externals(modules: Iterable[Module]) -> Iterator[_ExternalRecord]:
    for module in modules:
        for one in sorted(module.resolution.external, key=lambda one: (one.at, one.target)):
            yield _ExternalRecord(one.path, one.at.line, one.target, one.kind)


def _unresolved(modules: Iterable[Module]) -> Iterator[_UnresolvedRecord]:
    for module in modules:
        for one in sorted(module.resolution.unresolved, key=lambda one: (one.at, one.text)):
            yield _UnresolvedRecord(one.path, one.at.line, one.text, one.kind, one.guarded)


def _unknown(modules: Iterable[Module]) -> Iterator[_UnknownRecord]:
    for module in modules:
        for one in sorted(module.unknown, key=lambda one: (one.at, one.text)):
            yield _UnknownRecord(module.path, one.at.line, one.text)


def _cycle(cycle: Cycle) -> _CycleRecord:
    witness, cut = ([_step(step) for step in steps] for steps in (cycle.witness, cycle.cut))
    return _CycleRecord(cycle.kind, cycle.paths, witness, cut, cycle.cut_is_minimal)


def _step(step: Step) -> _StepRecord:
    return _StepRecord(step.path, step.at.line, step.target_path)


_json = msgspec.json.Encoder().encode

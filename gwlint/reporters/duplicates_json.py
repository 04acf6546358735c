"""Copies of functions as JSON, one class to a line; `gwlint/schemas/duplicates.schema.json` describes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from gwlint import __version__
from gwlint.reporters.copies import Copies

_SCHEMA_VERSION = 1


class _FunctionRecord(msgspec.Struct):
    path: str
    line: int
    end_line: int
    name: str


class _ClassRecord(msgspec.Struct):
    rule: str
    kind: str
    similarity: float
    lines: int
    instead: str | None
    functions: list[_FunctionRecord]
    literals: tuple[tuple[str, str], ...]


def render(found: Sequence[Copies]) -> Iterator[bytes]:
    """Yield the pieces of the document."""
    yield b'{"schema_version": %d, "version": ' % _SCHEMA_VERSION + _json(__version__) + b",\n"
    yield b'"lines": %d,\n' % sum(one.lines for one in found)
    yield b'"classes": ['
    separator = b"\n"
    for one in found:
        yield separator + _json(_record(one))
        separator = b",\n"
    yield b"]}\n"


def _record(one: Copies) -> _ClassRecord:
    functions = [_FunctionRecord(*copy) for copy in one.functions]
    return _ClassRecord(one.rule, one.kind, one.similarity, one.lines, one.instead or None, functions, one.literals)


_json = msgspec.json.Encoder().encode

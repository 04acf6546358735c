"""Findings in the diagnostic format of reviewdog."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from gwlint.finding import FIRST_LINE, Finding, Severity
from gwlint.model import Span
from gwlint.report import Report
from gwlint.reporters.check_text import Lines
from gwlint.reporters.controls import harmless

_SEVERITIES: dict[Severity, str] = {"error": "ERROR", "warning": "WARNING", "note": "INFO"}


def render(report: Report, lines: Lines, addresses: Mapping[str, str]) -> Iterator[bytes]:
    """Yield the pieces of the document, one finding to a line.

    `addresses` has those of the pages about rules, by code, where there are any.
    """
    yield b'{"source": {"name": "gwlint"},\n"diagnostics": ['
    separator = b"\n"
    for finding in report.findings:
        yield separator + msgspec.json.encode(_diagnostic(finding, lines(finding.path), addresses))
        separator = b",\n"
    yield b"]}\n"


def _diagnostic(finding: Finding, lines: Sequence[str], addresses: Mapping[str, str]) -> dict[str, object]:
    code = {"value": finding.rule}
    if finding.rule in addresses:
        code["url"] = addresses[finding.rule]
    return {
        "message": harmless(finding.message),
        "location": {"path": finding.path, "range": _range(finding.at, lines)},
        "severity": _SEVERITIES[finding.severity],
        "code": code,
    }


def _range(at: Span, lines: Sequence[str]) -> dict[str, dict[str, int]]:
    if at == FIRST_LINE:
        return {"start": {"line": 1}}
    return {
        "start": {"line": at.line, "column": _bytes(lines, at.line, at.column)},
        "end": {"line": at.end_line, "column": _bytes(lines, at.end_line, at.end_column)},
    }


def _bytes(lines: Sequence[str], line: int, column: int) -> int:
    """Return a column in bytes of UTF-8."""
    before = lines[line - 1][: column - 1] if line <= len(lines) else ""
    return column + len(before.encode()) - len(before)

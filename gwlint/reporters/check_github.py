"""Findings as workflow commands, which GitHub Actions turns into annotations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gwlint.finding import FIRST_LINE, Finding, Severity
from gwlint.model import Span
from gwlint.report import Report
from gwlint.reporters.controls import harmless

_COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "note": "notice"}
_IN_MESSAGE = {ord("%"): "%25", ord("\r"): "%0D", ord("\n"): "%0A"}
_IN_PROPERTY = {**_IN_MESSAGE, ord(":"): "%3A", ord(","): "%2C"}


def render(report: Report, names: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each finding, with paths as they stand. `names` has those of the rules by code."""
    for finding in report.findings:
        properties = {
            "file": finding.path,
            **_region(finding.at),
            "title": f"{finding.rule} {names[finding.rule]}",
        }
        said = ",".join(f"{key}={str(value).translate(_IN_PROPERTY)}" for key, value in properties.items())
        yield f"::{_COMMANDS[finding.severity]} {said}::{_message(finding).translate(_IN_MESSAGE)}"


def _region(at: Span) -> dict[str, int]:
    if at == FIRST_LINE:
        return {"line": 1}
    if at.line != at.end_line:
        # Columns are for pieces of a single line there.
        return {"line": at.line, "endLine": at.end_line}
    return {"line": at.line, "endLine": at.end_line, "col": at.column, "endColumn": at.end_column}


def _message(finding: Finding) -> str:
    places = (f"{one.path}:{one.at.line}: {one.message}" for one in finding.related)
    return "\n".join(map(harmless, (finding.message, *places)))

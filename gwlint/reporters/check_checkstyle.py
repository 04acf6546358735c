"""Findings as a report of Checkstyle, by file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from gwlint.finding import Finding, Severity
from gwlint.report import Report
from gwlint.reporters.xml_text import xml_text

_SEVERITIES: dict[Severity, str] = {"error": "error", "warning": "warning", "note": "info"}


def render(report: Report) -> Iterator[str]:
    """Yield the lines of the document."""
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<checkstyle version="4.3">'
    for path, findings in groupby(report.findings, lambda finding: finding.path):
        yield f'  <file name="{xml_text(path)}">'
        yield from map(_error, findings)
        yield "  </file>"
    yield "</checkstyle>"


def _error(finding: Finding) -> str:
    return (
        f'    <error line="{finding.at.line}" column="{finding.at.column}"'
        f' severity="{_SEVERITIES[finding.severity]}" source="gwlint.{finding.rule}"'
        f' message="{xml_text(finding.message)}"/>'
    )

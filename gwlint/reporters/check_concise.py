"""Findings for editors, logs and `grep`: one line each, `path:line:column: code message [severity]`."""

from __future__ import annotations

from collections.abc import Iterator

from gwlint.report import Report
from gwlint.reporters.controls import harmless
from gwlint.reporters.paint import Paint, plain


def render(report: Report, paint: Paint = plain) -> Iterator[str]:
    """Yield a line for each finding."""
    for finding in report.findings:
        place = harmless(f"{finding.path}:{finding.at.line}:{finding.at.column}:")
        severity = paint(finding.severity, finding.severity)
        yield f"{paint(place, 'place')} {paint(finding.rule, 'name')} {harmless(finding.message)} [{severity}]"

"""Findings as JSON, one to a line and nothing else: each is what it is in a report as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gwlint.report import Report
from gwlint.reporters.check_json import encoded


def render(report: Report, names: Mapping[str, str]) -> Iterator[bytes]:
    """Yield a line for each finding. `names` has those of the rules by code."""
    for finding in report.findings:
        yield encoded(finding, names[finding.rule]) + b"\n"

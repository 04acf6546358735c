"""Findings as a Code Quality report of GitLab."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from gwlint.finding import Finding, Severity
from gwlint.report import Report
from gwlint.reporters.controls import harmless

_SEVERITIES: dict[Severity, str] = {"error": "major", "warning": "minor", "note": "info"}


def render(report: Report, names: Mapping[str, str]) -> Iterator[bytes]:
    """Yield the pieces of a list, one finding to a line. `names` has those of the rules by code."""
    records = (_record(finding, names[finding.rule]) for finding in report.findings)
    yield b"[" + b",".join(b"\n" + msgspec.json.encode(record) for record in records) + b"]\n"


def _record(finding: Finding, name: str) -> dict[str, object]:
    return {
        "check_name": finding.rule,
        "description": f"{finding.rule} {name}: {harmless(finding.message)}",
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": finding.path,
            "lines": {"begin": finding.at.line, "end": finding.at.end_line},
        },
    }

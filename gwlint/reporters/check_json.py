"""A report as JSON, one finding to a line; `gwlint/schemas/check.schema.json` describes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from gwlint import __version__
from gwlint.finding import Finding, Related
from gwlint.report import Report

_SCHEMA_VERSION = 1


class _RelatedRecord(msgspec.Struct):
    path: str
    line: int
    column: int
    end_line: int
    message: str


class _FindingRecord(msgspec.Struct):
    rule: str
    name: str
    severity: str
    message: str
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    related: list[_RelatedRecord]
    fingerprint: str
    fixable: bool


def render(report: Report, names: Mapping[str, str]) -> Iterator[bytes]:
    """Yield the pieces of the document. `names` has those of the rules by code."""
    account = report.account
    files = {
        "found": account.found,
        "analysed": account.analysed,
        "partial": account.partial,
        "excluded": account.excluded,
    }
    yield b'{"schema_version": %d, "version": ' % _SCHEMA_VERSION + _json(__version__) + b",\n"
    yield b'"files": ' + _json(files) + b",\n"
    yield b'"findings": ['
    separator = b"\n"
    for finding in report.findings:
        yield separator + encoded(finding, names[finding.rule])
        separator = b",\n"
    yield b"]}\n"


def encoded(finding: Finding, name: str) -> bytes:
    """Return a finding of a rule of some name, on one line."""
    at = finding.at
    record = _FindingRecord(
        finding.rule, name, finding.severity, finding.message, finding.path,
        at.line, at.column, at.end_line, at.end_column,
        [_related(one) for one in finding.related], finding.fingerprint, fixable=False,
    )  # fmt: skip
    return _json(record)


def _related(related: Related) -> _RelatedRecord:
    return _RelatedRecord(related.path, related.at.line, related.at.column, related.at.end_line, related.message)


_json = msgspec.json.Encoder().encode

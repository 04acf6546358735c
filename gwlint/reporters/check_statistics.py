"""How often each rule objects, the most frequent first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import msgspec

from gwlint.report import Report


def render_text(report: Report, names: Mapping[str, str]) -> Iterator[bytes]:
    """Yield the lines of a table: count, code, name."""
    counts = _counts(report)
    width = max((len(str(count)) for _, count in counts), default=0)
    return (f"{count:>{width}}  {rule}  {names[rule]}\n".encode() for rule, count in counts)


def render_json(report: Report, names: Mapping[str, str]) -> Iterator[bytes]:
    """Yield the pieces of a list, one rule to a line."""
    records = ({"rule": rule, "name": names[rule], "count": count} for rule, count in _counts(report))
    yield b"[" + b",".join(b"\n" + msgspec.json.encode(record) for record in records) + b"]\n"


def _counts(report: Report) -> list[tuple[str, int]]:
    counts = Counter(finding.rule for finding in report.findings)
    return sorted(counts.items(), key=lambda counted: (-counted[1], counted[0]))

"""Findings for people at a terminal: what, where, the line itself, and the other places that belong to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from gwlint.finding import Finding, Related
from gwlint.report import Report
from gwlint.reporters.controls import harmless
from gwlint.reporters.frame import frame
from gwlint.reporters.paint import Paint, plain

Lines = Callable[[str], Sequence[str]]
"""Gives the lines of a file of the project, without their ends; none where it can't be read."""

_ARROW = "→"


def render(report: Report, names: Mapping[str, str], lines: Lines, paint: Paint = plain) -> Iterator[str]:
    """Yield lines, each finding followed by an empty one. `names` has those of the rules by code."""
    for finding in report.findings:
        place = harmless(f"{finding.path}:{finding.at.line}:{finding.at.column}:")
        what = f"{paint(finding.severity, finding.severity)}[{paint(f'{finding.rule} {names[finding.rule]}', 'name')}]"
        yield f"{paint(place, 'place')} {what} {harmless(finding.message)}"
        yield from _source(finding, lines, paint)
        yield from _related(finding, paint)
        yield ""


def _source(finding: Finding, lines: Lines, paint: Paint) -> Iterator[str]:
    shown = frame(lines(finding.path), finding.at)
    if shown is not None:
        bar, gutter = paint("|", "gutter"), _gutter(finding)
        yield f"{paint(f'{finding.at.line:>{gutter}}', 'gutter')} {bar} {shown.source}".rstrip()
        yield f"{' ' * gutter} {bar} {shown.indent}{paint(shown.carets, finding.severity)}"


def _related(finding: Finding, paint: Paint) -> Iterator[str]:
    """Yield the other places. Several are steps of a way, in their order."""
    steps, indent = len(finding.related), " " * _gutter(finding)
    for number, one in enumerate(finding.related, 1):
        count = f" {number:>{len(str(steps))}}." if steps > 1 else ""
        yield f"{indent} {paint(_ARROW, 'gutter')}{count} {_step(one, paint)}"


def _step(related: Related, paint: Paint) -> str:
    place = harmless(f"{related.path}:{related.at.line}:{related.at.column}:")
    return f"{paint(place, 'place')} {harmless(related.message)}"


def _gutter(finding: Finding) -> int:
    return len(str(finding.at.line)) + 2

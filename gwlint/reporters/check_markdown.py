"""Findings as a table in Markdown, for the summary of a job or a comment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from gwlint.finding import Finding
from gwlint.report import Report
from gwlint.reporters.check_summary import summary
from gwlint.reporters.controls import harmless

_MOST = 1_000
"""How many findings are listed: who shows Markdown refuses what is too long."""

_SPECIAL = re.compile(r"([\\`*_\[\]<>&|~$@#])")
_TICKS = re.compile("`+")


def render(report: Report, names: Mapping[str, str], addresses: Mapping[str, str]) -> Iterator[str]:
    """Yield lines. `names` has those of the rules by code, `addresses` those of the pages about them, if any."""
    headline, *rest = summary(report, hint=False)
    yield f"### gwlint: {_escaped(headline)}"
    yield ""
    if report.findings:
        yield "| severity | rule | place | message |"
        yield "|---|---|---|---|"
        yield from (_row(finding, names, addresses) for finding in report.findings[:_MOST])
        yield ""
    if len(report.findings) > _MOST:
        yield f"{len(report.findings) - _MOST} more findings are not listed."
        yield ""
    for line in rest:
        yield _escaped(line)


def _row(finding: Finding, names: Mapping[str, str], addresses: Mapping[str, str]) -> str:
    rule = _escaped(f"{finding.rule} {names[finding.rule]}")
    if finding.rule in addresses:
        rule = f"[{rule}](<{addresses[finding.rule]}>)"
    place = _code(f"{finding.path}:{finding.at.line}")
    return f"| {finding.severity} | {rule} | {place} | {_message(finding.message)} |"


def _message(message: str) -> str:
    """Keep the code in a message what it is, unless a name in it has backticks of its own."""
    parts = message.split("`")
    if len(parts) % 2 == 0:
        return _escaped(message)
    return "".join(_code(part) if number % 2 else _escaped(part) for number, part in enumerate(parts))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", harmless(text))


def _code(text: str) -> str:
    """Return a text between as many backticks as it takes; a table wants its bars escaped in there, too."""
    shown = harmless(text).replace("|", "\\|")
    ticks = "`" * (max((len(run) for run in _TICKS.findall(shown)), default=0) + 1)
    blank = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{ticks}{blank}{shown}{blank}{ticks}" if shown else ""

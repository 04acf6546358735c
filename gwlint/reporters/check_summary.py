"""What a check comes to, in a line or two, and what it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from gwlint.components import Component
from gwlint.finding import SEVERITIES
from gwlint.report import Report
from gwlint.reporters.controls import harmless


def summary(report: Report, *, hint: bool = True) -> Iterator[str]:
    """Yield how many findings there are of what severity, and of how many files; in one line when there are none.

    The `hint` says how to see what is only counted here.
    """
    if report.findings:
        yield _findings(report)
        yield _files(report, hint)
    else:
        yield f"no findings in {_files(report, hint)}"


def details(report: Report, source: str | None, left_out: Sequence[str]) -> Iterator[str]:
    """Yield what the answer rests on: the file of the settings, what was found without them, what is odd.

    The files that are `left_out` have settings, too, which don't count.
    """
    yield harmless(f"settings: {', not '.join((source or 'the defaults', *left_out))}")
    yield harmless(f"layout {report.layout}, roots: {', '.join(report.roots) or 'none'}")
    yield from map(_component, report.components)
    yield from (f"notice: {harmless(notice)}" for notice in report.notices)


def _findings(report: Report) -> str:
    counts = Counter(finding.severity for finding in report.findings)
    grave_first = (severity for severity in reversed(SEVERITIES) if counts[severity])
    parts = (_counted(counts[severity], severity) for severity in grave_first)
    return f"{_counted(len(report.findings), 'finding')}: {', '.join(parts)}"


def _files(report: Report, hint: bool) -> str:
    account = report.account
    inferred = sum(component.basis == "inferred" for component in report.components)
    files = _counted(account.found, "file")
    parts = [f"{files}: {account.analysed} analysed, {account.partial} partial, {account.excluded} excluded"]
    if report.suppressed:
        parts.append(f"{_counted(report.suppressed, 'finding')} suppressed")
    if report.known:
        parts.append(f"{_counted(report.known, 'finding')} in the baseline")
    if inferred:
        parts.append(f"{_counted(inferred, 'component')} inferred")
    if report.notices:
        parts.append(_counted(len(report.notices), "notice"))
    return "; ".join(parts) + (" (-v lists them)" if hint and (inferred or report.notices) else "")


def _component(component: Component) -> str:
    internals = _counted(len(component.internals), "internal")
    return harmless(f"component `{component.name}`: gateway {component.gateway}, {internals}, {component.basis}")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"

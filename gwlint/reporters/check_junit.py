"""Findings as a JUnit report: a suite for each file, in it a test for each rule that objects to the file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby

from gwlint.finding import Finding, Severity
from gwlint.report import Report
from gwlint.reporters.xml_text import xml_text


def render(report: Report, names: Mapping[str, str], failing: Collection[Severity]) -> Iterator[str]:
    """Yield the lines of the document. `names` has those of the rules by code.

    A test fails when one of its findings has a severity that is `failing`; what is milder is its output.
    """
    suites = [_Suite(path, list(found), failing) for path, found in groupby(report.findings, lambda one: one.path)]
    tests, failures = sum(suite.tests for suite in suites), sum(suite.failures for suite in suites)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="gwlint" tests="{max(tests, 1)}" failures="{failures}" errors="0">'
    for suite in suites:
        yield from suite.lines(names)
    if not suites:
        # Some readers take a report without a single test for a failure.
        yield '  <testsuite name="gwlint" tests="1" failures="0" errors="0">'
        yield '    <testcase classname="gwlint" name="no findings"/>'
        yield "  </testsuite>"
    yield "</testsuites>"


class _Suite:
    """What there is to say about one file."""

    def __init__(self, path: str, findings: Sequence[Finding], failing: Collection[Severity]) -> None:
        self._path = xml_text(path)
        self._failing = failing
        by_rule = sorted(findings, key=lambda finding: finding.rule)
        self._cases = [(rule, list(found)) for rule, found in groupby(by_rule, lambda finding: finding.rule)]
        self.tests = len(self._cases)
        self.failures = sum(self._fails(found) for _, found in self._cases)

    def lines(self, names: Mapping[str, str]) -> Iterator[str]:
        yield f'  <testsuite name="{self._path}" tests="{self.tests}" failures="{self.failures}" errors="0">'
        for rule, findings in self._cases:
            place = f'file="{self._path}" line="{findings[0].at.line}"'
            yield f'    <testcase classname="{self._path}" name="{xml_text(f"{rule} {names[rule]}")}" {place}>'
            yield from self._outcome(findings)
            yield "    </testcase>"
        yield "  </testsuite>"

    def _outcome(self, findings: Sequence[Finding]) -> Iterator[str]:
        said = "\n".join(f"{self._path}:{one.at.line}:{one.at.column}: {xml_text(one.message)}" for one in findings)
        if not self._fails(findings):
            yield f"      <system-out>{said}</system-out>"
            return
        first = next(one for one in findings if one.severity in self._failing)
        more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
        yield f'      <failure type="{first.severity}" message="{xml_text(first.message)}{more}">{said}</failure>'

    def _fails(self, findings: Sequence[Finding]) -> bool:
        return any(one.severity in self._failing for one in findings)

"""A report as SARIF 2.1.0, as far as GitHub's code scanning and editors understand it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple
from urllib.parse import quote

import msgspec

from gwlint import __version__
from gwlint.finding import FIRST_LINE, SEVERITIES, Finding, Related, Severity
from gwlint.model import Span
from gwlint.report import Report
from gwlint.reporters.check_text import Lines
from gwlint.reporters.controls import harmless
from gwlint.reporters.line_hash import line_hashes
from gwlint.rule import Rule

MOST_RESULTS = 25_000
"""How many results GitHub takes: a file with more is refused."""

_MOST_PLACES = 100
"""How many other places of a result GitHub keeps."""

_MOST_STEPS = 1_000
"""How many steps of a way GitHub keeps."""

_LONGEST_SNIPPET = 1_000
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_ROOT_DESCRIPTION = "The top of the repository; of the project, where it is in none."
_PROBLEMS: dict[Severity, str] = {"error": "error", "warning": "warning", "note": "recommendation"}
_VERSION = re.compile(r"(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:(a|b|rc)(\d+))?(?:\.post\d+)?(?:\.dev(\d+))?")
_STAGES = {"a": "alpha", "b": "beta", "rc": "rc"}
_BRACKET = re.compile(r"([\\\[\]])")

_Object = dict[str, object]


class Description(NamedTuple):
    """What there is to say about a rule that is on: its severity in this run, its page, and where else that is."""

    rule: Rule
    severity: Severity
    page: str
    address: str | None


Content = Callable[[str], "bytes | None"]
"""Gives the bytes of a file of the project; nothing where it can't be read."""


def render(
    report: Report,
    rules: Sequence[Description],
    lines: Lines,
    content: Content,
    *,
    home: str | None = None,
    category: str | None = None,
    with_silenced: bool = False,
) -> Iterator[bytes]:
    """Yield the pieces of the document, one rule and one result to a line. Paths are taken for those in the repository.

    `home` is where gwlint can be read about, if anywhere. `category` tells the run from others of the same commit.
    Findings that comments silence are left out, unless they are wanted: GitHub would open alerts for them.
    """
    numbers = {one.rule.id: number for number, one in enumerate(rules)}
    facts = _Facts(lines, content)
    chosen = _results(report, with_silenced=with_silenced)
    results = (_result(one, numbers[one.finding.rule], facts, with_silenced=with_silenced) for one in chosen)
    yield b'{"$schema": ' + _json(_SCHEMA) + b',\n"version": "2.1.0",\n"runs": [{\n'
    yield b'"tool": {"driver": {"name": "gwlint", "version": ' + _json(__version__)
    yield b', "semanticVersion": ' + _json(_semantic(__version__))
    if home is not None:
        yield b', "informationUri": ' + _json(home)
    yield b', "rules": ['
    yield from _listed(map(_rule, rules))
    yield b"\n]}},\n"
    if category is not None:
        yield b'"automationDetails": ' + _json({"id": f"{category.rstrip('/')}/"}) + b",\n"
    yield b'"columnKind": "unicodeCodePoints",\n'
    yield b'"originalUriBaseIds": ' + _json({_ROOT: {"description": {"text": _ROOT_DESCRIPTION}}}) + b",\n"
    yield b'"results": ['
    yield from _listed(results)
    yield b"]}]}\n"


def left_out(report: Report, *, with_silenced: bool = False) -> int:
    """Return how many findings are more than GitHub takes: the gravest are kept."""
    silenced = len(report.silenced) if with_silenced else 0
    return max(len(report.findings) + silenced - MOST_RESULTS, 0)


def _listed(records: Iterable[_Object]) -> Iterator[bytes]:
    separator = b"\n"
    for record in records:
        yield separator + _json(record)
        separator = b",\n"


# Rules.


def _rule(described: Description) -> _Object:
    rule, severity, page, address = described
    why = _section(page, "Why")
    record: _Object = {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": f"{rule.summary} {why}"},
        "help": {"text": f"{why}\n\n{_section(page, 'Instead')}", "markdown": page},
        "defaultConfiguration": {"level": severity},
        "properties": {"tags": rule.tags, "precision": rule.precision, "problem.severity": _PROBLEMS[severity]},
    }
    return record if address is None else {**record, "helpUri": address}


def _section(page: str, title: str) -> str:
    """Return a section of a page as plain text, one line for each paragraph."""
    text = page.partition(f"\n## {title}\n")[2].partition("\n## ")[0].strip()
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def _semantic(version: str) -> str:
    """Return a version of Python's form in that of semantic versioning."""
    found = _VERSION.fullmatch(version)
    if found is None:
        return version
    major, minor, patch, stage, number, development = found.groups()
    later = [_STAGES[stage], number] if stage else []
    later += ["dev", development] if development else []
    return f"{major}.{minor or 0}.{patch or 0}{'-' if later else ''}{'.'.join(later)}"


# Results.


class _Chosen(NamedTuple):
    """A finding, and why a comment silences it; `None` where none does."""

    finding: Finding
    reason: str | None


def _results(report: Report, *, with_silenced: bool) -> list[_Chosen]:
    """Return what becomes a result, by place: of too many findings, the gravest."""
    found = [_Chosen(one, None) for one in report.findings]
    if with_silenced:
        found += (_Chosen(one.finding, one.reason) for one in report.silenced)
    grave_first = sorted(found, key=lambda one: (one.reason is not None, -SEVERITIES.index(one.finding.severity)))
    return sorted(grave_first[:MOST_RESULTS], key=lambda one: (_uri(one.finding.path), one.finding.order))


def _result(chosen: _Chosen, number: int, facts: _Facts, *, with_silenced: bool) -> _Object:
    finding = chosen.finding
    steps = [one for one in finding.related if one.is_step][:_MOST_STEPS]
    places = [one for one in finding.related if not one.is_step][:_MOST_PLACES]
    record: _Object = {
        "ruleId": finding.rule,
        "ruleIndex": number,
        "level": finding.severity,
        "message": {"text": _message(finding, places)},
        "locations": [{"physicalLocation": facts.place(finding.path, finding.at, with_snippet=True)}],
        "partialFingerprints": facts.fingerprints(finding),
    }
    if places:
        record["relatedLocations"] = [{"id": n, **_location(one, facts)} for n, one in enumerate(places, 1)]
    if steps:
        way = [{"location": _location(one, facts)} for one in steps]
        record["codeFlows"] = [{"threadFlows": [{"locations": way}]}]
    if with_silenced:
        # Once one result says whether it is suppressed, all have to.
        record["suppressions"] = [] if chosen.reason is None else [_suppression(chosen.reason)]
    return record


def _suppression(reason: str) -> _Object:
    return {"kind": "inSource", **({"justification": harmless(reason)} if reason else {})}


def _location(related: Related, facts: _Facts) -> _Object:
    place = facts.place(related.path, related.at, with_snippet=False)
    return {"physicalLocation": place, "message": {"text": _unlinked(harmless(related.message))}}


def _message(finding: Finding, places: Sequence[Related]) -> str:
    """Return what is said, and in a sentence of its own links to the other places: GitHub shows no place without."""
    said = _unlinked(harmless(finding.message))
    if not places:
        return said
    links = (
        f"[{_escaped(harmless(f'{one.path}:{one.at.line}'))}]({number}): {_unlinked(harmless(one.message))}"
        for number, one in enumerate(places, 1)
    )
    return f"{said}. See {'; '.join(links)}"


def _unlinked(text: str) -> str:
    """Return a text so that nothing in it reads like a link."""
    return _escaped(text) if "](" in text else text


def _escaped(text: str) -> str:
    return _BRACKET.sub(r"\\\1", text)


class _Facts:
    """What results need to know of the files they are in."""

    def __init__(self, lines: Lines, content: Content) -> None:
        self._lines = lines
        self._hashes = cache(lambda path: line_hashes(content(path)))

    def fingerprints(self, finding: Finding) -> dict[str, str]:
        """Return what tells a result from others: GitHub's own value, and ours, which no edit of a line changes."""
        ours = {"gwlint/v1": finding.fingerprint}
        line = _region(self._lines(finding.path), finding.at).line
        value = self._hashes(finding.path).of(line)
        return ours if value is None else {"primaryLocationLineHash": value, **ours}

    def place(self, path: str, at: Span, *, with_snippet: bool) -> _Object:
        """Return where a piece of source is."""
        lines = self._lines(path)
        region = _region(lines, at)
        said: _Object = {
            "startLine": region.line,
            "startColumn": region.column,
            "endLine": region.end_line,
            "endColumn": region.end_column,
        }
        snippet = _text(lines, region) if with_snippet else ""
        if 0 < len(snippet) <= _LONGEST_SNIPPET:
            said["snippet"] = {"text": snippet}
        return {"artifactLocation": {"uri": _uri(path), "uriBaseId": _ROOT}, "region": said}


def _uri(path: str) -> str:
    return quote(path, safe="/")


def _region(lines: Sequence[str], at: Span) -> Span:
    """Return the part of a region that is in the file: an error may be found past the end of a line.

    A whole file is where its code begins: what is written above moves it, and makes no other result of it. A single
    character, or what a comment says, is no token that a viewer could mark: the line is, from its first word.
    """
    if not lines:
        return at
    if at == FIRST_LINE:
        first = next((number for number, line in enumerate(lines, 1) if _is_code(line)), 1)
        return Span(first, 1, first, len(lines[first - 1]) + 1)
    region = Span(*_position(lines, at.line, at.column), *_position(lines, at.end_line, at.end_column))
    is_one_line = region.line == region.end_line
    if is_one_line and (region.end_column - region.column <= 1 or _is_in_comment(lines, region)):
        line = lines[region.line - 1]
        return Span(region.line, len(line) - len(line.lstrip()) + 1, region.line, len(line) + 1)
    return region


def _is_code(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _is_in_comment(lines: Sequence[str], at: Span) -> bool:
    line, before = lines[at.line - 1], at.column - 1
    return line.startswith("#", before) or line[:before].rstrip().endswith("#")


def _position(lines: Sequence[str], line: int, column: int) -> tuple[int, int]:
    if line > len(lines):
        return len(lines), len(lines[-1]) + 1
    return line, min(column, len(lines[line - 1]) + 1)


def _text(lines: Sequence[str], at: Span) -> str:
    if not lines:
        return ""
    if at.line == at.end_line:
        return lines[at.line - 1][at.column - 1 : at.end_column - 1]
    between = lines[at.line : at.end_line - 1]
    return "\n".join((lines[at.line - 1][at.column - 1 :], *between, lines[at.end_line - 1][: at.end_column - 1]))


_json = msgspec.json.Encoder().encode

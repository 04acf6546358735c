"""The flake8 plugin: what `gwlint check` says of a file, in flake8 and in the editors that run it."""

from __future__ import annotations

import tokenize
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import ast

    from gwlint.config import Config
    from gwlint.finding import Finding

NOT_CHECKED = "GW000"
"""Stands where a rule's code would: nothing could be checked before something is put right."""

_PATIENCE_SECONDS = 300.0
_BYTE_ORDER_MARKS = ("\ufeff", "\xef\xbb\xbf")


class Plugin:
    """What flake8 makes for every file. It says of it what a check of its project says of it, suppressions heeded.

    `noqa` is left to flake8. The project is checked once in a process, and by one process at a time; the others read
    the answer from its cache.
    """

    def __init__(self, tree: ast.AST, filename: str, lines: Sequence[str]) -> None:  # noqa: ARG002
        """Take a file by its name, with its lines as they are on disk, or not yet.

        What asks for `tree` is asked about whole files.
        """
        self._file = Path(filename)
        self._lines = lines

    @classmethod
    def parse_options(cls, *_options: object) -> None:
        """Begin a run, which need not be the first in this process: some editors start them all in one."""
        _answer_on_disk.cache_clear()

    def run(self) -> Iterator[tuple[int, int, str, type]]:
        """Yield the line, the column from 0 on, and the code with the message, of each finding in the file."""
        from gwlint.reporters.controls import harmless

        for line, column, said in _said_of(self._file, self._lines):
            yield line, column - 1, harmless(said), type(self)


class _Answer(NamedTuple):
    """The findings of a project by path, or why there are none."""

    findings: Mapping[str, Sequence[Finding]]
    trouble: str = ""


def _said_of(file: Path, lines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    place = _place(file)
    if place is None:
        return
    project, path = place
    answer = _answer_on_disk(project) if lines == _lines_on_disk(file) else _answer(project, {path: _encoded(lines)})
    if answer.trouble:
        yield 1, 1, f"{NOT_CHECKED} {answer.trouble}"
    for finding in answer.findings.get(path, ()):
        yield finding.at.line, finding.at.column, f"{finding.rule} {finding.message}"


def _place(file: Path) -> tuple[Path, str] | None:
    """Return the project of a file and what it calls the file, if it has a place in one."""
    from gwlint.config import project_of
    from gwlint.discover.files import named_in

    project = project_of(file) if file.name.endswith(".py") else None
    path = named_in(project, file) if project is not None else None
    return None if project is None or path is None else (project, path)


@cache
def _answer_on_disk(project: Path) -> _Answer:
    return _answer(project, None)


def _answer(project: Path, overlay: Mapping[str, bytes] | None) -> _Answer:
    from gwlint.config import ConfigError, load
    from gwlint.rules import RULES

    try:
        found = _findings(load(project, codes=[rule.id for rule in RULES]), overlay)
    except ConfigError as error:
        first, *others = error.problems
        return _Answer({}, f"{first} ({len(others)} more: see `gwlint check`)" if others else first)
    except OSError as error:
        return _Answer({}, f"{error.filename}: {error.strerror}")
    findings: dict[str, list[Finding]] = {}
    for finding in found:
        findings.setdefault(finding.path, []).append(finding)
    return _Answer(findings)


def _findings(config: Config, overlay: Mapping[str, bytes] | None) -> Sequence[Finding]:
    from datetime import date

    from gwlint.cache import FOLDER, Cache
    from gwlint.check import check

    with closing(Cache(config.project / FOLDER, patience=_PATIENCE_SECONDS)) as kept:
        # flake8 has processes of its own, which may not have any.
        jobs = 1
        report = check(config, kept, jobs, lambda _done, _total: None, today=date.today(), overlay=overlay, noqa=False)
    return report.findings


def _lines_on_disk(file: Path) -> list[str] | None:
    """Return the lines of a file as flake8 reads them; other lines come from an editor."""
    try:
        try:
            with tokenize.open(file) as stream:
                lines = stream.readlines()
        except (SyntaxError, UnicodeError, LookupError):
            with file.open(encoding="latin-1") as stream:
                lines = stream.readlines()
    except OSError:
        return None
    for mark in _BYTE_ORDER_MARKS:
        lines[:1] = [line.removeprefix(mark) for line in lines[:1]]
    return lines


def _encoded(lines: Sequence[str]) -> bytes:
    """Return lines as they would be stored, in the encoding that they declare."""
    content = "".join(lines).encode(errors="replace")
    try:
        encoding, _ = tokenize.detect_encoding(iter(content.splitlines(keepends=True)).__next__)
        return content.decode().encode(encoding)
    except (SyntaxError, UnicodeError, LookupError):
        return content

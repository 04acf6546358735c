"""How the answer of a check looks, and where it goes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gwlint.cli import terminal
from gwlint.cli.refusal import Refusal
from gwlint.cli.target import Target

if TYPE_CHECKING:
    from gwlint.config import Config
    from gwlint.report import Report
    from gwlint.reporters.paint import Paint


class Wish(NamedTuple):
    """What the command line says of the answer; `form` is `None` where it depends on who is looking."""

    form: str | None
    file: Path | None
    statistics: bool
    quiet: bool
    verbose: bool


def print_files(target: Target, files: Collection[str]) -> None:
    """Print the files that a target means."""
    from gwlint.discover.files import below
    from gwlint.reporters.controls import harmless

    terminal.write(terminal.lines(harmless(file) for file in files if below(file, target.paths)))


def print_report(report: Report, target: Target, config: Config, wish: Wish) -> None:
    """Print a report, and what there is to say of it where it is no part of a document for programs."""
    form = wish.form or ("text" if terminal.is_watched() and wish.file is None else "concise")
    findings = _rendered(report, target, form, wish)
    remarks = terminal.lines(_remarks(report, config, wish))
    if wish.file is not None:
        _write(wish.file, findings)
        terminal.write(remarks)
    elif form != "json":
        terminal.write((*findings, *remarks))
    else:
        terminal.write(findings)
        if wish.verbose:
            terminal.write_aside(remarks)


def _write(file: Path, pieces: Iterable[bytes]) -> None:
    try:
        file.write_bytes(b"".join(pieces))
    except OSError as error:
        raise Refusal(f"--output-file: {file} can't be written: {error.strerror}") from None


def _rendered(report: Report, target: Target, form: str, wish: Wish) -> Iterable[bytes]:
    from gwlint.rules import RULES

    names = {rule.id: rule.name for rule in RULES}
    if wish.statistics:
        from gwlint.reporters import check_statistics

        as_json = form == "json"
        render = check_statistics.render_json if as_json else check_statistics.render_text
        return render(report, names)
    if form == "json":
        from gwlint.reporters import check_json

        return check_json.render(report, names)
    if form == "concise":
        from gwlint.reporters import check_concise

        return terminal.lines(check_concise.render(report, _paint(wish)))
    from gwlint.reporters import check_text

    return terminal.lines(check_text.render(report, names, _lines_of(target), _paint(wish)))


def _remarks(report: Report, config: Config, wish: Wish) -> Iterator[str]:
    from gwlint.config import overridden
    from gwlint.reporters import check_summary

    if wish.verbose:
        yield from check_summary.details(report, config.source, overridden(config))
    if not wish.quiet:
        yield from check_summary.summary(report, hint=not wish.verbose)


def _paint(wish: Wish) -> Paint:
    from gwlint.reporters import paint

    return paint.coloured if wish.file is None and terminal.is_coloured() else paint.plain


def _lines_of(target: Target) -> Callable[[str], Sequence[str]]:
    """Return what reads the lines of a file as they were when it was parsed, each file once."""
    overlay = target.overlay or {}

    @cache
    def lines(path: str) -> Sequence[str]:
        # It takes the grammar with it, which is loaded anyway unless nothing has changed since the last run.
        from gwlint.parse.source import Source

        file = target.root / path
        if path not in overlay and not file.is_file():
            # Opening a FIFO would wait for ever.
            return ()
        try:
            raw = overlay[path] if path in overlay else file.read_bytes()
        except OSError:
            return ()
        # What ends no line for Python, such as U+2028, ends none here.
        return re.split(r"\r\n|\n", Source(raw).data.decode())

    return lines

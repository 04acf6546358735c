"""How the answer of a check looks, and where it goes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gwlint.cli import terminal
from gwlint.cli.outputs import FOR_PEOPLE, Output
from gwlint.cli.refusal import Refusal
from gwlint.cli.target import Target

if TYPE_CHECKING:
    from gwlint.cli.forms import Forms
    from gwlint.config import Config
    from gwlint.report import Report
    from gwlint.reporters.paint import Paint


class Wish(NamedTuple):
    """What the command line says of the answer. At most one of the `outputs` is without a file."""

    outputs: tuple[Output, ...]
    statistics: bool
    quiet: bool
    verbose: bool
    sarif_category: str | None
    sarif_suppressed: bool


def print_files(target: Target, files: Collection[str]) -> None:
    """Print the files that a target means."""
    from gwlint.reporters.controls import harmless

    terminal.write(terminal.lines(harmless(file) for file in files if target.means(file)))


def print_report(report: Report, target: Target, config: Config, wish: Wish) -> None:
    """Print a report, and what there is to say of it where it is no part of a document for programs."""
    from gwlint.cli.forms import Forms

    forms = Forms(report, target, config)
    remarks = terminal.lines(_remarks(report, config, wish))
    for output in wish.outputs:
        if output.file is not None:
            _write(output.file, output.option, _rendered(forms, output, wish))
    shown = next((one for one in wish.outputs if one.file is None), None)
    if shown is None:
        terminal.write(remarks)
    elif shown.form in FOR_PEOPLE:
        terminal.write((*_rendered(forms, shown, wish), *remarks))
    else:
        terminal.write(_rendered(forms, shown, wish))
        if wish.verbose:
            terminal.write_aside(remarks)


def _write(file: Path, option: str, pieces: Iterable[bytes]) -> None:
    try:
        file.write_bytes(b"".join(pieces))
    except OSError as error:
        raise Refusal(f"{option}: {file} can't be written: {error.strerror}") from None


def _rendered(forms: Forms, output: Output, wish: Wish) -> Iterable[bytes]:
    if wish.statistics:
        return forms.statistics(output.form)
    if output.form == "text":
        return forms.text(_paint(output))
    if output.form == "concise":
        return forms.concise(_paint(output))
    if output.form == "sarif":
        return forms.sarif(wish.sarif_category, with_silenced=wish.sarif_suppressed)
    return forms.document(output.form)


def _remarks(report: Report, config: Config, wish: Wish) -> Iterator[str]:
    from gwlint.config import overridden
    from gwlint.reporters import check_summary

    if wish.verbose:
        yield from check_summary.details(report, config.source, overridden(config))
    if not wish.quiet:
        yield from check_summary.summary(report, hint=not wish.verbose)


def _paint(output: Output) -> Paint:
    from gwlint.reporters import paint

    return paint.coloured if output.file is None and terminal.is_coloured() else paint.plain

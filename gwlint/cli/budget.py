"""`gwlint budget`: what Lambda functions take, and what they may take."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from gwlint.cli import places, settings, terminal
from gwlint.cli.bugs import told_of
from gwlint.cli.refusal import Refusal
from gwlint.cli.runs import Means, budgeted

if TYPE_CHECKING:
    from gwlint.budgets import FunctionBudget
    from gwlint.config import Config
    from gwlint.footprint.appraisals import Bytecode
    from gwlint.footprint.estimates import Basis
    from gwlint.prices import Use
    from gwlint.reporters.bars import Marks
    from gwlint.reporters.budget_figures import Row
    from gwlint.reporters.measured import Measured
    from gwlint.reporters.paint import Paint

_WIDE = 140
"""How wide a table is that goes to a file or to another program."""


@click.command()
@click.argument("targets", nargs=-1, metavar="[PATH|FUNCTION]...")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="How to print what functions take.",
)
@click.option("-o", "--output-file", type=click.Path(path_type=Path), metavar="FILE", help="Where to write it.")
@click.option("--function", "named", multiple=True, metavar="NAME", help="A function whose name is a path, too.")
@click.option(
    "--invocations",
    type=click.IntRange(min=0),
    default=1_000_000,
    show_default=True,
    help="How often each function is called in a month.",
)
@click.option(
    "--duration",
    type=click.IntRange(1, 900_000),
    default=100,
    show_default=True,
    metavar="MS",
    help="How long a call takes.",
)
@click.option("--site-packages", type=click.Path(path_type=Path), metavar="DIR", help="Where packages are installed.")
@click.option(
    "--basis",
    type=click.Choice(["table", "formula", "name"]),
    default="table",
    show_default=True,
    help="What estimates rest on at best: measurements of packages, their files, or their names.",
)
@click.option(
    "--bytecode",
    type=click.Choice(["auto", "valid", "stale"]),
    default="auto",
    show_default=True,
    help="Whether what is deployed has valid bytecode, or is compiled as it loads; auto goes by the files.",
)
@click.option("--measure", is_flag=True, help="Run the imports of the handlers, and compare.")
@click.option("--python", type=click.Path(path_type=Path), metavar="FILE", help="The interpreter to measure with.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes to parse with.  [default: one per core]")
@click.option("--no-cache", is_flag=True, help="Neither use nor write a cache.")
@click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of an internal error.")
def budget(
    targets: tuple[str, ...],
    form: str,
    output_file: Path | None,
    named: tuple[str, ...],
    invocations: int,
    duration: int,
    site_packages: Path | None,
    basis: Basis,
    bytecode: Bytecode,
    measure: bool,
    python: Path | None,
    jobs: int | None,
    no_cache: bool,
) -> None:
    """Estimate what Lambda functions take: memory, time to start, package, and money.

    With paths, only functions whose handler or template lies there. With the name of a function or its handler, all
    that it loads, and why. What is there as a file or folder is a path.

    Nothing is run, unless --measure asks for it. Whether a function is over a limit does not change the exit code:
    `gwlint check` fails for that.
    """
    from gwlint.prices import Use

    _refuse_pointless(form, output_file, measure=measure, python=python)
    paths, names = _told_apart(targets)
    root = places.project_of(paths)
    inside = [places.inside(root, path) for path in paths]
    config = _configured(root, site_packages)
    with told_of(config):
        found = budgeted(config, Means(jobs, use_cache=not no_cache), basis, bytecode)
        shown = _meant(found, inside, (*names, *named))
        measured = _measured(config, shown, python, site_packages, bytecode) if measure else {}
        answer = _Answer(root.name, shown, Use(invocations, duration), bool(names or named), measured)
        _write(_rendered(answer, form, output_file), output_file)


class _Answer(NamedTuple):
    """What is shown: functions of a project, in full where they were named. What was measured is known by place."""

    project: str
    functions: tuple[FunctionBudget, ...]
    use: Use
    in_full: bool
    measured: Mapping[int, Measured]


def _refuse_pointless(form: str, file: Path | None, *, measure: bool, python: Path | None) -> None:
    if python is not None and not measure:
        raise Refusal("--python is for --measure; add that, or leave it out")
    if form == "html" and file is None and terminal.is_watched():
        raise Refusal("--format html is a page for a browser; add --output-file FILE")


def _told_apart(targets: Iterable[str]) -> tuple[list[Path], list[str]]:
    """Return which targets are paths, for they are there, and which are names of functions."""
    paths: list[Path] = []
    names: list[str] = []
    for target in targets:
        if os.path.lexists(target):
            paths.append(Path(target))
        else:
            names.append(target)
    return paths, names


def _configured(root: Path, site_packages: Path | None) -> Config:
    from dataclasses import replace

    from gwlint.config import overriding

    config = settings.configured(root)
    if site_packages is None:
        return config
    if not site_packages.is_dir():
        raise Refusal(f"--site-packages: {site_packages} is no folder")
    budgets = replace(config.budgets, site_packages=str(site_packages.absolute()))
    return overriding(config, "--site-packages", budgets=budgets)


def _meant(
    found: tuple[FunctionBudget, ...], inside: Sequence[str], names: Sequence[str]
) -> tuple[FunctionBudget, ...]:
    """Return the functions that lie in some paths and have one of some names. Refuses what means none."""
    from gwlint.discover.files import below

    there = tuple(one for one in found if not inside or below(one.path, inside) or below(one.template, inside))
    for path in inside if found else ():
        if not any(below(one.path, (path,)) or below(one.template, (path,)) for one in found):
            terminal.warn(f"`{path}` holds no handler of a function, and no template that declares one")
    if not names:
        return there
    for name in names:
        if not any(name in (one.name, one.handler) for one in there):
            raise Refusal(_no_function(name, there))
    return tuple(one for one in there if one.name in names or one.handler in names)


def _no_function(name: str, known: Sequence[FunctionBudget]) -> str:
    from gwlint.nearest import nearest

    if not known:
        return f"there is neither a function nor a file `{name}`, and no other function is declared or found"
    near = nearest(name, {called for one in known for called in (one.name, one.handler)})
    remedy = f"did you mean `{near}`?" if near else "`gwlint budget` lists all that there are"
    return f"there is neither a function nor a file `{name}`; {remedy}"


def _measured(
    config: Config,
    functions: Sequence[FunctionBudget],
    python: Path | None,
    site_packages: Path | None,
    bytecode: Bytecode,
) -> Mapping[int, Measured]:
    from gwlint.cli.measuring import Laboratory

    return Laboratory.of(config.project, python, site_packages).measured(functions, bytecode)


def _rendered(answer: _Answer, form: str, file: Path | None) -> Iterable[bytes]:
    from gwlint.reporters.budget_figures import rows

    shown = rows(answer.functions, answer.use)
    if form == "json":
        from gwlint.reporters import budget_json

        return budget_json.render(shown, answer.use, answer.measured)
    if form == "html":
        from gwlint.reporters import budget_html

        return budget_html.render(answer.project, shown, answer.use, answer.measured)
    return terminal.lines(_text(answer, shown, is_shown=file is None))


def _text(answer: _Answer, shown: Sequence[Row], *, is_shown: bool) -> Iterable[str]:
    from gwlint.reporters import budget_text, budget_tree, measured, paint

    colours: Paint = paint.coloured if is_shown and terminal.is_coloured() else paint.plain
    marks = _marks(is_shown=is_shown)
    columns = shutil.get_terminal_size((_WIDE, 24)).columns if is_shown else _WIDE
    render = budget_tree.render if answer.in_full else budget_text.render
    yield from render(shown, answer.use, columns, marks, colours)
    if answer.measured:
        yield ""
        yield from measured.render(shown, answer.measured, marks, colours)


def _marks(*, is_shown: bool) -> Marks:
    """Return what bars are made of. Files and other programs get UTF-8; a terminal may lack the characters."""
    from gwlint.reporters import bars

    if not is_shown or not terminal.is_watched():
        return bars.UNICODE
    try:
        "".join(bars.UNICODE).encode(sys.stdout.encoding)
    except (LookupError, UnicodeEncodeError):
        return bars.ASCII
    return bars.UNICODE


def _write(pieces: Iterable[bytes], file: Path | None) -> None:
    if file is None:
        terminal.write(pieces)
        return
    try:
        file.write_bytes(b"".join(pieces))
    except OSError as error:
        raise Refusal(f"--output-file: {file} can't be written: {error.strerror}") from None

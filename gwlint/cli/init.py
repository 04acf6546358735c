"""`gwlint init`: settings to begin with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gwlint.cli import places, terminal
from gwlint.cli.refusal import Refusal
from gwlint.cli.runs import Means, surveyed

if TYPE_CHECKING:
    from gwlint.proposal import Declarations, Found

_TABLE = "tool.gwlint"


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--pyproject", is_flag=True, help="Append [tool.gwlint] to pyproject.toml.")
@click.option("--dry-run", is_flag=True, help="Print what would be written, and write nothing.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes to parse with.  [default: one per core]")
@click.option("--no-cache", is_flag=True, help="Neither use nor write a cache.")
@click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of an internal error.")
def init(path: Path | None, pyproject: bool, dry_run: bool, jobs: int | None, no_cache: bool) -> None:
    """Look at the project in PATH, and write a gwlint.toml that says what was found, to be edited.

    Components that were inferred are declared in it, which makes what goes past their gateways an error. Nothing is
    overwritten. What remains to be set up elsewhere is printed.
    """
    from gwlint.config import OWN_FILE, SHARED_FILE
    from gwlint.proposal import text

    folder = path or Path()
    root = _without_settings(folder)
    file = folder / (SHARED_FILE if pyproject else OWN_FILE)
    before = _read(file) if pyproject else b""
    found = _found(root, Means(jobs, use_cache=not (no_cache or dry_run)))
    added = _appended(before, text(found, _TABLE)) if pyproject else text(found).encode()
    _refuse_misfit(found, file, before + added)
    if dry_run:
        terminal.write([added])
        return
    _write(file, added)
    terminal.write(terminal.lines(_what_is_next(file, found.declarations)))


def _without_settings(path: Path) -> Path:
    """Return the folder of a project, which must have no settings so far."""
    from gwlint.config import files_with_settings

    if path.is_file():
        raise Refusal(f"{path}: is a file; name the folder of a project")
    root = places.project_of([path])
    settings = next(files_with_settings(root), None)
    if settings is not None:
        raise Refusal(f"{root / settings}: there are settings already, and nothing is overwritten; edit or remove them")
    return root


def _found(root: Path, means: Means) -> Found:
    from gwlint.components import Components
    from gwlint.config import defaults
    from gwlint.proposal import Found, declarations, fitting

    config = defaults(root)
    project, functions = surveyed(config, means)
    components = Components(config, project)
    fits = tuple(fitting(config, project))
    return Found(project, components, functions, fits, declarations(project, components))


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refusal(f"{file}: can't be read: {error.strerror}; leave out --pyproject") from None


def _appended(before: bytes, text: str) -> bytes:
    """Return what to append to a file so that a text begins after an empty line, in lines that end as its own do."""
    end = b"\r\n" if b"\r\n" in before else b"\n"
    apart = (end if before.endswith(b"\n") else end * 2) if before else b""
    return apart + text.encode().replace(b"\n", end)


def _refuse_misfit(found: Found, file: Path, content: bytes) -> None:
    """Refuse to write what would not be understood, for instance after a table that can't be added to."""
    from gwlint.components import Components
    from gwlint.config import ConfigError, understood
    from gwlint.rules import RULES

    try:
        settings = understood(file.parent, file.name, content, codes=[rule.id for rule in RULES])
        Components(settings, found.project)
    except ConfigError as error:
        raise Refusal(f"{file}: settings can't be added: {error.problems[0]}") from None


def _write(file: Path, added: bytes) -> None:
    from gwlint.config import OWN_FILE

    try:
        with file.open("xb" if file.name == OWN_FILE else "ab") as stream:
            stream.write(added)
    except OSError as error:
        raise Refusal(f"{file}: can't be written: {error.strerror}") from None


def _what_is_next(file: Path, declarations: Declarations) -> Iterator[str]:
    from gwlint.proposal import next_steps
    from gwlint.reporters.controls import harmless

    made, left = len(declarations.made), len(declarations.left)
    remaining = f", {left} left to be inferred" if left else ""
    yield harmless(f"wrote {file}: {made} component{'' if made == 1 else 's'} declared{remaining}")
    yield from next_steps()

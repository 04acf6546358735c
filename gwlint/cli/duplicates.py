"""`gwlint duplicates`: functions that are copies of one another, side by side."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gwlint.cli import places, settings, terminal
from gwlint.cli.runs import Means, asked
from gwlint.cli.target import Target

if TYPE_CHECKING:
    from gwlint.codebase import Codebase
    from gwlint.reporters.copies import Copies


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print the copies.",
)
@click.option("--diff/--no-diff", default=None, help="Show copies side by side.  [default: on a terminal]")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes to parse with.  [default: one per core]")
@click.option("--no-cache", is_flag=True, help="Neither use nor write a cache.")
@click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of an internal error.")
def duplicates(paths: tuple[Path, ...], form: str, diff: bool | None, jobs: int | None, no_cache: bool) -> None:
    """Print the functions of a project that are copies of one another, or those with a copy in PATHS.

    Those come first without which the project would lose the most lines.
    """
    root = places.project_of(paths)
    inside = [places.inside(root, path) for path in paths]
    config = settings.configured(root)
    copies = asked(config, Means(jobs, use_cache=not no_cache), lambda codebase: _copies(codebase, inside))
    if form == "json":
        from gwlint.reporters import duplicates_json

        terminal.write(duplicates_json.render(copies))
    else:
        terminal.write(_as_text(copies, root, terminal.is_watched() if diff is None else diff))


def _copies(codebase: Codebase, inside: Collection[str]) -> list[Copies]:
    from gwlint.discover.files import below
    from gwlint.reporters.copies import copies

    return [one for one in copies(codebase) if not inside or any(below(copy.path, inside) for copy in one.functions)]


def _as_text(copies: Iterable[Copies], root: Path, diff: bool) -> Iterable[bytes]:
    from gwlint.cli.sources import Sources
    from gwlint.reporters import duplicates_text, paint

    width = shutil.get_terminal_size().columns if diff else None
    colours = paint.coloured if terminal.is_coloured() else paint.plain
    return terminal.lines(duplicates_text.render(copies, Sources(Target(root, ())).lines, width, colours))

"""`gwlint graph`: who imports whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gwlint.cli import places, settings, terminal
from gwlint.cli.bugs import told_of
from gwlint.cli.refusal import Refusal
from gwlint.cli.runs import Means, analysed

if TYPE_CHECKING:
    from gwlint.components import Components
    from gwlint.config import Config
    from gwlint.project import Project

_DRAWN = {"dot": "render_dot", "mermaid": "render_mermaid"}


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["text", "json", "dot", "mermaid"]),
    default="text",
    show_default=True,
    help="How to print the graph.",
)
@click.option("--focus", metavar="PATH_OR_NAME", help="Only this module or package, and its neighbours.")
@click.option("--cycles", is_flag=True, help="Only modules on cycles, and the imports among them.")
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(["eager", "deferred", "type-only", "dynamic"]),
    multiple=True,
    help="Only imports and cycles of this kind; can be repeated.",
)
@click.option("--jobs", type=click.IntRange(min=1), help="Processes to parse with.  [default: one per core]")
@click.option("--no-cache", is_flag=True, help="Neither use nor write a cache.")
@click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of an internal error.")
def graph(
    paths: tuple[Path, ...],
    form: str,
    focus: str | None,
    cycles: bool,
    kinds: tuple[str, ...],
    jobs: int | None,
    no_cache: bool,
) -> None:
    """Print the import graph of a project, or of what touches some of it.

    The project is the nearest folder from the first of PATHS upwards with settings for gwlint; all of it is read.
    """
    from gwlint import view

    root = places.project_of(paths)
    inside = [places.inside(root, path) for path in paths]
    config = settings.configured(root)
    with told_of(config):
        project = analysed(config, Means(jobs, use_cache=not no_cache))
        whole = view.of_kinds(project, kinds) if kinds else project
        shown = view.below(whole, inside) if inside else whole
        shown = _around(shown, whole, root, focus) if focus else shown
        shown = view.on_cycles(whole, shown.cycles) if cycles else shown
        empty = [path for path in inside if not view.holds(project, path)]
        unreadable = (f"`{one.path}` can't be read: {one.reason}" for one in project.unreadable)
        for notice in (*project.notices, *unreadable, *(f"`{path}` holds no module of the project" for path in empty)):
            terminal.warn(notice)
        terminal.write(_rendered(shown, form, lambda: _components(config, project)))


def _around(shown: Project, whole: Project, root: Path, focus: str) -> Project:
    """Keep what a focus means in the whole project, as far as it is shown."""
    from gwlint import view
    from gwlint.discover.files import named_in

    path = named_in(root, Path(focus))
    try:
        return view.around(shown, view.meant(whole, path if path and view.holds(whole, path) else focus))
    except view.NotInProjectError as error:
        raise Refusal(f"--focus: {error}") from None


def _components(config: Config, project: Project) -> Components:
    from gwlint.components import Components
    from gwlint.config import ConfigError

    try:
        return Components(config, project)
    except ConfigError as error:
        raise Refusal(str(error)) from None


def _rendered(project: Project, form: str, components: Callable[[], Components]) -> Iterable[bytes]:
    if form == "json":
        from gwlint.reporters import graph_json

        return graph_json.render(project, components())
    if form in _DRAWN:
        from gwlint.reporters import graph_drawing

        draw: Callable[[Project], Iterator[str]] = getattr(graph_drawing, _DRAWN[form])
        return terminal.lines(draw(project))
    from gwlint.reporters import graph_text

    return terminal.lines(graph_text.render(project, components()))

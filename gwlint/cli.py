"""The command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gwlint import __version__

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

    from gwlint.project import Project
    from gwlint.read import Progress

_COULD_NOT_CHECK = 2
_INTERRUPTED = 130
_ENOUGH_FOR_A_BAR = 300
_DRAWN = {"dot": "render_dot", "mermaid": "render_mermaid"}


class _Refusal(click.ClickException):
    """What the user has to put right before anything can be done: exit 2."""

    exit_code = _COULD_NOT_CHECK


def main() -> None:
    """Run the command line; whatever goes wrong is one line and exit 2, never a clean run."""
    try:
        sys.exit(cli.main(standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(_INTERRUPTED)
    except Exception as error:
        _show_bug(error)
        sys.exit(_COULD_NOT_CHECK)


def _show_bug(error: Exception) -> None:
    if "--debug" in sys.argv:
        import traceback

        traceback.print_exc()
    else:
        said = " ".join(f"{type(error).__name__}: {error}".split())
        click.echo(f"gwlint: internal error: {said}; --debug shows where", err=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="gwlint", message="%(prog)s %(version)s")
def cli() -> None:
    """Check the architecture of Python AWS Lambda codebases without importing or running them."""


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
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

    root = _project_of(paths)
    inside = [_inside(root, path) for path in paths]
    project = _analysed(root, jobs or _cores(), use_cache=not no_cache)
    whole = view.of_kinds(project, kinds) if kinds else project
    shown = view.below(whole, inside) if inside else whole
    shown = _around(shown, whole, root, focus) if focus else shown
    shown = view.on_cycles(whole, shown.cycles) if cycles else shown
    empty = [path for path in inside if not view.holds(project, path)]
    unreadable = (f"`{one.path}` can't be read: {one.reason}" for one in project.unreadable)
    for notice in (*project.notices, *unreadable, *(f"`{path}` holds no module of the project" for path in empty)):
        click.echo(f"warning: {notice}", err=True)
    _print(_rendered(shown, form))


def _around(shown: Project, whole: Project, root: Path, focus: str) -> Project:
    """Keep what a focus means in the whole project, as far as it is shown."""
    from gwlint import view

    path = _named_in(root, Path(focus))
    try:
        return view.around(shown, view.meant(whole, path if path and view.holds(whole, path) else focus))
    except view.NotInProjectError as error:
        raise _Refusal(f"--focus: {error}") from None


def _rendered(project: Project, form: str) -> Iterable[bytes]:
    if form == "json":
        from gwlint.reporters import graph_json

        return graph_json.render(project)
    if form in _DRAWN:
        from gwlint.reporters import graph_drawing

        draw: Callable[[Project], Iterator[str]] = getattr(graph_drawing, _DRAWN[form])
        return (f"{line}\n".encode() for line in draw(project))
    from gwlint.reporters import graph_text

    return (f"{line}\n".encode() for line in graph_text.render(project))


def _print(pieces: Iterable[bytes]) -> None:
    """Write bytes: the same ones on every platform and in every locale."""
    try:
        sys.stdout.buffer.write(b"".join(pieces))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # The reader, `head` for one, has seen enough. Nothing may be flushed into the closed pipe at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        raise _Refusal(f"the output can't be written: {error.strerror}") from None


def _project_of(paths: tuple[Path, ...]) -> Path:
    """Return the folder of the project that some paths belong to."""
    from gwlint.config import find_project

    try:
        for path in paths:
            path.stat()
        root = find_project(paths)
        next(root.iterdir(), None)
    except FileNotFoundError as error:
        raise _Refusal(f"{error.filename}: there is no such file or folder") from None
    except OSError as error:
        raise _Refusal(f"{error.filename}: {error.strerror}") from None
    return root


def _analysed(root: Path, jobs: int, *, use_cache: bool) -> Project:
    from gwlint.analysis import analyse
    from gwlint.cache import FOLDER, Cache
    from gwlint.config import ConfigError, load

    try:
        config = load(root)
        with closing(Cache(root / FOLDER if use_cache else None)) as cache, _progress() as progress:
            return analyse(config, cache, jobs, progress)
    except ConfigError as error:
        raise _Refusal(str(error)) from None


def _inside(root: Path, path: Path) -> str:
    named = _named_in(root, path)
    if named is None:
        raise _Refusal(f"{path}: is not in the project {root}; check one project at a time")
    return named


def _named_in(root: Path, path: Path) -> str | None:
    """Return a path, from the working directory, as the project calls it: links in it make no other file of it."""
    try:
        return Path(os.path.realpath(path)).relative_to(os.path.realpath(root)).as_posix()
    except ValueError:
        return None


@contextmanager
def _progress() -> Iterator[Progress]:
    """Give a bar on a terminal, which appears once there is much to parse."""
    with ExitStack() as stack:
        bars: list[tuple[RichProgress, TaskID]] = []

        def show(done: int, total: int) -> None:
            if total < _ENOUGH_FOR_A_BAR or not sys.stderr.isatty():
                return
            if not bars:
                bars.append(_bar(stack))
            bar, task = bars[0]
            bar.update(task, completed=done, total=total, refresh=True)

        yield show


def _bar(stack: ExitStack) -> tuple[RichProgress, TaskID]:
    from rich.console import Console
    from rich.progress import Progress as RichProgress

    # Without a thread of its own: worker processes may still be forked.
    bar = stack.enter_context(RichProgress(console=Console(stderr=True), auto_refresh=False, transient=True))
    return bar, bar.add_task("reading")


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

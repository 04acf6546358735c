"""Standard output and error: what is written there, and whether somebody is looking."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import click

from gwlint.cli.refusal import Refusal

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

    from gwlint.read import Progress

_ENOUGH_FOR_A_BAR = 300


def write(pieces: Iterable[bytes]) -> None:
    """Write bytes to standard output: the same ones on every platform and in every locale."""
    try:
        sys.stdout.buffer.write(b"".join(pieces))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # The reader, `head` for one, has seen enough. Nothing may be flushed into the closed pipe at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        raise Refusal(f"the output can't be written: {error.strerror}") from None


def write_aside(pieces: Iterable[bytes]) -> None:
    """Write bytes to standard error."""
    for piece in pieces:
        click.echo(piece, nl=False, err=True)


def lines(texts: Iterable[str]) -> Iterator[bytes]:
    """Yield lines as bytes."""
    return (f"{text}\n".encode() for text in texts)


def warn(text: str) -> None:
    """Say something on standard error that changes no exit code."""
    from gwlint.reporters.controls import harmless

    click.echo(f"warning: {harmless(text)}", err=True)


def is_watched() -> bool:
    """Tell whether standard output is a terminal."""
    return sys.stdout.isatty()


def is_coloured() -> bool:
    """Tell whether to print in colour: `NO_COLOR` goes before `FORCE_COLOR`, and both before what the output is."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (is_watched() and os.environ.get("TERM") != "dumb")


@contextmanager
def progress() -> Iterator[Progress]:
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

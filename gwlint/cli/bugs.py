"""What gwlint says of its own bugs: one line, or with `--debug` where it happened."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gwlint.config import Config

_FORCED = "GWLINT_DEBUG_RAISE"


class BugError(Exception):
    """Something that nobody has foreseen, and where the settings say to tell of it; its cause says what it was."""

    def __init__(self, issues_url: str | None) -> None:
        super().__init__(issues_url)
        self.issues_url = issues_url


@contextmanager
def told_of(config: Config) -> Iterator[None]:
    """Let whatever goes wrong from here on say where to tell of it, if the settings do."""
    try:
        if os.environ.get(_FORCED):
            raise RuntimeError(f"asked for by {_FORCED}")
        yield
    except (click.ClickException, click.Abort):
        raise
    except Exception as error:
        raise BugError(config.issues_url) from error


def show(error: BaseException) -> None:
    """Say on standard error what went wrong, and what to do about it."""
    issues_url = error.issues_url if isinstance(error, BugError) else None
    what = error.__cause__ if isinstance(error, BugError) and error.__cause__ is not None else error
    told = [] if issues_url is None else [f"please tell of it at {issues_url}"]
    if "--debug" in sys.argv:
        import traceback

        traceback.print_exception(type(what), what, what.__traceback__)
    else:
        said = " ".join(f"{type(what).__name__}: {what}".split())
        told = [f"gwlint: internal error: {said}", "--debug shows where", *told]
    if told:
        click.echo("; ".join(told), err=True)

"""The one way to say that nothing can be done before the user has put something right: a line each, and exit 2."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import IO, Any

import click

from gwlint.nearest import nearest

COULD_NOT_CHECK = 2

_REFUSED_CHOICE = re.compile(r"'(.*)' is not (?:one of )?")


class Refusal(click.ClickException):
    """What the user has to put right before anything can be done. Every line of its message stands for itself."""

    exit_code = COULD_NOT_CHECK

    def show(self, file: IO[Any] | None = None) -> None:  # Any: click's
        """Print a line for each thing to put right."""
        _say(self.message.split("\n"), file)


class NoSuchCommand(click.UsageError):
    """A command that does not exist."""

    def __init__(self, name: str, known: Iterable[str], ctx: click.Context) -> None:
        super().__init__(f"there is no command '{name}'{_remedy(name, known)}", ctx)


def show(error: click.ClickException) -> None:
    """Print what is wrong with a command line: one line that says where to look it up."""
    # `gwlint` without a command asks for help, and gets it.
    if not isinstance(error, click.UsageError) or type(error).__name__ == "NoArgsIsHelpError":
        error.show()
        return
    said = " ".join(_said(error).split())
    where = f"see {error.ctx.command_path} --help" if error.ctx is not None else "see gwlint --help"
    _say([f"{said} S{where[1:]}" if said.endswith("?") else f"{said}; {where}"])


def _say(lines: Iterable[str], file: IO[Any] | None = None) -> None:
    from gwlint.reporters.controls import harmless

    for line in lines:
        click.echo(f"gwlint: error: {harmless(line)}", file=file, err=file is None)


def _said(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        options = error.ctx.command.params if error.ctx is not None else ()
        known = (name for option in options if isinstance(option, click.Option) for name in option.opts)
        return f"there is no option '{error.option_name}'{_remedy(error.option_name, (*known, '--help'))}"
    if isinstance(error, click.MissingParameter):
        return f"{_called(error)} is missing"
    if isinstance(error, click.BadParameter):
        return f"{_called(error)}: {_first_small(error.message)}{_nearest_choice(error)}"
    return _first_small(error.format_message())


def _called(error: click.BadParameter) -> str:
    if error.param is None:
        return "a value"
    if isinstance(error.param, click.Option):
        return max(error.param.opts, key=len)
    return error.param.human_readable_name


def _nearest_choice(error: click.BadParameter) -> str:
    value = _REFUSED_CHOICE.match(error.message)
    if value is None or error.param is None or not isinstance(error.param.type, click.Choice):
        return ""
    return _remedy(value[1], error.param.type.choices)


def _remedy(word: str, known: Iterable[str]) -> str:
    near = nearest(word, known)
    return f"; did you mean '{near}'?" if near else ""


def _first_small(message: str) -> str:
    return message[:1].lower() + message[1:].rstrip(".")

"""The command line: options, exit codes, and what goes where. Only this package knows click."""

from __future__ import annotations

import sys

import click

from gwlint import __version__
from gwlint.cli.check import check
from gwlint.cli.graph import graph
from gwlint.cli.refusal import COULD_NOT_CHECK
from gwlint.cli.rule import rule

__all__ = ["cli", "main"]

_INTERRUPTED = 130


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
        sys.exit(COULD_NOT_CHECK)


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


for command in (check, graph, rule):
    cli.add_command(command)

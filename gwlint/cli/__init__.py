"""The command line: options, exit codes, and what goes where. Only this package knows click."""

from __future__ import annotations

import gc
import sys

import click

from gwlint import __version__
from gwlint.cli import bugs
from gwlint.cli.baseline import baseline
from gwlint.cli.budget import budget
from gwlint.cli.check import check
from gwlint.cli.config import config
from gwlint.cli.duplicates import duplicates
from gwlint.cli.graph import graph
from gwlint.cli.init import init
from gwlint.cli.refusal import COULD_NOT_CHECK, NoSuchCommand, show
from gwlint.cli.rule import rule
from gwlint.cli.runtime import runtime

__all__ = ["cli", "main"]

_INTERRUPTED = 130
_PROGRAM = "gwlint"


def main() -> None:
    """Run the command line; whatever goes wrong is one line and exit 2, never a clean run."""
    # A run is over before garbage matters, and what it makes by the million is in no cycles of references.
    gc.disable()
    try:
        sys.exit(cli.main(prog_name=_PROGRAM, standalone_mode=False))
    except click.ClickException as error:
        show(error)
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(_INTERRUPTED)
    except Exception as error:
        bugs.show(error)
        sys.exit(COULD_NOT_CHECK)


class _Commands(click.Group):
    """The commands, and what is said of those that do not exist."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is asked for."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None and not ctx.resilient_parsing:
            raise NoSuchCommand(name, self.list_commands(ctx), ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="gwlint", message="%(prog)s %(version)s")
def cli() -> None:
    """Check the architecture of Python AWS Lambda codebases without importing or running them."""


for command in (baseline, budget, check, config, duplicates, graph, init, rule, runtime):
    cli.add_command(command)

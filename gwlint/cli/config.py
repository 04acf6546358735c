"""`gwlint config`: what is known of settings."""

from __future__ import annotations

from pathlib import Path

import click

from gwlint.cli import terminal

_SCHEMA = Path(__file__).parents[1] / "schemas" / "config.schema.json"


@click.group()
def config() -> None:
    """Say what there is to know about settings."""


@config.command()
@click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of an internal error.")
def schema() -> None:
    """Print the JSON schema of settings, for editors and other programs."""
    terminal.write([_SCHEMA.read_bytes()])

"""`gwlint rule`: what a rule reports, why, and what to do instead."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from gwlint.cli import terminal
from gwlint.cli.refusal import Refusal
from gwlint.nearest import nearest

if TYPE_CHECKING:
    from gwlint.rule import Rule


@click.command()
@click.argument("code", required=False)
@click.option("--all", "every", is_flag=True, help="Print the pages of all rules.")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print.",
)
@click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of an internal error.")
def rule(code: str | None, every: bool, form: str) -> None:
    """Print the page of a rule, by its CODE or its name; without either, a table of all rules."""
    from gwlint.rules import RULES

    if code is not None and every:
        raise Refusal("CODE and --all exclude one another; choose one")
    asked = RULES if code is None else (_meant(code, RULES),)
    if form == "json":
        terminal.write(_json(asked, alone=code is not None))
    elif code is None and not every:
        terminal.write(terminal.lines(_table(asked)))
    else:
        _print_pages(asked)


def _meant(code: str, rules: Iterable[Rule]) -> Rule:
    by_name = {name: one for one in rules for name in (one.id, one.name)}
    found = by_name.get(code.upper()) or by_name.get(code.lower())
    if found is None:
        family = (one for one in by_name if one.startswith(code.upper()))
        near = next(family, "") or nearest(code, by_name) or nearest(code.upper(), by_name)
        remedy = f"did you mean `{near}`?" if near else "`gwlint rule` lists them"
        raise Refusal(f"there is no rule `{code}`; {remedy}")
    return found


def _table(rules: Iterable[Rule]) -> Iterator[str]:
    width = max((len(one.name) for one in rules), default=0)
    return (f"{one.id}  {one.severity:<7}  {one.name:<{width}}  {one.summary}" for one in rules)


def _json(rules: Iterable[Rule], *, alone: bool) -> Iterator[bytes]:
    import msgspec

    from gwlint.explain import page

    records = [
        msgspec.json.encode(
            {
                "code": one.id,
                "name": one.name,
                "summary": one.summary,
                "severity": one.severity,
                "fixable": False,
                "page": page(one.id),
            }
        )
        for one in rules
    ]
    yield b"".join(records) + b"\n" if alone else b"[" + b",".join(b"\n" + one for one in records) + b"]\n"


def _print_pages(rules: Iterable[Rule]) -> None:
    from gwlint.explain import page

    text = "\n".join(page(one.id) for one in rules)
    if not terminal.is_watched():
        terminal.write([text.encode()])
        return
    from rich.console import Console
    from rich.markdown import Markdown

    # Lines that are longer are hard to read, however wide the terminal is.
    Console(width=min(shutil.get_terminal_size().columns, 100)).print(Markdown(text))

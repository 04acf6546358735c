"""What `--format` may say: in which form findings are wanted, and in which file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click

from gwlint.cli.refusal import Refusal

FOR_PEOPLE = ("text", "concise")
"""The forms that a summary may follow; the others are documents for programs."""

FORMS = (
    *FOR_PEOPLE,
    *("json", "jsonl", "sarif", "github", "gitlab", "junit", "checkstyle", "rdjson", "markdown"),
)
_COUNTED = (*FOR_PEOPLE, "json")
"""The forms that `--statistics` has."""


class Output(NamedTuple):
    """A form to print findings in, and the file to write them to; `None` for standard output.

    `option` is the one that names the file.
    """

    form: str
    file: Path | None
    option: str = "--format"


def parsed(ctx: click.Context, param: click.Parameter, values: Sequence[str]) -> tuple[Output, ...]:
    """Return what was meant by forms that files may follow. Refuses what is no form."""
    return tuple(_parsed(ctx, param, value) for value in values)


def _parsed(ctx: click.Context, param: click.Parameter, value: str) -> Output:
    form, separator, file = value.partition("=")
    if form not in FORMS:
        raise click.BadParameter(f"{form!r} is not one of {', '.join(map(repr, FORMS))}.", ctx, param)
    if separator and not file:
        raise click.BadParameter(f"{value!r} names no file; write it like '{form}=FILE'.", ctx, param)
    return Output(form, Path(file) if file else None)


def completed(_context: click.Context, _option: click.Parameter, incomplete: str) -> list[str]:
    """Return the forms that begin like what was typed."""
    return [form for form in FORMS if form.startswith(incomplete)]


def outputs(asked: Sequence[Output], file: Path | None, default: str) -> tuple[Output, ...]:
    """Return where findings go: what has no file of its own goes to `file`, or else to standard output.

    Without anything asked for, that is a `default` form. Refuses two documents in one place.
    """
    homeless = [one for one in asked or [Output(default, None)] if one.file is None]
    if len(homeless) > 1:
        raise Refusal(
            f"--format: {' and '.join(one.form for one in homeless)} can't both go to one place;"
            f" give one a file: --format {homeless[-1].form}=FILE"
        )
    if file is not None and not homeless:
        raise Refusal("--output-file: every --format has a file already; leave it out")
    found = tuple(
        one if one.file is not None or file is None else Output(one.form, file, "--output-file")
        for one in asked or homeless
    )
    _refuse_doubles(found)
    return found


def refuse_uncounted(found: Sequence[Output]) -> None:
    """Refuse forms that have no statistics."""
    for one in found:
        if one.form not in _COUNTED:
            raise Refusal(f"--statistics has no form {one.form}; choose from {', '.join(_COUNTED)}")


def _refuse_doubles(found: Sequence[Output]) -> None:
    known: set[str] = set()
    for one in found:
        if one.file is not None and os.path.realpath(one.file) in known:
            raise Refusal(f"{one.option}: {one.file} would be written twice; give each format a file of its own")
        if one.file is not None:
            known.add(os.path.realpath(one.file))

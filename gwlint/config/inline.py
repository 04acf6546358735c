"""Single settings written on the command line, as TOML: `fail-on="error"`, `severity.GW103="off"`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import reduce

from gwlint.config.files import Table
from gwlint.config.model import ConfigError
from gwlint.config.wording import in_quotes, quoted, shown

OPTION = "--config"


def is_inline(text: str) -> bool:
    """Tell a setting from the name of a file, which may have a `=` in it, too."""
    return "=" in text and not os.path.lexists(text)


def inline_settings(texts: Iterable[str]) -> Table:
    """Return what settings on the command line say; the last word on a key counts.

    Raises `ConfigError` with every text that is no TOML.
    """
    tables = [(text, _parsed(text)) for text in texts]
    problems = tuple(
        f"{OPTION}: {in_quotes(text)} is no setting; {_remedy(text)}" for text, table in tables if table is None
    )
    if problems:
        raise ConfigError(problems)
    return reduce(laid_over, (table for _, table in tables if table is not None), {})


def laid_over(below: Mapping[str, object], above: Mapping[str, object]) -> Table:
    """Return settings with others laid over them: tables are joined, anything else is replaced."""
    joined = dict(below)
    for key, value in above.items():
        held = joined.get(key)
        joined[key] = laid_over(held, value) if isinstance(held, dict) and isinstance(value, dict) else value
    return joined


def _parsed(text: str) -> Table | None:
    import tomli

    try:
        return tomli.loads(text)
    except (RecursionError, ValueError):
        return None


def _remedy(text: str) -> str:
    key, _, value = text.partition("=")
    with_quotes = f"{key.strip()}={quoted(value.strip())}"
    if _parsed(with_quotes) is None:
        return "write it as in TOML, like 'fail-on=\"error\"'"
    return f"put the value in quotes, and all of it: {shown(with_quotes)}"

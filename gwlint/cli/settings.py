"""The settings of a project, and what the command line puts in their place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gwlint.cli.refusal import Refusal

if TYPE_CHECKING:
    from gwlint.config import Config, FailOn


class Choices(NamedTuple):
    """What was chosen on the command line, as it was written; nothing where the settings are to decide.

    `file` has the settings instead of those of the project, `isolated` means the defaults instead of either.
    """

    file: Path | None
    isolated: bool
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    extend_select: tuple[str, ...]
    fail_on: FailOn | None


def configured(root: Path, choices: Choices | None = None) -> Config:
    """Return the settings that hold for a project. Refuses settings with mistakes, and all of them at once.

    Without choices, nothing is asked of rules, and their codes are not looked at.
    """
    from gwlint.config import ConfigError, load

    try:
        return load(root) if choices is None else _chosen(root, choices)
    except ConfigError as error:
        raise Refusal(str(error)) from None


def shown(config: Config) -> Iterator[str]:
    """Yield every setting that holds, and where it comes from."""
    from gwlint.config import show

    return show.lines(config)


def _chosen(root: Path, choices: Choices) -> Config:
    from gwlint.config import defaults, load, option_codes, overriding
    from gwlint.rules import RULES

    codes = [rule.id for rule in RULES]
    config = defaults(root) if choices.isolated else load(root, choices.file, codes=codes)
    if choices.select:
        # Only these: what the settings select besides is none of them.
        only = option_codes("--select", _upper(choices.select), codes)
        config = overriding(config, "--select", select=only, extend_select=())
    if choices.ignore:
        config = overriding(config, "--ignore", ignore=option_codes("--ignore", _upper(choices.ignore), codes))
    if choices.extend_select:
        more = option_codes("--extend-select", _upper(choices.extend_select), codes)
        config = overriding(config, "--extend-select", extend_select=more)
    if choices.fail_on:
        config = overriding(config, "--fail-on", fail_on=choices.fail_on)
    return config


def _upper(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(str.upper, given))

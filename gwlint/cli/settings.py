"""The settings of a project, and what the command line puts in their place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gwlint.cli import places
from gwlint.cli.refusal import Refusal

if TYPE_CHECKING:
    from gwlint.config import Config, FailOn


class Choices(NamedTuple):
    """What was chosen on the command line, as it was written; nothing where the settings are to decide.

    `file` has the settings instead of those of the project, `isolated` means the defaults instead of either; `inline`
    are single settings that go before both. `baseline` is a file of the project, `no_baseline` goes without any.
    """

    file: Path | None
    isolated: bool
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    extend_select: tuple[str, ...]
    fail_on: FailOn | None
    inline: tuple[str, ...] = ()
    baseline: Path | None = None
    no_baseline: bool = False


def configured(root: Path, choices: Choices | None = None) -> Config:
    """Return the settings that hold for a project. Refuses settings with mistakes, and all of them at once.

    Without choices, nothing is asked of rules, and their codes are not looked at.
    """
    from gwlint.config import ConfigError, load

    try:
        return load(root) if choices is None else _chosen(root, choices)
    except ConfigError as error:
        raise Refusal(str(error)) from None


def told_apart(given: tuple[str, ...]) -> tuple[Path | None, tuple[str, ...]]:
    """Return the file that is named among what `--config` was given, and the settings. Refuses a second file."""
    from gwlint.config import is_inline

    files = [Path(text) for text in given if not is_inline(text)]
    if len(files) > 1:
        raise Refusal(f"--config: {files[0]} and {files[1]} are two files; name one")
    return next(iter(files), None), tuple(text for text in given if is_inline(text))


def shown(config: Config) -> Iterator[str]:
    """Yield every setting that holds, and where it comes from."""
    from gwlint.config import show

    return show.lines(config)


def _chosen(root: Path, choices: Choices) -> Config:
    from gwlint.config import load, option_codes, overriding
    from gwlint.rules import RULES

    codes = [rule.id for rule in RULES]
    config = load(root, choices.file, isolated=choices.isolated, inline=choices.inline, codes=codes)
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
    if choices.baseline:
        config = overriding(config, "--baseline", baseline=_baseline(root, choices.baseline))
    if choices.no_baseline:
        config = overriding(config, "--no-baseline", baseline=None)
    return config


def _upper(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(str.upper, given))


def _baseline(root: Path, file: Path) -> str:
    if file.is_dir():
        raise Refusal(f"--baseline: {file} is a folder; name a file")
    return places.inside(root, file)

"""From a project to its settings, or to every reason why these can't be used."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from gwlint.config import files
from gwlint.config.model import Config, ConfigError


def load(project: Path, file: Path | None = None, *, codes: Collection[str] | None = None) -> Config:
    """Return the settings of a project, the defaults where it has none.

    They come from `file` where one is named, a `pyproject.toml` or one like `gwlint.toml`; what it says of paths is
    relative to the project all the same. `codes` are those of all rules: settings that name another one are refused.

    Raises `ConfigError` with every mistake: keys that don't exist, values of the wrong type or without a meaning,
    roots that are no folders of the project, a file that can't be read or is no TOML.
    """
    config = defaults(project)
    source, table = files.found_settings(config.project) if file is None else files.named_settings(file)
    if source is None:
        return config
    # A project without settings needs none of what judges them.
    from gwlint.config import keys

    known = keys.keys(config.project, codes)
    problems = tuple(f"{source}: {problem}" for problem in keys.problems(known, table))
    if problems:
        raise ConfigError(problems)
    sources = tuple((keys.field_of(key), source) for key in table)
    return replace(config, source=source, sources=sources, **keys.config_of(known, table))


def defaults(project: Path) -> Config:
    """Return the settings of a project whose files with settings don't count."""
    return Config(files.absolute(project))


def overridden(config: Config) -> tuple[str, ...]:
    """Return the files of the project with settings that don't count, because others go before them or none should."""
    return tuple(name for name in files.files_with_settings(config.project) if name != config.source)

"""From a project to its settings, or to every reason why these can't be used."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from gwlint.config import files
from gwlint.config.model import Config, ConfigError


def load(
    project: Path,
    file: Path | None = None,
    *,
    isolated: bool = False,
    inline: Sequence[str] = (),
    codes: Collection[str] | None = None,
) -> Config:
    """Return the settings of a project, the defaults where it has none.

    They come from `file` where one is named, a `pyproject.toml` or one like `gwlint.toml`; what it says of paths is
    relative to the project all the same. `isolated` means from no file. `inline` are settings of the command line that
    go before those. `codes` are those of all rules: settings that name another one are refused.

    Raises `ConfigError` with every mistake: keys that don't exist, values of the wrong type or without a meaning,
    roots that are no folders of the project, a file that can't be read or is no TOML.
    """
    config = defaults(project)
    source, table = _written(config.project, file, isolated)
    return _configured(config, source, table, inline, codes)


def _configured(
    config: Config, source: str | None, table: files.Table, inline: Sequence[str], codes: Collection[str] | None
) -> Config:
    if source is None and not inline:
        return config
    # A project without settings needs none of what judges them.
    from gwlint.config import keys
    from gwlint.config.inline import OPTION, inline_settings, laid_over

    known = keys.keys(config.project, codes)
    over = inline_settings(inline)
    whole = laid_over(table, over)
    here = tuple(keys.problems(known, table))
    added = (problem for problem in keys.problems(known, whole) if problem not in here)
    problems = (*(f"{source}: {problem}" for problem in here), *(f"{OPTION}: {problem}" for problem in added))
    if problems:
        raise ConfigError(problems)
    sources = tuple((keys.field_of(key), _source_of(key, source, table, over, OPTION)) for key in whole)
    return replace(config, source=source or OPTION, sources=sources, **keys.config_of(known, whole))


def _written(project: Path, file: Path | None, isolated: bool) -> tuple[str | None, files.Table]:
    if isolated:
        return None, {}
    return files.found_settings(project) if file is None else files.named_settings(file)


def _source_of(key: str, source: str | None, table: files.Table, over: files.Table, option: str) -> str:
    if key not in over:
        return source or option
    return f"{source} and {option}" if key in table and isinstance(over[key], dict) else option


def understood(project: Path, name: str, content: bytes, *, codes: Collection[str] | None = None) -> Config:
    """Return the settings of a project whose file of this name has some content. Raises `ConfigError`."""
    return _configured(defaults(project), name, files.settings_in(name, content) or {}, (), codes)


def defaults(project: Path) -> Config:
    """Return the settings of a project whose files with settings don't count."""
    return Config(files.absolute(project))


def overridden(config: Config) -> tuple[str, ...]:
    """Return the files of the project with settings that don't count, because others go before them or none should."""
    return tuple(name for name in files.files_with_settings(config.project) if name != config.source)

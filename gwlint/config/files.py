"""Where settings are: the project they make, the file that has them, and what that file says as TOML."""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from gwlint.config.model import ConfigError
from gwlint.config.wording import shown

OWN_FILE = "gwlint.toml"
SHARED_FILE = "pyproject.toml"

Table = dict[str, Any]  # Any: what TOML holds is anybody's guess until it has been checked


def find_project(paths: Sequence[Path]) -> Path:
    """Return the absolute path of the project that the first path, else the working directory, belongs to.

    That is the nearest folder upwards with settings; else, for a folder, that folder itself; else the nearest one
    upwards with `pyproject.toml` or `.git`; else the file's folder. Symbolic links stay as they are written. A path
    that does not exist counts as a file. Raises nothing about settings: those of the folder found are for `load`.
    """
    start = absolute(paths[0] if paths else Path())
    if stat.S_ISDIR(mode(start)):
        return next(filter(_has_settings, (start, *start.parents)), start)
    return project_of(start) or start.parent


def project_of(file: Path) -> Path | None:
    """Return the absolute path of the project that a file is in, which need not exist; `None` where it is in none.

    That is the nearest folder upwards with settings, else the nearest one with `pyproject.toml` or `.git`.
    """
    upwards = absolute(file).parents
    return next(filter(_has_settings, upwards), None) or next(filter(_is_repository, upwards), None)


def files_with_settings(folder: Path) -> Iterator[str]:
    """Yield the names of the files of this very folder that have settings, or reasons to refuse them."""
    if os.path.lexists(folder / OWN_FILE):
        yield OWN_FILE
    try:
        content = _read(folder / SHARED_FILE, SHARED_FILE)
    except ConfigError:
        return
    try:
        table = _shared_table(SHARED_FILE, content)
    except ConfigError:
        yield SHARED_FILE
    else:
        if table is not None:
            yield SHARED_FILE


def found_settings(project: Path) -> tuple[str | None, Table]:
    """Return the name of the file that has the settings of a project, and these. Raises `ConfigError`."""
    if os.path.lexists(project / OWN_FILE):
        return OWN_FILE, _parse(OWN_FILE, _read(project / OWN_FILE, OWN_FILE))
    if os.path.lexists(project / SHARED_FILE):
        table = _shared_table(SHARED_FILE, _read(project / SHARED_FILE, SHARED_FILE))
        if table is not None:
            return SHARED_FILE, table
    return None, {}


def named_settings(file: Path) -> tuple[str, Table]:
    """Return the settings in a file that is asked for, with the file as it was named. Raises `ConfigError`."""
    name = "".join(character if character.isprintable() else "?" for character in str(file))
    content = _read(file, name, remedy="name a file with settings")
    if file.name != SHARED_FILE:
        return name, _parse(name, content)
    table = _shared_table(name, content)
    if table is None:
        raise ConfigError((f"{name}: has no [tool.gwlint]; add it or name another file",))
    return name, table


def settings_in(name: str, content: bytes) -> Table | None:
    """Return the settings that a file of this name has, if it has any. Raises `ConfigError`."""
    return _shared_table(name, content) if name == SHARED_FILE else _parse(name, content)


def absolute(path: Path) -> Path:
    """Make a path absolute without following the links in it."""
    return Path(os.path.abspath(path))


def mode(path: Path) -> int:
    """Return the mode of what is there, and 0 where nothing is or nobody may look."""
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return 0


def _has_settings(folder: Path) -> bool:
    return next(files_with_settings(folder), None) is not None


def _is_repository(folder: Path) -> bool:
    return any(mode(folder / name) for name in (SHARED_FILE, ".git"))


def _read(file: Path, name: str, remedy: str = "") -> bytes:
    """Return the content of a file that should be there. Raises `ConfigError`."""
    try:
        # Opening a FIFO would wait for ever.
        if not stat.S_ISREG(file.stat().st_mode):
            raise ConfigError((f"{name}: is no regular file; {remedy or 'rename or remove it'}",))
        return file.read_bytes()
    except OSError as error:
        problem = f"{name}: can't be read: {error.strerror}; {remedy or 'repair or remove it'}"
        raise ConfigError((problem,)) from error


def _shared_table(name: str, content: bytes) -> Table | None:
    """`[tool.gwlint]` of a `pyproject.toml`. Raises `ConfigError` only when the file has to do with gwlint."""
    # Most files don't mention gwlint: they need no TOML parser, and when broken they are somebody else's worry.
    if b"gwlint" not in content:
        return None
    tool = _parse(name, content).get("tool")
    if not isinstance(tool, dict) or "gwlint" not in tool:
        return None
    table = tool["gwlint"]
    if not isinstance(table, dict):
        raise ConfigError((f"{name}: 'tool.gwlint' must be a table, not {shown(table)}; write [tool.gwlint]",))
    return table


def _parse(name: str, content: bytes) -> Table:
    """Return what a TOML file says. Raises `ConfigError`."""
    import tomli

    try:
        return tomli.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = f"line {line} is not UTF-8; save the file as UTF-8"
        raise ConfigError((f"{name}: {problem}",)) from error
    except tomli.TOMLDecodeError as error:
        problem = f"line {error.lineno}, column {error.colno} is no valid TOML: {error.msg}; correct it"
        raise ConfigError((f"{name}: {problem}",)) from error
    except (RecursionError, ValueError) as error:
        # Nesting and numbers without end are valid TOML, but more than a parser will take.
        problem = f"is more than can be read: {error}; shorten it"
        raise ConfigError((f"{name}: {problem}",)) from error

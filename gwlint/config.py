"""Settings: `gwlint.toml`, or `[tool.gwlint]` in `pyproject.toml`, as a `Config` or refused with every mistake."""

import os
import posixpath
import re
import reprlib
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Any, Literal, NamedTuple

from gwlint.model import Layout

_OWN_FILE = "gwlint.toml"
_SHARED_FILE = "pyproject.toml"
_LAYOUTS = ("auto", "package", "flat")

_Table = dict[str, Any]  # Any: what TOML holds is anybody's guess until `_problems` has looked at it


class ConfigError(Exception):
    """The settings can't be used. `problems` has every reason: one line each, with file, key and remedy."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(self.problems)


@dataclass(frozen=True, slots=True)
class Config:
    """What the user decided about a project.

    `project` is absolute; `source` names the file the settings came from, `None` when there are none. `roots` are
    normalised POSIX paths of folders, relative to the project; `None` when they are to be found. `exclude` and
    `tests` are globs as in a `.gitignore` of the project, `entry_points` dotted module names; all three come on top
    of what is known without them.
    """

    project: Path
    source: str | None = None
    roots: tuple[str, ...] | None = None
    layout: Literal["auto"] | Layout = "auto"
    exclude: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    entry_points: tuple[str, ...] = ()


def find_project(paths: Sequence[Path]) -> Path:
    """Return the absolute path of the project that the first path, else the working directory, belongs to.

    That is the nearest folder upwards with settings; else, for a folder, that folder itself; else the nearest one
    upwards with `pyproject.toml` or `.git`; else the file's folder. Symbolic links stay as they are written. A path
    that does not exist counts as a file. Raises nothing about settings: those of the folder found are for `load`.
    """
    start = _absolute(paths[0] if paths else Path())
    folder = start if stat.S_ISDIR(_mode(start)) else start.parent
    upwards = (folder, *folder.parents)
    configured = next(filter(_has_settings, upwards), None)
    if configured is not None:
        return configured
    if folder is start:
        return folder
    return next(filter(_is_repository, upwards), folder)


def load(project: Path) -> Config:
    """Return the settings of a project, the defaults where it has none.

    Raises `ConfigError` with every mistake: keys that don't exist, values of the wrong type or without a meaning,
    roots that are no folders of the project, a file that can't be read or is no TOML.
    """
    project = _absolute(project)
    source, table = _read_settings(project)
    problems = tuple(f"{source}: {problem}" for problem in _problems(project, table))
    if problems:
        raise ConfigError(problems)
    return Config(
        project=project,
        source=source,
        roots=tuple(map(posixpath.normpath, table.get("roots", ()))) or None,
        layout=table.get("layout", "auto"),
        exclude=tuple(table.get("exclude", ())),
        tests=tuple(table.get("tests", ())),
        entry_points=tuple(table.get("entry-points", ())),
    )


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))


def _mode(path: Path) -> int:
    """Return the mode of what is there, and 0 where nothing is or nobody may look."""
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return 0


def _is_repository(folder: Path) -> bool:
    return any(_mode(folder / name) for name in (_SHARED_FILE, ".git"))


def _has_settings(folder: Path) -> bool:
    """Whether `load` would find settings, or reasons to refuse them, in this very folder."""
    if os.path.lexists(folder / _OWN_FILE):
        return True
    try:
        content = _read(folder / _SHARED_FILE)
    except ConfigError:
        return False
    try:
        return _shared_table(content) is not None
    except ConfigError:
        return True


def _read_settings(project: Path) -> tuple[str | None, _Table]:
    """Return the name of the file that has the settings, and these. Raises `ConfigError`."""
    if os.path.lexists(project / _OWN_FILE):
        return _OWN_FILE, _parse(_OWN_FILE, _read(project / _OWN_FILE))
    if os.path.lexists(project / _SHARED_FILE):
        table = _shared_table(_read(project / _SHARED_FILE))
        if table is not None:
            return _SHARED_FILE, table
    return None, {}


def _read(file: Path) -> bytes:
    """Return the content of a file that should be there. Raises `ConfigError`."""
    try:
        # Opening a FIFO would wait for ever.
        if not stat.S_ISREG(file.stat().st_mode):
            raise ConfigError((f"{file.name}: is no regular file; rename or remove it",))
        return file.read_bytes()
    except OSError as error:
        problem = f"{file.name}: can't be read: {error.strerror}; repair or remove it"
        raise ConfigError((problem,)) from error


def _shared_table(content: bytes) -> _Table | None:
    """`[tool.gwlint]` of a `pyproject.toml`. Raises `ConfigError` only when the file has to do with gwlint."""
    # Most files don't mention gwlint: they need no TOML parser, and when broken they are somebody else's worry.
    if b"gwlint" not in content:
        return None
    tool = _parse(_SHARED_FILE, content).get("tool")
    if not isinstance(tool, dict) or "gwlint" not in tool:
        return None
    table = tool["gwlint"]
    if not isinstance(table, dict):
        problem = f"{_SHARED_FILE}: 'tool.gwlint' must be a table, not {_shown(table)}; write [tool.gwlint]"
        raise ConfigError((problem,))
    return table


def _parse(name: str, content: bytes) -> _Table:
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


def _problems(project: Path, table: _Table) -> Iterator[str]:
    for key, value in table.items():
        if key == "layout":
            yield from _layout_problems(value)
        elif key in _LISTS:
            yield from (f"'{key}' {problem}" for problem in _list_problems(project, value, _LISTS[key]))
        else:
            yield _unknown_key(key)


def _unknown_key(key: str) -> str:
    import difflib  # takes longer to load than this module, and is for mistakes only

    keys = sorted(("layout", *_LISTS))
    near = difflib.get_close_matches(key, keys, n=1)
    remedy = f"did you mean '{near[0]}'?" if near else f"choose from {', '.join(keys)}"
    return f"unknown key {_shown(key)}; {remedy}"


def _layout_problems(value: object) -> Iterator[str]:
    if value not in _LAYOUTS:
        yield f"'layout' can't be {_shown(value)}; choose from {', '.join(_LAYOUTS)}"


class _Strings(NamedTuple):
    """A key whose value is a list of strings: what is wrong with one, and the form in which two are the same."""

    fault: Callable[[Path, str], str | None]
    normal: Callable[[str], str] = str


def _list_problems(project: Path, value: object, strings: _Strings) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"must be a list of strings, not {_shown(value)}; put it in brackets"
        return
    seen = set()
    for item in value:
        if not isinstance(item, str):
            yield f"holds {_shown(item)}, which is no string; put it in quotes"
        elif not item.strip():
            yield "holds an empty string; remove it"
        elif strings.normal(item) in seen:
            yield f"holds {_shown(item)} a second time; remove it"
        else:
            seen.add(strings.normal(item))
            if fault := strings.fault(project, item):
                yield f"holds {_shown(item)}, which {fault}"


def _root_fault(project: Path, root: str) -> str | None:
    folder = project / root
    if PureWindowsPath(root).anchor:
        return "is an absolute path; write it relative to the project"
    if posixpath.normpath(root).split("/")[0] == "..":
        return "leads outside the project; name a folder inside"
    if not _mode(folder):
        return "does not exist; create it or correct the path"
    if not stat.S_ISDIR(_mode(folder)):
        return "is a file; name the folder it is in"
    if not folder.resolve().is_relative_to(project.resolve()):
        return "is a link that leads outside the project; name a folder inside"
    return None


def _glob_fault(project: Path, glob: str) -> str | None:
    """Why a glob would never match, or not what it seems to. A leading `/` is fine, as in a `.gitignore`."""
    parts = glob.removeprefix("!").rstrip().split("/")
    if PureWindowsPath(glob).drive or glob.startswith(f"{project.as_posix()}/"):
        return "is an absolute path; write it relative to the project"
    if ".." in parts:
        return "leads outside the project; name what is inside"
    if "." in parts:
        return "has a part that is only a dot and matches nothing; leave that part out"
    if glob.startswith("#"):
        return r"is a comment and matches nothing; write '\#' for a '#'"
    if not any(parts):
        return "names nothing; write what it should match"
    if not all(map(_is_glob_part, parts)):
        return r"is no valid glob: close and order every [a-z], and put '\' before a '[' or '\' that stands for itself"
    return None


def _is_glob_part(part: str) -> bool:
    """Whether every `[` is closed, every range runs upwards and no escape is left open between two slashes."""
    tokens = re.findall(r"\\.|\[(?:[!^](.[^\]]*)|([^!^][^\]]*))\]|([\[\\])", part, re.DOTALL)
    return not any(stray or _runs_backwards(excluded + included) for excluded, included, stray in tokens)


def _runs_backwards(characters: str) -> bool:
    return any(first > last for first, last in re.findall(r"(.)-(.)", characters, re.DOTALL))


def _entry_point_fault(project: Path, name: str) -> str | None:  # noqa: ARG001  what a fault takes
    """Why this is no module name. Unlike an import statement, Lambda loads `my-app.handler` or `lambda`, too."""
    if re.fullmatch(r"[\w-]+(\.[\w-]+)*", name) and not name.endswith(".py"):
        return None
    return "is no dotted module name; write it like 'app.handler', without folder, '.py' or function"


_LISTS = {
    "roots": _Strings(_root_fault, posixpath.normpath),
    "exclude": _Strings(_glob_fault),
    "tests": _Strings(_glob_fault),
    "entry-points": _Strings(_entry_point_fault),
}


def _shown(value: object) -> str:
    """Write a value on one line of bearable length."""
    short = reprlib.Repr()
    short.maxstring = 80
    try:
        return short.repr(value)
    except ValueError:  # an integer with more digits than Python likes to print
        return "a huge number"

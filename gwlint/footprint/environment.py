"""Where the modules of a function are found: its code root, layers and installed packages, as the files say."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple

from gwlint.discover.files import Stat, stat_of
from gwlint.footprint import standard
from gwlint.footprint.distributions import Distribution, Distributions
from gwlint.footprint.loads import Origin
from gwlint.model import Fact
from gwlint.stdlib import LOADED_AT_START

_EXTENSION = re.compile(r"(?P<name>[^.]+)(?:\.(?P<tag>[^.]+))?\.(?:so|pyd)")
_OF_A_VERSION = re.compile(r"(?:cpython-|cp|pypy)(\d)(\d+)")
_VERSION_IN_PATH = re.compile(r"python(\d+)\.(\d+)")
_VERSION_IN_CONFIGURATION = re.compile(r"^version(?:_info)?\s*=\s*(\d+)\.(\d+)", re.MULTILINE)
_ENVIRONMENTS = (".venv", "venv")
_LARGEST_PATH_FILE = 100_000


class Target(NamedTuple):
    """What a function runs on: CPython of some version, on Linux."""

    python: tuple[int, int] = (3, 12)


class SearchFolder(Fact, frozen=True):
    """A folder that modules are looked for in.

    `shown` is what its files are shown below: the path of a code root in the project, and empty for installed packages.
    What `precedes` the standard library wins over a module of the same name there.
    """

    path: str
    origin: Literal["project", "package"]
    shown: str = ""
    precedes: bool = False


class Seen(Fact, frozen=True):
    """A file or folder that was looked at, and in which state it was: `None` where there was none."""

    path: str
    stat: Stat | None


Kind = Literal["source", "extension", "bytecode", "namespace", "standard"]


class Found(NamedTuple):
    """A module as it was found. A package has `locations`, where its submodules are looked for.

    `twin` is the source that an extension module was made from, where it lies beside it.
    """

    module: str
    kind: Kind
    file: str = ""
    locations: tuple[str, ...] | None = None
    folder: SearchFolder | None = None
    twin: str = ""

    @property
    def source(self) -> str:
        """The file that says what the module does; empty where there is none."""
        return self.file if self.kind == "source" else self.twin


class _Candidate(NamedTuple):
    rank: int
    name: str
    is_folder: bool


class _Listing(NamedTuple):
    modules: Mapping[str, tuple[_Candidate, ...]]
    names: frozenset[str]


_EMPTY = _Listing({}, frozenset())


class Environment:
    """Finds modules as the import system would, without running anything. Remembers all that it has looked at."""

    def __init__(self, folders: Iterable[SearchFolder], target: Target, *, is_complete: bool = True) -> None:
        """Search in these folders, in order; `is_complete` says that what is in none of them is not installed."""
        self.target = target
        self.is_complete = is_complete
        self._seen: dict[str, Stat | None] = {}
        self._listings: dict[str, _Listing] = {}
        self._known: dict[tuple[str, tuple[str, ...] | None], Found | None] = {}
        self._given = tuple(folders)

    @cached_property
    def folders(self) -> tuple[SearchFolder, ...]:
        """All folders that are searched, those that path files add included."""
        listed: dict[str, SearchFolder] = {}
        for folder in self._given:
            listed.setdefault(folder.path, folder)
            for path in self._added_by_path_files(folder.path):
                owner = next((one for one in self._given if one.origin == "project" and _is_in(path, one.path)), None)
                listed.setdefault(
                    path,
                    SearchFolder(path, "project", _below(owner, path)) if owner else SearchFolder(path, "package"),
                )
        return tuple(listed.values())

    def seen(self) -> tuple[Seen, ...]:
        """Return all that was looked at so far."""
        return tuple(Seen(path, state) for path, state in sorted(self._seen.items()))

    def note(self, path: str) -> None:
        """Remember that something depends on a file."""
        if path not in self._seen:
            self._seen[path] = state_of(path)

    def find(self, module: str, locations: tuple[str, ...] | None = None) -> Found | None:
        """Return a module; `locations` are those of its parent package, `None` for a module at the top."""
        key = module, locations
        if key not in self._known:
            self._known[key] = self._top(module) if locations is None else self._inside(module, locations)
        return self._known[key]

    def is_standard(self, module: str) -> bool:
        """Tell whether the standard library of the target may have a module of this name."""
        return standard.has(module, self.target.python)

    @staticmethod
    def is_of_other_systems(module: str) -> bool:
        """Tell whether the standard library has a module, but elsewhere or in another version of it."""
        return standard.is_elsewhere(module)

    def owner(self, found: Found) -> Distribution | None:
        """Return the installed distribution that a module belongs to."""
        if found.folder is None or not found.file:
            return None
        return self._distributions(found.folder.path).owner(os.path.relpath(found.file, found.folder.path))

    def shown(self, found: Found) -> str:
        """Return what people are shown of where a module is."""
        if found.folder is None or not found.file:
            return ""
        inside = os.path.relpath(found.file, found.folder.path).replace(os.sep, "/")
        return f"{found.folder.shown}/{inside}" if found.folder.shown else inside

    def origin(self, found: Found) -> Origin:
        """Return where a module comes from: vendored distributions are packages, wherever they lie."""
        if found.folder is None:
            return "standard"
        if found.folder.origin == "project" and self._distributions(found.folder.path).is_any and self.owner(found):
            return "package"
        return found.folder.origin

    def modules_in(self, folder: str) -> Iterator[tuple[str, bool]]:
        """Yield the names of the modules in a folder, and whether each is a package."""
        for name in sorted(self._listing(folder).modules):
            candidate = self._listing(folder).modules[name][0]
            is_package = candidate.is_folder and bool(self._initial(f"{folder}/{candidate.name}"))
            if name != "__init__" and (is_package or not candidate.is_folder):
                yield name, is_package

    def _top(self, module: str) -> Found | None:
        of_library = Found(module, "standard") if self.is_standard(module) else None
        if of_library is not None and module in LOADED_AT_START:
            return of_library
        portions: list[tuple[str, SearchFolder]] = []
        passed = of_library is None
        for folder in self.folders:
            if not passed and not folder.precedes:
                return of_library
            found = self._in_folder(module, module, folder.path, folder)
            if found is not None and found.kind != "namespace":
                return found
            if found is not None and found.locations:
                portions.append((found.locations[0], folder))
        if of_library is not None:
            return of_library
        return _namespace(module, portions)

    def _inside(self, module: str, locations: tuple[str, ...]) -> Found | None:
        name = module.rpartition(".")[2]
        portions: list[tuple[str, SearchFolder]] = []
        for location in locations:
            folder = self._folder_of(location)
            found = self._in_folder(module, name, location, folder)
            if found is not None and found.kind != "namespace":
                return found
            if found is not None and found.locations:
                portions.append((found.locations[0], folder))
        return _namespace(module, portions)

    def _folder_of(self, location: str) -> SearchFolder:
        holding = [one for one in self.folders if _is_in(location, one.path)]
        return max(holding, key=lambda one: len(one.path)) if holding else SearchFolder(location, "package")

    def _in_folder(self, module: str, name: str, location: str, folder: SearchFolder) -> Found | None:
        candidates = self._listing(location).modules.get(name)
        if candidates is None:
            return None
        twin = next((f"{location}/{one.name}" for one in candidates if one.name == f"{name}.py"), "")
        for candidate in candidates:
            path = f"{location}/{candidate.name}"
            if not candidate.is_folder:
                kind = _kind(candidate.name)
                return Found(module, kind, path, None, folder, twin if kind == "extension" else "")
            initial = self._initial(path)
            if initial:
                kind = _kind(initial)
                is_made = kind == "extension" and "__init__.py" in self._listing(path).names
                return Found(
                    module, kind, f"{path}/{initial}", (path,), folder, f"{path}/__init__.py" if is_made else ""
                )
        if any(candidate.is_folder for candidate in candidates):
            return Found(module, "namespace", "", (f"{location}/{name}",), folder)
        return None

    def _initial(self, package: str) -> str:
        candidates = self._listing(package).modules.get("__init__", ())
        return next((one.name for one in candidates if not one.is_folder), "")

    def _listing(self, path: str) -> _Listing:
        if path not in self._listings:
            self.note(path)
            self._listings[path] = self._listed(path)
        return self._listings[path]

    def _listed(self, path: str) -> _Listing:
        modules: dict[str, list[_Candidate]] = {}
        names = set()
        try:
            with os.scandir(path) as entries:
                for entry in entries:
                    names.add(entry.name)
                    found = self._candidate(entry)
                    if found is not None:
                        modules.setdefault(found[0], []).append(found[1])
        except OSError:
            return _EMPTY
        return _Listing({name: tuple(sorted(found)) for name, found in modules.items()}, frozenset(names))

    def _candidate(self, entry: os.DirEntry[str]) -> tuple[str, _Candidate] | None:
        name = entry.name
        if name.endswith(".py"):
            return name[:-3], _Candidate(2, name, False)
        if name.endswith(".pyc"):
            return name[:-4], _Candidate(3, name, False)
        extension = _EXTENSION.fullmatch(name)
        if extension:
            fits = _fits(extension["tag"], self.target.python)
            return extension["name"], _Candidate(1 if fits else 4, name, False)
        if "." not in name and _is_folder(entry):
            # The rank of a package; a folder that is none comes last anyhow.
            return name, _Candidate(0, name, True)
        return None

    def _distributions(self, folder: str) -> Distributions:
        if folder not in self._owners:
            self._owners[folder] = Distributions(folder, sorted(self._listing(folder).names))
        return self._owners[folder]

    @cached_property
    def _owners(self) -> dict[str, Distributions]:
        return {}

    def _added_by_path_files(self, folder: str) -> Iterator[str]:
        """Yield the folders that the path files of another one name. Their code, if they have any, is not run."""
        for name in sorted(self._listing(folder).names):
            if not name.endswith(".pth"):
                continue
            path = f"{folder}/{name}"
            self.note(path)
            for line in _read(path).splitlines():
                added = line.strip()
                if added and not added.startswith(("#", "import ", "import\t")):
                    whole = os.path.normpath(os.path.join(folder, added))  # noqa: PTH118  # as `site` does
                    if os.path.isdir(whole):  # noqa: PTH112
                        yield whole


class Installed(NamedTuple):
    """An environment that packages are installed in."""

    folder: str
    python: tuple[int, int] | None


def detect(project: Path, setting: str, variables: Mapping[str, str]) -> Installed | None:
    """Return where packages are installed: where the setting says, in the project's environment, or in the active one.

    pre-commit runs in an environment of its own, which is not the project's.
    """
    if setting:
        return installed(project / setting)
    active = variables.get("VIRTUAL_ENV", "") if not variables.get("PRE_COMMIT") else ""
    for folder in (*(project / name for name in _ENVIRONMENTS), *([Path(active)] if active else [])):
        if (folder / "pyvenv.cfg").is_file():
            return installed(folder)
    return None


def installed(folder: Path) -> Installed:
    """Return the packages of a virtual environment, or those in a folder that holds nothing else."""
    configuration = folder / "pyvenv.cfg"
    if not configuration.is_file():
        return Installed(os.path.abspath(folder), _version(_VERSION_IN_PATH.search(folder.as_posix())))
    version = _version(_VERSION_IN_CONFIGURATION.search(_read(str(configuration))))
    candidates = sorted(folder.glob("lib/python*/site-packages")) + sorted(folder.glob("Lib/site-packages"))
    if not candidates:
        return Installed(os.path.abspath(folder), version)
    named = f"python{version[0]}.{version[1]}" if version else ""
    best = next((one for one in candidates if one.parent.name == named), candidates[-1])
    return Installed(os.path.abspath(best), version or _version(_VERSION_IN_PATH.search(best.as_posix())))


def is_unchanged(seen: Iterable[Seen]) -> bool:
    """Tell whether everything that was looked at is still as it was."""
    return all(state_of(one.path) == one.stat for one in seen)


def _version(match: re.Match[str] | None) -> tuple[int, int] | None:
    return (int(match[1]), int(match[2])) if match else None


def state_of(path: str) -> Stat | None:
    """Return the state that a file or folder is in; None where there is none."""
    try:
        return stat_of(os.stat(path))  # noqa: PTH116  # a hundred thousand times, at half the cost
    except (OSError, ValueError):
        return None


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:  # noqa: PTH123
            return stream.read(_LARGEST_PATH_FILE)
    except OSError:
        return ""


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _kind(name: str) -> Kind:
    if name.endswith(".py"):
        return "source"
    return "bytecode" if name.endswith(".pyc") else "extension"


def _fits(tag: str | None, python: tuple[int, int]) -> bool:
    """Tell whether an extension module may be for a version of Python."""
    match = _OF_A_VERSION.match(tag or "")
    return match is None or (int(match[1]), int(match[2])) == python


def _is_in(path: str, folder: str) -> bool:
    return f"{path}/".startswith(f"{folder}/")


def _below(folder: SearchFolder, path: str) -> str:
    inside = os.path.relpath(path, folder.path).replace(os.sep, "/")
    return "/".join(one for one in (folder.shown, inside) if one not in ("", "."))


def _namespace(module: str, portions: Sequence[tuple[str, SearchFolder]]) -> Found | None:
    if not portions:
        return None
    return Found(module, "namespace", "", tuple(path for path, _ in portions), portions[0][1])

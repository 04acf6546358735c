"""What a folder asks to be installed beside its code: requirements files, `pyproject.toml` and `Pipfile`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import tomli
from packaging.markers import InvalidMarker, Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

_INCLUDE = re.compile(r"(?:-r|--requirement)[ =]?\s*(.+)")
_OPTIONS = re.compile(r"\s(?:--[\w-]+[ =]|#)")
_FILES = 32
"""How many requirements files one may include, by whatever way."""


class Wanted(NamedTuple):
    """A distribution that is asked for: its name as PEP 503 writes it, and the extras of it."""

    name: str
    extras: frozenset[str]


class Requirements(NamedTuple):
    """What is asked for, the files that say so, and the lines that name no distribution: paths, addresses."""

    wanted: tuple[Wanted, ...]
    files: tuple[Path, ...]
    unread: tuple[str, ...]


class Target(NamedTuple):
    """What a package is made for: the minor version of Python 3, and the architecture as Lambda calls it."""

    minor: int
    architecture: str = "x86_64"

    def environment(self) -> dict[str, str]:
        """Return what markers ask about."""
        return {
            "implementation_name": "cpython",
            "implementation_version": f"3.{self.minor}.0",
            "os_name": "posix",
            "platform_machine": "aarch64" if self.architecture == "arm64" else "x86_64",
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": "Linux",
            "platform_version": "",
            "python_full_version": f"3.{self.minor}.0",
            "python_version": f"3.{self.minor}",
            "sys_platform": "linux",
        }


def requirements_in(folder: Path, target: Target, *, only_text: bool = False) -> Requirements | None:
    """Return what the first of the files in a folder asks for that asks for anything; None where none is there.

    `only_text` leaves `requirements.txt` as the only one that counts.
    """
    readers: tuple[tuple[str, Callable[[Path, Target], Requirements | None]], ...] = (
        ("requirements.txt", _requirements_file),
        ("Pipfile", _pipfile),
        ("pyproject.toml", _pyproject),
    )
    for name, reader in readers[:1] if only_text else readers:
        found = reader(folder / name, target) if (folder / name).is_file() else None
        if found is not None:
            return found
    return None


def applies(requirement: Requirement, target: Target, extras: Iterable[str] = ()) -> bool:
    """Tell whether a requirement holds for a target, asked for with some extras."""
    if requirement.marker is None:
        return True
    environment = target.environment()
    return any(requirement.marker.evaluate({**environment, "extra": extra}) for extra in (*extras, ""))


def wanted(requirement: Requirement) -> Wanted:
    """Return what a requirement asks for, whatever version."""
    return Wanted(canonicalize_name(requirement.name), frozenset(requirement.extras))


def _requirements_file(path: Path, target: Target) -> Requirements:
    found: dict[Wanted, None] = {}
    files: list[Path] = []
    unread: list[str] = []
    pending = [path]
    while pending and len(files) < _FILES:
        file = pending.pop(0)
        if file in files:
            continue
        files.append(file)
        for line in _lines(file):
            if include := _INCLUDE.fullmatch(line):
                pending.append(Path(os.path.normpath(file.parent / include[1].strip())))
            elif not line.startswith("-"):
                _note(line, target, found, unread)
            elif line.startswith(("-e", "--editable")):
                unread.append(line)
    return Requirements(tuple(found), tuple(files), tuple(unread))


def _lines(path: Path) -> Iterator[str]:
    text = _text(path).replace("\\\n", " ")
    for line in text.splitlines():
        bare = _OPTIONS.split(f" {line}", maxsplit=1)[0].strip()
        whole = line.strip() if line.strip().startswith("-") else bare
        if whole and not whole.startswith("#"):
            yield whole


def _note(line: str, target: Target, found: dict[Wanted, None], unread: list[str]) -> None:
    try:
        requirement = Requirement(line)
    except InvalidRequirement:
        unread.append(line)
        return
    if applies(requirement, target):
        found[wanted(requirement)] = None


def _pyproject(path: Path, target: Target) -> Requirements | None:
    """Return the dependencies of a project, in the words of the standard or of Poetry."""
    root = _table(path)
    listed = _inner(root, "project").get("dependencies")
    if isinstance(listed, list):
        found: dict[Wanted, None] = {}
        unread: list[str] = []
        for line in listed:
            if isinstance(line, str):
                _note(line, target, found, unread)
        return Requirements(tuple(found), (path,), tuple(unread))
    poetry = _inner(_inner(_inner(root, "tool"), "poetry"), "dependencies")
    return Requirements(tuple(_named(poetry, target)), (path,), ()) if poetry else None


def _pipfile(path: Path, target: Target) -> Requirements | None:
    packages = _inner(_table(path), "packages")
    return Requirements(tuple(_named(packages, target)), (path,), ()) if packages else None


def _named(packages: Mapping[str, object], target: Target) -> Iterator[Wanted]:
    """Yield what a table of names says, the way Poetry and Pipenv write it."""
    for name, said in packages.items():
        inner = said if isinstance(said, dict) else {}
        if name == "python" or inner.get("optional") is True or not _holds(inner.get("markers"), target):
            continue
        extras = inner.get("extras")
        yield Wanted(
            canonicalize_name(name),
            frozenset(one for one in extras if isinstance(one, str)) if isinstance(extras, list) else frozenset(),
        )


def _holds(marker: object, target: Target) -> bool:
    if not isinstance(marker, str):
        return True
    try:
        return Marker(marker).evaluate({**target.environment(), "extra": ""})
    except InvalidMarker:
        return True


def _table(path: Path) -> dict[str, object]:
    try:
        return tomli.loads(_text(path))
    except (ValueError, RecursionError):
        return {}


def _inner(table: Mapping[str, object], key: str) -> dict[str, object]:
    value = table.get(key)
    return value if isinstance(value, dict) else {}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig", errors="replace") if path.is_file() else ""
    except (OSError, ValueError):
        return ""

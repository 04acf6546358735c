"""Distributions that are installed at hand: which there are, what each asks for, and what its files take."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from email.parser import HeaderParser
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

_METADATA = ".dist-info"


class Extent(NamedTuple):
    """What files take unzipped, byte code apart: all of them, and the Python sources among them.

    They are `foreign` where some are for another system than that of Lambda.
    """

    total: int
    sources: int
    foreign: bool = False


class Distribution:
    """A distribution, by the folder with its metadata."""

    def __init__(self, folder: Path) -> None:
        """Read nothing yet."""
        self.folder = folder

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """What it asks for, markers and all; what can't be read asks for nothing."""
        try:
            text = (self.folder / "METADATA").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ()
        lines = HeaderParser().parsestr(text).get_all("Requires-Dist") or []
        return tuple(one for line in lines if (one := _parsed(str(line))) is not None)

    @cached_property
    def extent(self) -> Extent | None:
        """What it takes, by the record of its installer; None where there is none."""
        try:
            with (self.folder / "RECORD").open(encoding="utf-8", errors="replace", newline="") as stream:
                rows = list(csv.reader(stream))
        except (OSError, csv.Error):
            return None
        total = sources = 0
        foreign = False
        for row in rows:
            if not row or not _is_shipped(row[0]):
                continue
            size = self._size(row)
            total += size
            sources += size if row[0].endswith(".py") else 0
            foreign = foreign or "darwin" in row[0] or row[0].endswith((".pyd", ".dylib", ".dll"))
        return Extent(total, sources, foreign)

    def _size(self, row: list[str]) -> int:
        if len(row) > 2 and row[2].isascii() and row[2].isdigit():
            return int(row[2])
        try:
            return (self.folder.parent / row[0]).stat().st_size
        except (OSError, ValueError):
            return 0


def installed_in(folders: Iterable[Path]) -> dict[str, Distribution]:
    """Return the distributions in some folders by normalised name; those of an earlier folder go first."""
    found: dict[str, Distribution] = {}
    for folder in folders:
        for name in _metadata_folders(folder):
            distribution = canonicalize_name(name.removesuffix(_METADATA).rpartition("-")[0])
            found.setdefault(distribution, Distribution(folder / name))
    return found


def _metadata_folders(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir() if path.name.endswith(_METADATA))
    except OSError:
        return []


def _is_shipped(path: str) -> bool:
    """Tell what is put into a package from scripts and byte code."""
    return not path.startswith(("..", "/")) and not path.endswith(".pyc")


def _parsed(line: str) -> Requirement | None:
    try:
        return Requirement(line)
    except InvalidRequirement:
        return None

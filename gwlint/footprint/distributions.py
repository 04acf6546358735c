"""Which installed distribution a file belongs to, as the metadata beside it says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

_METADATA = re.compile(r"(?P<name>.+?)-(?P<version>[^-]+)(?:-py[\d.]+)?\.(?:dist|egg)-info")
_SEPARATORS = re.compile(r"[-_.]+")
_RECORDED = re.compile(rb'^"?([^/,"\n]+)', re.MULTILINE)
_LISTS = ("RECORD", "installed-files.txt", "SOURCES.txt")
_MODULE = re.compile(r"([^.]+)(?:\..*)?")


class Distribution(NamedTuple):
    """The name, normalised as PEP 503 says, and the version of an installed distribution."""

    name: str
    version: str


class Distributions:
    """The distributions installed in one folder. Their metadata are read when the first one is asked for."""

    def __init__(self, folder: str, names: Iterable[str]) -> None:
        """Look at the names of what lies in a folder."""
        self._folder = Path(folder)
        self._metadata = {name: match for name in names if (match := _METADATA.fullmatch(name))}
        self._files: dict[str, frozenset[bytes]] = {}

    @property
    def is_any(self) -> bool:
        """Whether there is any distribution."""
        return bool(self._metadata)

    def owner(self, path: str) -> Distribution | None:
        """Return the distribution that a file belongs to; `path` is relative to the folder."""
        posix = path.replace("\\", "/")
        top, _, rest = posix.partition("/")
        holders = self._by_top.get(_top(top), ())
        if len(holders) > 1 and rest:
            holders = [name for name in holders if posix.encode() in self._recorded(name)] or holders
        return self._distribution(holders[0]) if holders else None

    @cached_property
    def _by_top(self) -> dict[str, list[str]]:
        tops: defaultdict[str, list[str]] = defaultdict(list)
        for name in sorted(self._metadata):
            for top in sorted({_top(one) for one in self._tops(name)}):
                tops[top].append(name)
        return tops

    def _tops(self, name: str) -> Iterable[str]:
        listed = self._content(name)
        if listed:
            return {one.decode("utf-8", "replace") for one in set(_RECORDED.findall(listed))} - {"..", name}
        return self._read(name, "top_level.txt").decode("utf-8", "replace").split()

    def _recorded(self, name: str) -> frozenset[bytes]:
        if name not in self._files:
            self._files[name] = frozenset(
                line.partition(b",")[0].strip(b'"\r') for line in self._content(name).split(b"\n")
            )
        return self._files[name]

    def _content(self, name: str) -> bytes:
        return next((content for one in _LISTS if (content := self._read(name, one))), b"")

    def _read(self, name: str, inside: str) -> bytes:
        try:
            return (self._folder / name / inside).read_bytes()
        except OSError:
            return b""

    def _distribution(self, name: str) -> Distribution:
        match = self._metadata[name]
        return Distribution(_SEPARATORS.sub("-", match["name"]).lower(), match["version"])


def _top(name: str) -> str:
    """Return the module's name of what lies at the top: `six` of `six.py`."""
    return name if name.endswith("-info") else name.partition(".")[0]

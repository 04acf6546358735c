"""What the files that are reached do when they load: known from before, or read anew, many at a time."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from gwlint.cache import Cache, facts_schema
from gwlint.discover.files import SourceFile, stat_of
from gwlint.read import Progress, Reading, cached_under
from gwlint.steps import Loading


class Sources:
    """The facts of source files by absolute path. Those of one run of the command share one."""

    def __init__(self, cache: Cache, jobs: int, progress: Progress = lambda _done, _total: None) -> None:
        """Read nothing yet."""
        self._cache = cache.packages
        self._jobs = jobs
        self._progress = progress
        self._reading = Reading(Path(os.sep), facts_schema(), {})
        self._decoder = msgspec.msgpack.Decoder(Loading)
        self._known: dict[str, Loading] = {}

    def of(self, path: str) -> Loading:
        """Return what a file does; nothing where it can't be read."""
        if path not in self._known:
            self.fetch([path])
        return self._known[path]

    def fetch(self, paths: Iterable[str]) -> None:
        """Read some files at once."""
        wanted = [path for path in dict.fromkeys(paths) if path not in self._known]
        self._reading.identify(_files(wanted), {})
        readable = [path for path in wanted if path in self._reading.keys]
        for path, encoded in self._reading.facts(readable, self._cache, self._jobs, self._progress, "loading"):
            self._known[path] = self._decoder.decode(encoded)
        for path in wanted:
            self._known.setdefault(path, Loading())

    def forget_others(self) -> None:
        """Drop from the cache what earlier runs have read and this one has not, once that is much."""
        self._cache.forget_facts(cached_under(self._reading.keys.values()))


def _files(paths: Iterable[str]) -> Iterator[SourceFile]:
    """Yield the regular files among some paths: no FIFO is opened."""
    for path in paths:
        state = _state(path)
        if state is not None and stat.S_ISREG(state.st_mode):
            yield SourceFile(path, stat_of(state))


def _state(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)  # noqa: PTH116  # at half the cost
    except (OSError, ValueError):
        return None

"""From source files to their facts: out of the cache, or read anew, in parallel when they are many."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Literal

import msgspec

from gwlint.cache import Cache
from gwlint.discover.files import SourceFile, Stat
from gwlint.model import Fact

Progress = Callable[[int, int], None]
"""Is told how many files have been parsed, and of how many."""

Subject = Literal["all", "functions", "conduct", "loading"]
"""What is asked of a file: all that it says, its functions in the form in which they are compared, what they do when
they are called, or what the file does when it is loaded."""

_KEY_BYTES = 16
_SUFFIXES: dict[Subject, bytes] = {"all": b"", "functions": b"f", "conduct": b"c", "loading": b"l"}
_ENOUGH_FOR_A_POOL = 48
_CHUNK = 16


class Reading:
    """The content of a project's files, by key: what has the same key says the same."""

    def __init__(self, project: Path, schema: str, overlay: Mapping[str, bytes]) -> None:
        """Prepare to read below `project`; `schema` is what facts depend on besides the content.

        `overlay` has content that stands for that of the files at its paths.
        """
        self.overlay = overlay
        self.keys: dict[str, bytes] = {}
        self.unreadable: dict[str, str] = {}
        self._project = project
        self._salt = blake2b(schema.encode(), digest_size=_KEY_BYTES).digest()
        self._sources: dict[bytes, bytes] = {}

    def identify(self, files: Iterable[SourceFile], known: Mapping[str, tuple[Stat, bytes]]) -> None:
        """Find the key of every file: the known one where the file has not changed since, else that of its content."""
        for file in files:
            stat, key = known.get(file.path, (None, b""))
            if stat != file.stat or file.path in self.overlay:
                key = self._key(file.path)
            if key:
                self.keys[file.path] = key

    def facts(
        self, paths: Sequence[str], cache: Cache, jobs: int, progress: Progress, subject: Subject = "all"
    ) -> Iterator[tuple[str, bytes]]:
        """Yield files with their encoded facts, and keep in the cache what was parsed for it.

        A file that can't be read any more is left out, here and in `keys`.
        """
        suffix = _SUFFIXES[subject]
        known = cache.facts({self.keys[path] + suffix: None for path in paths})
        for path in paths:
            if self.keys[path] + suffix not in known and self.keys[path] not in self._sources:
                self._read_again(path)
        keys = {path: self.keys[path] for path in paths if path in self.keys}
        missing = dict.fromkeys(key for key in keys.values() if key + suffix not in known)
        sources = [(key, self._sources[key]) for key in missing]
        parsed = {key + suffix: content for key, content in _parse_all(sources, jobs, progress, subject)}
        cache.keep_facts(parsed)
        encoded = known | parsed
        return ((path, encoded[key + suffix]) for path, key in keys.items())

    def content(self, path: str) -> bytes | None:
        """Return the content of a file once more; nothing where it is not any longer what it was."""
        try:
            source = self._content(path)
        except OSError:
            return None
        return source if self._key_of(source) == self.keys.get(path) else None

    def _read_again(self, path: str) -> None:
        """Read a file that has not changed since the last run, but whose facts the cache has lost."""
        key = self._key(path)
        if key:
            self.keys[path] = key
        else:
            del self.keys[path]

    def _key(self, path: str) -> bytes:
        try:
            source = self._content(path)
        except OSError as error:
            self.unreadable[path] = error.strerror or type(error).__name__
            return b""
        key = self._key_of(source)
        self._sources[key] = source
        return key

    def _content(self, path: str) -> bytes:
        return self.overlay[path] if path in self.overlay else (self._project / path).read_bytes()

    def _key_of(self, source: bytes) -> bytes:
        return blake2b(source, digest_size=_KEY_BYTES, key=self._salt).digest()


def cached_under(keys: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the keys under which the cache may have facts about files with these keys."""
    return (key + suffix for key in keys for suffix in _SUFFIXES.values())


_Source = tuple[bytes, bytes]


def _parse_all(sources: Sequence[_Source], jobs: int, progress: Progress, subject: Subject) -> Iterator[_Source]:
    done = 0
    for parsed in _parsed(sources, jobs, partial(parse_chunk, subject=subject)):
        done += len(parsed)
        progress(done, len(sources))
        yield from parsed


def _parsed(
    sources: Sequence[_Source], jobs: int, parse: Callable[[Sequence[_Source]], list[_Source]]
) -> Iterator[list[_Source]]:
    chunks = [sources[start : start + _CHUNK] for start in range(0, len(sources), _CHUNK)]
    if jobs < 2 or len(sources) < _ENOUGH_FOR_A_POOL:
        yield from map(parse, chunks)
        return
    import multiprocessing
    import signal
    from concurrent.futures import ProcessPoolExecutor

    # Forking is fast and safe here, as there are no threads yet; macOS has threads of its own, Windows no fork.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    # An executor notices when a process dies, while a `multiprocessing.Pool` would wait for its answer for ever. An
    # interrupt from the keyboard reaches all processes; one is enough to stop.
    ignore_interrupts = (signal.SIGINT, signal.SIG_IGN)
    with ProcessPoolExecutor(min(jobs, len(chunks)), context, signal.signal, ignore_interrupts) as pool:
        yield from pool.map(parse, chunks)


def parse_chunk(sources: Iterable[_Source], subject: Subject = "all") -> list[_Source]:
    """Parse some sources in whatever process this is."""
    # Importing the grammar takes longer than a whole run that finds nothing to parse.
    from gwlint.parse import conduct, functions, loading, parse

    readers: dict[Subject, Callable[[bytes], Fact]] = {
        "all": parse,
        "functions": functions,
        "conduct": conduct,
        "loading": loading,
    }
    read = readers[subject]
    return [(key, msgspec.msgpack.encode(read(source))) for key, source in sources]

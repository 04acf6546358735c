"""Where a cache keeps values besides its memory: in files of this machine, or in a store that environments share."""

from __future__ import annotations

import json
import os
import zlib
from math import isfinite
from threading import get_ident

from .clock import CLOCK, Clock
from .errors import CacheError
from .store import ANY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Protocol

    from .store import Store

    class Tier(Protocol):
        """A second place for values. Whatever it raises is counted, and otherwise passed over."""

        def get(self, key: str) -> Found | None:
            """Return what is there and fresh."""

        def set(self, key: str, value: object, ttl: float | None, tags: tuple[str, ...]) -> None:
            """Keep a value."""

        def delete(self, key: str) -> None:
            """Remove a value."""

        def invalidate(self, tag: str | None, prefix: str | None) -> None:
            """Remove the values with both a tag and a prefix, as far as these are given."""


_SUFFIX = ".cached"
_SEAL_BYTES = 8
_MOST_MARKS = 1000
_MARKS = "!invalidated"


class Found:
    """A value that a tier has, how many seconds it stays fresh, and its tags."""

    __slots__ = ("tags", "ttl", "value")

    def __init__(self, value: object, ttl: float | None, tags: tuple[str, ...]) -> None:
        self.value: Any = value  # Any: whatever was put there
        self.ttl = ttl
        self.tags = tags


class FileTier:
    """Files in a folder, which several processes may share. What is broken is not there.

    A file is written under another name first, so that nobody ever sees half of it. Time is the wall clock's: the
    files outlive the process. Beyond `max_bytes` the oldest files go. Only values that JSON gives back as they were
    are kept.
    """

    def __init__(
        self, folder: str = "/tmp/gateway-cache", *, max_bytes: int = 64 * 1024 * 1024, clock: Clock = CLOCK
    ) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._wall = clock.wall
        os.makedirs(folder, mode=0o700, exist_ok=True)
        self._bytes = sum(size for _, size, _ in self._files())

    def get(self, key: str) -> Found | None:
        """Return what is there and fresh."""
        path = self._path(key)
        try:
            record = _opened(_read(path))
        except FileNotFoundError:
            return None
        if record is None or record["key"] != key:
            return None
        ttl = _left(record["ends"], self._wall())
        if ttl is not None and ttl <= 0:
            self._unlink(path)
            return None
        return Found(record["value"], ttl, tuple(record["tags"]))

    def set(self, key: str, value: object, ttl: float | None, tags: tuple[str, ...]) -> None:
        """Keep a value. Raises `CacheError` for one that JSON would change."""
        content = _sealed(_record(key, value, ttl, tags, self._wall()))
        path = self._path(key)
        draft = f"{path}.{os.getpid()}.{get_ident()}"
        with open(draft, "wb") as stream:
            stream.write(content)
        os.replace(draft, path)
        self._bytes += len(content)
        if self._bytes > self._max_bytes:
            self._make_room()

    def delete(self, key: str) -> None:
        """Remove a value."""
        self._unlink(self._path(key))

    def invalidate(self, tag: str | None, prefix: str | None) -> None:
        """Remove the values with both a tag and a prefix, as far as these are given."""
        for path, _, _ in list(self._files()):
            try:
                record = _opened(_read(path))
            except FileNotFoundError:
                continue
            if record is None or (
                (tag is None or tag in record["tags"]) and (prefix is None or record["key"].startswith(prefix))
            ):
                self._unlink(path)

    def _path(self, key: str) -> str:
        # Two keys may share a name: each file says whose it is. A cryptographic hash would load libcrypto, 3 MiB.
        encoded = key.encode("utf-8", "surrogatepass")
        return os.path.join(self._folder, f"{zlib.crc32(encoded):08x}{zlib.adler32(encoded):08x}{_SUFFIX}")

    def _files(self) -> Iterator[tuple[str, int, float]]:
        with os.scandir(self._folder) as entries:
            for entry in entries:
                if entry.name.endswith(_SUFFIX):
                    try:
                        stat = entry.stat()
                    except FileNotFoundError:
                        continue
                    yield entry.path, stat.st_size, stat.st_mtime

    def _make_room(self) -> None:
        # Other processes write and remove files, too, and what was replaced was counted twice.
        files = sorted(self._files(), key=lambda file: file[2], reverse=True)
        self._bytes = 0
        for path, size, _ in files:
            if self._bytes + size > self._max_bytes * 4 // 5:
                self._unlink(path)
            else:
                self._bytes += size

    @staticmethod
    def _unlink(path: str) -> None:
        try:
            os.unlink(path)
        except FileNotFoundError:
            return


class StoreTier:
    """A store that environments share, each value under a key of its own with a prefix.

    What is invalidated is written down in the store, and every environment looks there at most every `max_age` seconds:
    so long may others still be given what is outdated.
    """

    def __init__(self, store: Store, *, prefix: str = "cache:", max_age: float = 1.0, clock: Clock = CLOCK) -> None:
        self._store = store
        self._prefix = prefix
        self._max_age = max_age
        self._mono = clock.mono
        self._marks: dict[str, float] = {}
        self._looked = -float("inf")

    def get(self, key: str) -> Found | None:
        """Return what is there and fresh."""
        found = self._store.get(self._prefix + key)
        record = None if found is None else _opened(found[0])
        if record is None or record["key"] != key or self._is_outdated(record):
            return None
        ttl = _left(record["ends"], self._store.now())
        return None if ttl is not None and ttl <= 0 else Found(record["value"], ttl, tuple(record["tags"]))

    def set(self, key: str, value: object, ttl: float | None, tags: tuple[str, ...]) -> None:
        """Keep a value. Raises `CacheError` for one that JSON would change."""
        record = _record(key, value, ttl, tags, self._store.now())
        self._store.put_if(self._prefix + key, _sealed(record), ANY, ttl)

    def delete(self, key: str) -> None:
        """Remove a value."""
        self._store.delete(self._prefix + key)

    def invalidate(self, tag: str | None, prefix: str | None) -> None:
        """Mark the values with both a tag and a prefix, as far as these are given, as outdated."""
        mark = json.dumps([tag, prefix])
        while True:
            found = self._store.get(self._prefix + _MARKS)
            marks: dict[str, float] = {} if found is None else json.loads(found[0])
            now = self._store.now()
            # Rather too much is outdated than that they become ever more.
            marks = {json.dumps([None, None]): now} if len(marks) >= _MOST_MARKS else {**marks, mark: now}
            version = None if found is None else found[1]
            if self._store.put_if(self._prefix + _MARKS, json.dumps(marks).encode(), version) is not None:
                self._marks, self._looked = marks, self._mono()
                return

    def _is_outdated(self, record: dict[str, Any]) -> bool:  # Any: JSON
        if self._mono() - self._looked >= self._max_age:
            found = self._store.get(self._prefix + _MARKS)
            self._marks = {} if found is None else json.loads(found[0])
            self._looked = self._mono()
        for mark, when in self._marks.items():
            tag, prefix = json.loads(mark)
            is_meant = (tag is None or tag in record["tags"]) and (prefix is None or record["key"].startswith(prefix))
            if is_meant and record["written"] <= when:
                return True
        return False


def _record(key: str, value: object, ttl: float | None, tags: tuple[str, ...], now: float) -> dict[str, object]:
    if not _is_json(value):
        raise CacheError(f"the value of {key!r} is not kept outside of memory: JSON would change it")
    return {"key": key, "tags": tags, "written": now, "ends": None if ttl is None else now + ttl, "value": value}


def _sealed(record: dict[str, object]) -> bytes:
    content = json.dumps(record, separators=(",", ":")).encode()
    return b"%08x" % zlib.crc32(content) + content


def _opened(sealed: bytes) -> dict[str, Any] | None:  # Any: JSON
    """Return what was sealed, unless something has happened to it since."""
    content = sealed[_SEAL_BYTES:]
    if sealed[:_SEAL_BYTES] != b"%08x" % zlib.crc32(content):
        return None
    record: dict[str, Any] = json.loads(content)  # Any: JSON
    return record


def _read(path: str) -> bytes:
    with open(path, "rb") as stream:
        return stream.read()


def _left(ends: float | None, now: float) -> float | None:
    return None if ends is None else ends - now


def _is_json(value: object) -> bool:
    """Tell whether JSON gives a value back as it was."""
    parts = [value]
    while parts:
        part = parts.pop()
        kind = type(part)
        if isinstance(part, dict) and kind is dict and all(type(key) is str for key in part):
            parts.extend(part.values())
        elif isinstance(part, list) and kind is list:
            parts.extend(part)
        elif not (
            kind in (str, int, bool, type(None)) or (isinstance(part, float) and kind is float and isfinite(part))
        ):
            return False
    return True

"""State in the memory of one process: for tests, and where environments need not agree."""

from __future__ import annotations

from threading import Lock

from .clock import CLOCK, Clock
from .errors import StoreError
from .fork import kept_through_forks
from .store import ANY, checked_key, checked_number, checked_ttl

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .store import Version

_NEVER = float("inf")
_ENTRY_BYTES = 400


class MemoryStore:
    """A store in a dictionary. What has outlived its time by either clock is not there.

    It never holds more than `max_entries` entries, or `max_bytes` bytes, an entry taking 400 besides its key and its
    value. Nothing is given up that is still alive: a store that is full raises `StoreError`.
    """

    def __init__(self, *, max_entries: int = 10_000, max_bytes: int = 8 * 1024 * 1024, clock: Clock = CLOCK) -> None:
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._mono = clock.mono
        self._wall = clock.wall
        self._lock = kept_through_forks(Lock())
        self._entries: dict[str, _Entry] = {}
        self._bytes = 0
        self._writes = 0
        # Nothing ends before: until then there is no need to look for what has.
        self._mono_soonest = self._wall_soonest = _NEVER

    def get(self, key: str) -> tuple[bytes, Version] | None:
        """Return what is there, and its version."""
        checked_key(key)
        with self._lock:
            entry = self._alive(key)
            return None if entry is None else (entry.as_bytes(), entry.version)

    def put_if(self, key: str, value: bytes, version: Version | None, ttl: float | None = None) -> Version | None:
        """Put something in place of a version, and return the one that it got; None where something else is there."""
        checked_key(key)
        ttl = checked_ttl(ttl)
        with self._lock:
            before = self._alive(key)
            if version != ANY and version != (None if before is None else before.version):
                return None
            return self._put(key, bytes(value), ttl).version

    def incr(self, key: str, n: int = 1, ttl: float | None = None) -> int:
        """Add to a number, from 0 on, and return it."""
        checked_key(key)
        ttl = checked_ttl(ttl)
        with self._lock:
            entry = self._alive(key)
            if entry is None:
                self._put(key, checked_number(n), ttl)
                return n
            if not isinstance(entry.value, int):
                raise StoreError(f"{key!r} is not a number")
            entry.value = checked_number(entry.value + n)
            self._writes += 1
            entry.version = self._writes
            return entry.value

    def delete(self, key: str) -> None:
        """Remove what is there, if anything is."""
        checked_key(key)
        with self._lock:
            self._remove(key)

    def now(self) -> float:
        """Return the time of the store, in seconds since 1970."""
        return self._wall()

    def __len__(self) -> int:
        """Return how many entries it holds, outlived ones included."""
        return len(self._entries)

    # What the lock is held for.

    def _alive(self, key: str) -> _Entry | None:
        entry = self._entries.get(key)
        if entry is not None and (self._mono() >= entry.mono_end or self._wall() >= entry.wall_end):
            self._remove(key)
            return None
        return entry

    def _put(self, key: str, value: bytes | int, ttl: float | None) -> _Entry:
        size = _ENTRY_BYTES + 2 * len(key) + (len(value) if isinstance(value, bytes) else 0)
        self._make_room(key, size)
        self._remove(key)
        self._writes += 1
        mono_end, wall_end = (_NEVER, _NEVER) if ttl is None else (self._mono() + ttl, self._wall() + ttl)
        self._mono_soonest = min(self._mono_soonest, mono_end)
        self._wall_soonest = min(self._wall_soonest, wall_end)
        self._bytes += size
        entry = self._entries[key] = _Entry(value, self._writes, size, mono_end, wall_end)
        return entry

    def _make_room(self, key: str, size: int) -> None:
        if not self._has_room(key, size):
            self._sweep()
            if not self._has_room(key, size):
                raise StoreError(f"the store is full: it holds {len(self._entries)} entries of {self._bytes} bytes")

    def _has_room(self, key: str, size: int) -> bool:
        before = self._entries.get(key)
        entries = len(self._entries) + (before is None)
        return entries <= self._max_entries and self._bytes + size - (before.size if before else 0) <= self._max_bytes

    def _sweep(self) -> None:
        if self._mono() < self._mono_soonest and self._wall() < self._wall_soonest:
            return
        for key in list(self._entries):
            self._alive(key)
        self._mono_soonest = min((entry.mono_end for entry in self._entries.values()), default=_NEVER)
        self._wall_soonest = min((entry.wall_end for entry in self._entries.values()), default=_NEVER)

    def _remove(self, key: str) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._bytes -= entry.size


class _Entry:
    __slots__ = ("mono_end", "size", "value", "version", "wall_end")

    def __init__(self, value: bytes | int, version: int, size: int, mono_end: float, wall_end: float) -> None:
        self.value = value
        self.version = version
        self.size = size
        self.mono_end = mono_end
        self.wall_end = wall_end

    def as_bytes(self) -> bytes:
        """Return what was put, or the digits of a number."""
        return self.value if isinstance(self.value, bytes) else b"%d" % self.value

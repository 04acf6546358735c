"""The entries of a cache: which are fresh, how much they take, and which have to go. Whoever uses them holds a lock."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Hashable
    from typing import Any

    from .cache_policies import Policy
    from .clock import Clock

_NEVER = float("inf")


class Entry:
    """A value and until when it is fresh, by both clocks; it may be served for `stale` seconds more, as such."""

    __slots__ = ("is_secret", "mono_end", "size", "stale", "tags", "value", "wall_end")

    def __init__(
        self,
        value: object,
        size: int,
        mono_end: float,
        wall_end: float,
        stale: float,
        tags: tuple[str, ...],
        is_secret: bool,
    ) -> None:
        self.value: Any = value  # Any: whatever somebody has put there
        self.size = size
        self.mono_end = mono_end
        self.wall_end = wall_end
        self.stale = stale
        self.tags = tags
        self.is_secret = is_secret


class Stats:
    """What a cache has done so far, and what it holds."""

    __slots__ = (
        "bytes",
        "entries",
        "evictions",
        "expired",
        "failed_loads",
        "hits",
        "loads",
        "misses",
        "shrunk",
        "stale",
        "tier_errors",
    )

    def __init__(self) -> None:
        self.hits = self.misses = self.loads = self.failed_loads = self.stale = 0
        self.evictions = self.expired = self.shrunk = self.tier_errors = 0
        self.entries = self.bytes = 0

    def as_dict(self) -> dict[str, int]:
        """Return all figures by name."""
        return {name: getattr(self, name) for name in self.__slots__}


class Entries:
    """Entries by key, no more than there may be, and no more bytes."""

    __slots__ = ("_max_bytes", "_max_entries", "_mono", "_stats", "_tagged", "_wall", "bytes", "entries", "order")

    def __init__(self, max_entries: int, max_bytes: int | None, order: Policy, stats: Stats, clock: Clock) -> None:
        self._max_entries = max_entries
        self._max_bytes = _NEVER if max_bytes is None else max_bytes
        self._stats = stats
        self._mono = clock.mono
        self._wall = clock.wall
        self._tagged: dict[str, set[Hashable]] = {}
        self.entries: dict[Hashable, Entry] = {}
        self.order = order
        self.bytes = 0

    def fresh(self, key: Hashable) -> Entry | None:
        """Return an entry that is fresh."""
        entry = self.entries.get(key)
        return None if entry is None or self.left(entry) <= 0 else entry

    def left(self, entry: Entry) -> float:
        """Return how many seconds an entry stays fresh."""
        return min(entry.mono_end - self._mono(), entry.wall_end - self._wall())

    def ends(self, ttl: float | None) -> tuple[float, float]:
        """Return when an entry of now ends, by both clocks."""
        return (_NEVER, _NEVER) if ttl is None else (self._mono() + ttl, self._wall() + ttl)

    def tagged(self, tag: str | None) -> Collection[Hashable]:
        """Return the keys with a tag, or all."""
        return self.entries if tag is None else self._tagged.get(tag, ())

    def put(
        self,
        key: Hashable,
        value: object,
        size: int,
        ttl: float | None,
        stale: float,
        tags: tuple[str, ...],
        is_secret: bool,
    ) -> bool:
        """Put an entry there, and let others go for it; tell whether it can be kept at all."""
        # Calls are what this takes most of its time for: there are as few as there can be.
        entries = self.entries
        before = entries.pop(key, None)
        if before is not None:
            self._forget(key, before)
        if before is not None and self.bytes + size <= self._max_bytes:
            self.order.hit(key)
        else:
            if before is not None:
                # It must not be the one to go for itself.
                self.order.remove(key)
            if size > self._max_bytes:
                return False
            while entries and (len(entries) >= self._max_entries or self.bytes + size > self._max_bytes):
                self.evict()
            self.order.add(key)
        if ttl is None:
            entries[key] = Entry(value, size, _NEVER, _NEVER, stale, tags, is_secret)
        else:
            entries[key] = Entry(value, size, self._mono() + ttl, self._wall() + ttl, stale, tags, is_secret)
        self.bytes += size
        if tags:
            for tag in tags:
                self._tagged.setdefault(tag, set()).add(key)
        return True

    def remove(self, key: Hashable) -> bool:
        """Remove an entry; tell whether there was one."""
        entry = self.entries.pop(key, None)
        if entry is None:
            return False
        self._forget(key, entry)
        self.order.remove(key)
        return True

    def drop_if_over(self, key: Hashable, entry: Entry) -> None:
        """Remove an entry that may not even be served as stale any more."""
        if self.left(entry) + entry.stale <= 0:
            self.remove(key)
            self._stats.expired += 1

    def shrink(self, share: float) -> None:
        """Let go of what would go first, until no more than a share of the bytes is left."""
        limit = int(self.bytes * share)
        while self.entries and self.bytes > limit:
            self.evict()

    def evict(self) -> Hashable:
        """Remove the entry that has to go first, of those that there are, and return its key."""
        key = self.order.evict()
        entry = self.entries.pop(key)
        self.bytes -= entry.size
        if entry.tags:
            self._untag(key, entry.tags)
        self._stats.evictions += 1
        return key

    def _forget(self, key: Hashable, entry: Entry) -> None:
        self.bytes -= entry.size
        if entry.tags:
            self._untag(key, entry.tags)

    def _untag(self, key: Hashable, tags: tuple[str, ...]) -> None:
        for tag in tags:
            keys = self._tagged.get(tag)
            if keys is not None:
                keys.discard(key)
                if not keys:
                    del self._tagged[tag]

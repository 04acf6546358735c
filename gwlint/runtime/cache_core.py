"""Values by key in memory: bounded in number, bytes and age, and loaded once for all who miss one at the same time."""

from __future__ import annotations

from threading import Lock

from .cache_entries import Entries, Stats
from .cache_policies import POLICIES
from .cache_size import size_of
from .clock import CLOCK, Clock
from .errors import CacheError
from .flight import NOTHING, Circle, Flight, Flights
from .fork import kept_through_forks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping
    from typing import Any, Literal

    from .cache_tiers import Found, Tier

    PolicyName = Literal["lru", "lfu", "s3fifo"]

_PRESSURE = 0.85
_SETS_PER_LOOK = 256


class Cache:
    """A cache for one process. Whatever is done to one key happens one after the other.

    Never is a value returned that is older than its time to live by either clock, and never does it hold more than
    `max_entries` entries or `max_bytes` bytes, by `size_of`; of None, there is no such limit. `ttl` is that of entries
    that are given none. `tiers` are asked in turn for what is not here, by keys that are text, and told what is put.
    `memory` returns the share of the environment's memory that is in use: beyond 85 % the cache gives up half of it.
    """

    def __init__(
        self,
        *,
        max_entries: int = 1024,
        max_bytes: int | None = 16 * 1024 * 1024,
        ttl: float | None = None,
        policy: PolicyName = "lru",
        tiers: Iterable[Tier] = (),
        memory: Callable[[], float] | None = None,
        size_of: Callable[[Any], int] = size_of,
        clock: Clock = CLOCK,
    ) -> None:
        """Raise `CacheError` for limits below 1, and a policy that there is not."""
        if max_entries < 1 or (max_bytes is not None and max_bytes < 1):
            raise CacheError("max_entries and max_bytes are at least 1")
        if policy not in POLICIES:
            raise CacheError(f"a policy is one of {', '.join(POLICIES)}, not {policy!r}")
        self._max_bytes = max_bytes
        self._ttl = ttl
        self._tiers = tuple(tiers)
        self._memory = memory
        self._size_of = size_of
        self._mono = clock.mono
        self._wall = clock.wall
        self._lock = kept_through_forks(Lock())
        self._stats = Stats()
        self._kept = Entries(max_entries, max_bytes, POLICIES[policy](), self._stats, clock)
        # What a hit takes, at hand.
        self._entries = self._kept.entries
        self._hit = self._kept.order.hit
        self._removals = 0
        self._flights = Flights()
        self._sets = 0

    # Reading.

    def get(self, key: Hashable, default: Any = None) -> Any:  # Any: whatever was put there
        """Return what is there and fresh, or else the default."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None and self._mono() < entry.mono_end and self._wall() < entry.wall_end:
                self._hit(key)
                self._stats.hits += 1
                return entry.value
            self._stats.misses += 1
            removals = self._removals
            if entry is not None:
                self._kept.drop_if_over(key, entry)
        found = self._from_tiers(key, removals) if self._tiers else NOTHING
        return default if found is NOTHING else found

    def get_many(self, keys: Iterable[Hashable]) -> dict[Hashable, Any]:  # Any: whatever was put there
        """Return those of some keys that are there and fresh."""
        found = ((key, self.get(key, NOTHING)) for key in keys)
        return {key: value for key, value in found if value is not NOTHING}

    def ttl(self, key: Hashable) -> float | None:
        """Return how many seconds an entry stays fresh, infinity where nothing ends it; None where there is none."""
        with self._lock:
            entry = self._kept.fresh(key)
            return None if entry is None else self._kept.left(entry)

    @property
    def stats(self) -> Stats:
        """What it has done so far, as of now."""
        with self._lock:
            copy = Stats()
            for name in Stats.__slots__:
                setattr(copy, name, getattr(self._stats, name))
            copy.entries, copy.bytes = len(self._entries), self._kept.bytes
        return copy

    def __len__(self) -> int:
        """Return how many entries it holds, stale ones included."""
        return len(self._entries)

    def __contains__(self, key: Hashable) -> bool:
        """Tell whether a fresh entry is here, without counting it as asked for."""
        return self.ttl(key) is not None

    # Writing.

    def set(
        self,
        key: Hashable,
        value: object,
        *,
        ttl: float | None = None,
        stale: float = 0.0,
        tags: Iterable[str] = (),
        secret: bool = False,
    ) -> None:
        """Put a value there. What is larger than the whole cache may be is not kept.

        It is fresh for `ttl` seconds, and may be served as stale for `stale` seconds more. What is secret stays in
        this memory, and is dropped before a snapshot of it is taken.
        """
        self._put(key, value, ttl, stale, tuple(tags), secret)
        if self._flights.is_making(key):
            # What is being loaded is older than this, however soon this is over.
            self._void(key)

    def set_many(self, values: Mapping[Hashable, object], *, ttl: float | None = None) -> None:
        """Put several values there."""
        for key, value in values.items():
            self.set(key, value, ttl=ttl)

    def touch(self, key: Hashable, ttl: float | None = None) -> bool:
        """Let a fresh entry live from now on as long as a new one; tell whether there is one."""
        with self._lock:
            entry = self._kept.fresh(key)
            if entry is None:
                return False
            entry.mono_end, entry.wall_end = self._kept.ends(self._ttl if ttl is None else ttl)
            self._hit(key)
        return True

    def delete(self, key: Hashable) -> bool:
        """Remove an entry, here and in the tiers; tell whether it was here. What is being loaded is not kept."""
        self._void(key)
        was_there = self._remove(lambda: [key])
        if self._tiers and isinstance(key, str):
            self._delete_in(self._tiers, key)
            self._remove(lambda: [key])
        return was_there > 0

    def invalidate(self, *, tag: str | None = None, prefix: str | None = None, namespace: str | None = None) -> int:
        """Remove the entries with a tag, a prefix, or of a namespace, which is the prefix `namespace:`, or else all.

        What is being loaded for such a key meanwhile is not kept. Tiers lose it, too, as far as this environment goes.
        Returns how many entries were here.
        """
        if namespace is not None:
            prefix = f"{namespace}:"

        def is_outdated(key: Hashable) -> bool:
            return prefix is None or (isinstance(key, str) and key.startswith(prefix))

        def doomed() -> Iterable[Hashable]:
            return filter(is_outdated, self._kept.tagged(tag))

        # Which tags somebody will give to what is being loaded is not known.
        self._flights.void(is_outdated)
        removed = self._remove(doomed)
        if self._tiers:
            self._tell(self._tiers, lambda tier: tier.invalidate(tag, prefix))
            self._remove(doomed)
        return removed

    def shrink(self, share: float = 0.5) -> None:
        """Give up the entries that would go first, until no more than a share of the bytes is held."""
        with self._lock:
            self._kept.shrink(share)
            self._stats.shrunk += 1

    def drop_secrets(self) -> None:
        """Remove what is secret, as before a snapshot of the memory."""
        with self._lock:
            for key in [key for key, entry in self._entries.items() if entry.is_secret]:
                self._kept.remove(key)

    # Loading.

    def get_or_load(
        self,
        key: Hashable,
        loader: Callable[[], Any],  # Any: whatever it loads
        *,
        ttl: float | None = None,
        negative_ttl: float | None = None,
        stale_while_revalidate: float = 0.0,
        stale_if_error: float = 0.0,
        tags: Iterable[str] = (),
        secret: bool = False,
    ) -> Any:  # Any: as the loader says
        """Return what is there and fresh, or else load it: once, whoever asks for it meanwhile.

        A loaded None is kept for `negative_ttl` seconds, if that is given. For `stale_while_revalidate` seconds after
        the end, one caller loads while others are given the old value; for `stale_if_error`, it is given to those for
        whom loading fails. What a loader raises goes to all who wait for it, and is not kept. Raises `CacheError` where
        a loader asks for the very key that it loads.
        """
        value = self.get(key, NOTHING)
        if value is not NOTHING:
            return value
        if stale_while_revalidate and self._flights.is_making(key):
            old = self._stale(key, stale_while_revalidate)
            if old is not NOTHING:
                return old

        def make(flight: Flight) -> Any:  # Any: as the loader says
            loaded = self._load(loader)
            if not flight.is_void:
                lifetime = negative_ttl if loaded is None and negative_ttl is not None else ttl
                stale = max(stale_while_revalidate, stale_if_error)
                # Nothing fresh was there when this began: whoever has put something since knows better.
                self._put(
                    key, loaded, lifetime, stale, tuple(tags), secret,
                    lambda: not flight.is_void and self._kept.fresh(key) is None,
                )  # fmt: skip
            return loaded

        try:
            return self._flights.run(key, lambda: self._peek(key), make)
        except Circle as circle:
            raise CacheError(f"loading {key!r} takes itself: {' -> '.join(map(repr, circle.path))}") from None
        except Exception:
            old = self._stale(key, stale_if_error) if stale_if_error else NOTHING
            if old is NOTHING:
                raise
            return old

    def _load(self, loader: Callable[[], Any]) -> Any:  # Any: as the loader says
        with self._lock:
            self._stats.loads += 1
        try:
            return loader()
        except BaseException:
            with self._lock:
                self._stats.failed_loads += 1
            raise

    def _peek(self, key: Hashable) -> Any:  # Any: whatever was put there
        """Return what somebody has put there since it was missed."""
        with self._lock:
            entry = self._kept.fresh(key)
            return NOTHING if entry is None else entry.value

    def _stale(self, key: Hashable, seconds: float) -> Any:  # Any: whatever was put there
        with self._lock:
            entry = self._entries.get(key)
            if entry is None or self._kept.left(entry) + min(seconds, entry.stale) <= 0:
                return NOTHING
            self._stats.stale += 1
            return entry.value

    def _put(
        self,
        key: Hashable,
        value: object,
        ttl: float | None,
        stale: float,
        tags: tuple[str, ...],
        secret: bool,
        may: Callable[[], bool] | None = None,
        tiers: tuple[Tier, ...] | None = None,
    ) -> None:
        """Put a value here and into tiers, if it may be done once the lock is held."""
        # User code, too, may say how large a value is.
        size = 0 if self._max_bytes is None else self._size_of(value) + self._size_of(key)
        ttl = self._ttl if ttl is None else ttl
        if secret and self._tiers and isinstance(key, str):
            self._delete_in(self._tiers, key)
        with self._lock:
            if may is not None and not may():
                return
            is_kept = self._kept.put(key, value, size, ttl, stale, tags, secret)
            self._sets += 1
            removals = self._removals
        if self._memory is not None and self._sets % _SETS_PER_LOOK == 0 and self._memory() > _PRESSURE:
            self.shrink()
        if self._tiers and not secret and isinstance(key, str):
            self._put_into(self._tiers if tiers is None else tiers, key, value, ttl, tags, removals if is_kept else -1)

    def _put_into(
        self, tiers: tuple[Tier, ...], key: str, value: object, ttl: float | None, tags: tuple[str, ...], removals: int
    ) -> None:
        """Put a value into tiers, and take it out again where something was removed since; -1 puts nothing there."""
        if removals >= 0:
            self._tell(tiers, lambda tier: tier.set(key, value, ttl, tags))
        if removals == self._removals:
            return
        if key in self._entries:
            self._delete_in(tiers, key)
        else:
            # It has been removed meanwhile, or what was there before has to be.
            self.delete(key)

    def _void(self, key: Hashable) -> None:
        self._flights.void(lambda other: other == key)

    def _delete_in(self, tiers: tuple[Tier, ...], key: str) -> None:
        self._tell(tiers, lambda tier: tier.delete(key))

    def _remove(self, keys: Callable[[], Iterable[Hashable]]) -> int:
        """Remove entries, and return how many there were. What is read from a tier meanwhile does not come in.

        It is done before tiers are told, for those who tell them of a value at the same time, and again afterwards,
        for those who have read one until then.
        """
        with self._lock:
            self._removals += 1
            return sum(self._kept.remove(key) for key in list(keys()))

    # What is done without the lock, as it may take long.

    def _from_tiers(self, key: Hashable, removals: int) -> Any:  # Any: whatever was put there
        """Return what a tier has, and keep it here and in those before that one, unless it may be outdated by then."""
        if not isinstance(key, str):
            return NOTHING
        for place, tier in enumerate(self._tiers):
            found = self._asked(tier, key)
            if found is not None:
                self._put(
                    key, found.value, found.ttl, 0.0, found.tags, False,
                    lambda: self._removals == removals and self._kept.fresh(key) is None,
                    self._tiers[:place],
                )  # fmt: skip
                return found.value
        return NOTHING

    def _asked(self, tier: Tier, key: str) -> Found | None:
        try:
            return tier.get(key)
        except Exception:
            self._stats.tier_errors += 1
            return None

    def _tell(self, tiers: Iterable[Tier], tell: Callable[[Tier], object]) -> None:
        """Tell tiers, whatever becomes of it: a cache must not fail because one of them does."""
        for tier in tiers:
            try:
                tell(tier)
            except Exception:
                self._stats.tier_errors += 1

"""A cache whose values have a time to live: what is there, what is not, and what takes the place of others."""

from collections import OrderedDict
from collections.abc import Callable, MutableMapping
from contextlib import AbstractContextManager
from importlib import import_module
from itertools import count
from threading import Lock, RLock
from time import monotonic

from gwlint.runtime.cache import Cache

_SIZE = 1000
_TTL = 300


class _Floor:
    """The least that a bounded cache with a time to live for several threads can do."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.entries: OrderedDict[object, tuple[float, object]] = OrderedDict()

    def get(self, key: object) -> object:
        with self.lock:
            entry = self.entries.get(key)
            if entry is None or entry[0] <= monotonic():
                return None
            self.entries.move_to_end(key)
            return entry[1]

    def set(self, key: object, value: object) -> None:
        with self.lock:
            self.entries[key] = (monotonic() + _TTL, value)
            self.entries.move_to_end(key)
            if len(self.entries) > _SIZE:
                self.entries.popitem(last=False)


def floor_get() -> Callable[[], object]:
    """Return a hit."""
    cache = _Floor()
    return _getting(cache.set, cache.get)


def floor_set() -> Callable[[], object]:
    """Return a new value in a full cache."""
    return _setting(_Floor().set)


def ours_get() -> Callable[[], object]:
    """Return a hit."""
    cache = Cache(max_entries=_SIZE, ttl=_TTL)
    return _getting(cache.set, cache.get)


def ours_miss() -> Callable[[], object]:
    """Return a miss."""
    cache = Cache(max_entries=_SIZE, ttl=_TTL)
    return lambda: cache.get("gone")


def ours_set() -> Callable[[], object]:
    """Return a new value in a full cache, whose bytes are counted, too."""
    return _setting(Cache(max_entries=_SIZE, ttl=_TTL).set)


def ours_set_without_bytes() -> Callable[[], object]:
    """Return a new value in a full cache that is bounded by entries alone, as others are."""
    return _setting(Cache(max_entries=_SIZE, max_bytes=None, ttl=_TTL).set)


def cachetools_get() -> Callable[[], object]:
    """Return a hit, by cachetools with a lock."""
    cache, lock = _cachetools()

    def get(key: str) -> object:
        with lock:
            return cache.get(key)

    return _getting(cache.__setitem__, get)


def cachetools_set() -> Callable[[], object]:
    """Return a new value in a full cache, by cachetools with a lock."""
    cache, lock = _cachetools()

    def put(key: str, value: object) -> None:
        with lock:
            cache[key] = value

    return _setting(put)


def cacheout_get() -> Callable[[], object]:
    """Return a hit, by cacheout."""
    cache = import_module("cacheout").Cache(maxsize=_SIZE, ttl=_TTL)
    return _getting(cache.set, cache.get)


def _getting(put: Callable[[str, object], object], get: Callable[[str], object]) -> Callable[[], object]:
    for number in range(_SIZE):
        put(f"key{number}", number)
    return lambda: get("key500")


def _setting(put: Callable[[str, object], object]) -> Callable[[], object]:
    for number in range(_SIZE):
        put(f"key{number}", number)
    # As many keys as can't be there any more when their turn comes again; making them takes no time of the row.
    keys = [f"other{number}" for number in range(4 * _SIZE)]
    turn = count()
    return lambda: put(keys[next(turn) % (4 * _SIZE)], 1)


def _cachetools() -> tuple[MutableMapping[str, object], AbstractContextManager[object]]:
    return import_module("cachetools").TTLCache(_SIZE, _TTL), RLock()

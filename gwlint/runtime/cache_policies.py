"""Which entry of a full cache has to go."""

from __future__ import annotations

from collections import OrderedDict, deque

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from typing import Protocol

    class Policy(Protocol):
        """An order among keys. Every call takes the same time, however many there are."""

        def add(self, key: Hashable) -> None:
            """Take in a key that is not there."""

        def hit(self, key: Hashable) -> None:
            """Note that a key that is there was asked for, or given another value."""

        def remove(self, key: Hashable) -> None:
            """Forget a key that is there."""

        def evict(self) -> Hashable:
            """Forget the key to go next, of those that are there, and return it: there has to be one."""


class Lru:
    """The one that was not asked for the longest."""

    __slots__ = ("_keys", "add", "hit", "remove")

    def __init__(self) -> None:
        self._keys: OrderedDict[Hashable, None] = OrderedDict()
        # The methods of the dictionary as they are: a hit is part of what takes less than a microsecond.
        self.hit = self._keys.move_to_end
        self.remove = self._keys.__delitem__
        self.add: Callable[[Hashable], None] = self._keys.setdefault

    def evict(self) -> Hashable:
        """Forget the key that was not asked for the longest."""
        return self._keys.popitem(False)[0]


class Lfu:
    """The one that was asked for the fewest times; of several, the one that was not for the longest."""

    __slots__ = ("_buckets", "_least", "_times")

    def __init__(self) -> None:
        self._times: dict[Hashable, int] = {}
        self._buckets: dict[int, OrderedDict[Hashable, None]] = {}
        self._least = 0

    def add(self, key: Hashable) -> None:
        """Take in a key."""
        self._put(key, 1)
        self._least = 1

    def hit(self, key: Hashable) -> None:
        """Count that a key was asked for."""
        times = self._times[key]
        self._take(key)
        self._put(key, times + 1)
        if times == self._least and times not in self._buckets:
            self._least = times + 1

    def remove(self, key: Hashable) -> None:
        """Forget a key."""
        self._take(key)
        del self._times[key]

    def evict(self) -> Hashable:
        """Forget the key that was asked for the fewest times."""
        if self._least not in self._buckets:
            # A removal has emptied the bucket; there are as many buckets as different counts.
            self._least = min(self._buckets)
        key = next(iter(self._buckets[self._least]))
        self.remove(key)
        return key

    def _put(self, key: Hashable, times: int) -> None:
        self._times[key] = times
        self._buckets.setdefault(times, OrderedDict())[key] = None

    def _take(self, key: Hashable) -> None:
        times = self._times[key]
        bucket = self._buckets[times]
        del bucket[key]
        if not bucket:
            del self._buckets[times]


class S3Fifo:
    """New ones that nobody asks for again go first: a small queue for these, and a main one for the others.

    After "FIFO queues are all you need for cache eviction" (SOSP 2023). A tenth of the keys are in the small queue; as
    many keys as there are entries are remembered after they have gone, and come back into the main one.
    """

    __slots__ = ("_ghosts", "_hits", "_in_small", "_main", "_main_size", "_small")

    _MOST_HITS = 3

    def __init__(self) -> None:
        self._small: deque[Hashable] = deque()
        self._main: deque[Hashable] = deque()
        self._in_small: set[Hashable] = set()
        self._hits: dict[Hashable, int] = {}
        self._ghosts: OrderedDict[Hashable, None] = OrderedDict()
        self._main_size = 0

    def add(self, key: Hashable) -> None:
        """Take in a key: into the main queue if it has gone lately."""
        self._hits[key] = 0
        if self._ghosts.pop(key, key) is None:
            self._to_main(key)
        else:
            self._small.append(key)
            self._in_small.add(key)

    def hit(self, key: Hashable) -> None:
        """Count that a key was asked for, up to three times."""
        hits = self._hits
        if hits[key] < self._MOST_HITS:
            hits[key] += 1

    def remove(self, key: Hashable) -> None:
        """Forget a key."""
        del self._hits[key]
        if key in self._in_small:
            self._in_small.discard(key)
            self._ghosts[key] = None
            while len(self._ghosts) > max(len(self._hits), 1):
                self._ghosts.popitem(last=False)
            self._drop(self._small, key)
        else:
            self._main_size -= 1
            self._drop(self._main, key)

    def evict(self) -> Hashable:
        """Forget the key to go: from the small queue while that has its share, else from the main one."""
        key = self._victim()
        self.remove(key)
        return key

    def _victim(self) -> Hashable:
        while True:
            if self._small and (len(self._in_small) * 10 >= len(self._hits) or not self._main_size):
                key = self._small[0]
                if not self._hits[key]:
                    return key
                self._small.popleft()
                self._in_small.discard(key)
                self._hits[key] = 0
                self._to_main(key)
            else:
                key = self._main[0]
                if not self._hits[key]:
                    return key
                self._hits[key] -= 1
                self._main.rotate(-1)

    def _to_main(self, key: Hashable) -> None:
        self._main.append(key)
        self._main_size += 1

    @staticmethod
    def _drop(queue: deque[Hashable], key: Hashable) -> None:
        # What is evicted stands at the head; only what is deleted has to be looked for.
        if queue[0] == key:
            queue.popleft()
        else:
            queue.remove(key)


POLICIES: dict[str, Callable[[], Policy]] = {"lru": Lru, "lfu": Lfu, "s3fifo": S3Fifo}
"""Every policy by its name in the literature."""

"""Who keeps trying what is refused: a score that halves with time, and a block that ends by itself."""

from __future__ import annotations

import os
from collections import OrderedDict
from threading import Lock
from weakref import WeakSet

from .clock import CLOCK, Clock, Since, Until

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_LOOKS = 8
_FORGOTTEN = 0.01


class _Record:
    __slots__ = ("block", "score", "since")

    def __init__(self, clock: Clock) -> None:
        self.score = 0.0
        self.since = Since(clock)
        self.block: Until | None = None


class Threat:
    """Scores of principals or addresses. One whose score reaches the threshold is blocked for some seconds.

    Every refusal adds points, half of which are forgotten after `half_life` seconds; what goes well adds nothing.
    After a block, half of the threshold is left. Those of `allow` are never blocked. `on_block` is called with whoever
    is blocked, and for how long. No more than `most` are kept: those without points and blocks go first.
    """

    def __init__(
        self,
        *,
        threshold: float = 10.0,
        half_life: float = 300.0,
        block_for: float = 900.0,
        allow: Iterable[str] = (),
        most: int = 10_000,
        on_block: Callable[[str, float], object] | None = None,
        clock: Clock = CLOCK,
    ) -> None:
        """Raise ValueError for numbers that are not more than 0."""
        if min(threshold, half_life, block_for, most) <= 0:
            raise ValueError("threshold, half_life, block_for and most are more than 0")
        self._threshold = threshold
        self._half_life = half_life
        self._block_for = block_for
        self._allow = frozenset(allow)
        self._most = most
        self._on_block = on_block
        self._clock = clock
        self._lock = Lock()
        self._records: OrderedDict[str, _Record] = OrderedDict()
        self.overflowed = 0
        _everywhere.add(self)

    def add(self, who: str, points: float = 1.0) -> bool:
        """Add points, and tell whether that has led to a block. Raises ValueError for points beneath zero."""
        if not points >= 0:
            raise ValueError("points are at least 0")
        with self._lock:
            record = self._record(who)
            if record is None or record.block is not None:
                return False
            record.score = self._decayed(record) + points
            record.since = Since(self._clock)
            is_blocked = record.score >= self._threshold and who not in self._allow
            if is_blocked:
                record.block = Until(self._clock, self._block_for)
        if is_blocked and self._on_block is not None:
            self._on_block(who, self._block_for)
        return is_blocked

    def score(self, who: str) -> float:
        """Return the score of somebody, as it is now."""
        with self._lock:
            record = self._known(who)
            return 0.0 if record is None else self._decayed(record)

    def blocked_for(self, who: str) -> float:
        """Return how many seconds somebody is still blocked; 0 for who is not."""
        with self._lock:
            record = self._known(who)
            return 0.0 if record is None or record.block is None else record.block.remaining()

    def _known(self, who: str) -> _Record | None:
        record = self._records.get(who)
        if record is not None:
            self._release(record)
        return record

    def _decayed(self, record: _Record) -> float:
        share: float = 0.5 ** min(record.since.elapsed() / self._half_life, 1000.0)
        return record.score * share

    def _release(self, record: _Record) -> None:
        if record.block is not None and record.block.is_over():
            record.block = None
            record.score = self._threshold / 2
            record.since = Since(self._clock)

    def _record(self, who: str) -> _Record | None:
        record = self._known(who)
        if record is None:
            if len(self._records) >= self._most and not self._has_made_room():
                # Nobody is let off because others come in crowds.
                self.overflowed += 1
                return None
            record = self._records[who] = _Record(self._clock)
        return record

    def _has_made_room(self) -> bool:
        """Forget one of the oldest records that has come to nothing, or else the one of them with the fewest points."""
        looked: list[tuple[str, _Record]] = []
        for _ in range(min(_LOOKS, len(self._records))):
            who, record = next(iter(self._records.items()))
            self._release(record)
            looked.append((who, record))
            if record.block is None and self._decayed(record) < _FORGOTTEN:
                break
            self._records.move_to_end(who)
        free = [(self._decayed(record), who) for who, record in looked if record.block is None]
        if not free:
            return False
        del self._records[min(free)[1]]
        return True

    def _after_fork(self) -> None:
        self._lock = Lock()


def _after_fork() -> None:
    for threat in list(_everywhere):
        threat._after_fork()


_everywhere: WeakSet[Threat] = WeakSet()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)

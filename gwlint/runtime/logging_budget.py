"""How many bytes of lines there may be in a month or an hour, and which lines go without when they are used up."""

from __future__ import annotations

import os
import time
from threading import Lock
from weakref import WeakSet

from .clock import CLOCK, Clock
from .logging_levels import AUDIT, DEBUG, ERROR, INFO, WARNING, name_of

# The share of a budget up to which lines of a level are written. What is audited is always.
_SHARES = ((WARNING, 0.95), (INFO, 0.8), (DEBUG, 0.5))
_HOUR = 3600


class Budget:
    """So many bytes of lines in a calendar month (UTC), and in an hour; None for any number.

    When half of them are used, lines of `DEBUG` are shed, then those of `INFO` at 80 %, those of `WARNING` at 95 %, and
    in the end those of `ERROR` and `CRITICAL`; those of `AUDIT` never. It counts what is written in this process: where
    there are several environments, each has such a budget.
    """

    __slots__ = ("__weakref__", "_clock", "_limits", "_lock", "_shed", "_told", "_used", "_when")

    def __init__(
        self, *, bytes_per_month: int | None = None, bytes_per_hour: int | None = None, clock: Clock = CLOCK
    ) -> None:
        """Raise ValueError for less than one byte."""
        self._limits = (bytes_per_month, bytes_per_hour)
        if any(limit is not None and limit < 1 for limit in self._limits):
            raise ValueError("a budget is at least one byte")
        self._clock = clock
        self._lock = Lock()
        self._used = [0, 0]
        self._when: tuple[object, object] = ((), 0)
        self._shed: dict[str, int] = {}
        self._told: frozenset[str] = frozenset()
        _everywhere.add(self)

    def admit(self, level: int, size: int) -> tuple[bool, dict[str, int] | None]:
        """Take in a line, and tell whether it may be written, and what to tell of lines that may not be.

        That is, by level, how many there have been so far: with the first line of a level, and in a new period.
        """
        now = self._clock.wall()
        with self._lock:
            news = self._begin(now)
            has_room = level >= AUDIT or self._share(size) <= _share_of(level)
            if has_room:
                self._used[0] += size
                self._used[1] += size
                return True, news
            name = name_of(level)
            self._shed[name] = self._shed.get(name, 0) + 1
            if name not in self._told:
                self._told |= {name}
                news = dict(self._shed)
            return False, news

    def _begin(self, now: float) -> dict[str, int] | None:
        """Begin a new period when it is time to, and return what the one before has shed."""
        when = (time.gmtime(now)[:2], now // _HOUR)
        if when == self._when:
            return None
        for place, (one, other) in enumerate(zip(when, self._when, strict=True)):
            if one != other:
                self._used[place] = 0
        self._when = when
        shed, self._shed, self._told = self._shed, {}, frozenset()
        return shed or None

    def _share(self, size: int) -> float:
        shares = (
            (used + size) / limit for used, limit in zip(self._used, self._limits, strict=True) if limit is not None
        )
        return max(shares, default=0.0)

    def _after_fork(self) -> None:
        self._lock = Lock()


def _share_of(level: int) -> float:
    if level >= ERROR:
        return 1.0
    return next((share for lowest, share in _SHARES if level >= lowest), _SHARES[-1][1])


def _after_fork() -> None:
    for budget in list(_everywhere):
        budget._after_fork()


_everywhere: WeakSet[Budget] = WeakSet()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)

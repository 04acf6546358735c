"""Connections that wait for their next request, until they are too old to be trusted."""

from __future__ import annotations

import os
from threading import Lock
from weakref import WeakSet

from .clock import CLOCK, Clock, Since

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable
    from typing import Protocol

    class Kept(Protocol):
        """A connection, as far as it matters here."""

        def is_quiet(self) -> bool:
            """Tell whether nobody has closed it, or said something unasked."""

        def close(self) -> None:
            """Close it."""


class Pool:
    """Idle connections by server, the last used first.

    One that has been idle for more than `idle` seconds by either clock is closed rather than used, and so are all of
    them when the pool has not been used for more than `gap` seconds: the environment may have been frozen meanwhile,
    and whatever is on the way has forgotten the connections. A child process begins with an empty pool.
    """

    __slots__ = ("__weakref__", "_clock", "_gap", "_idle", "_lock", "_max_idle", "_max_per_host", "_used", "_waiting")

    def __init__(
        self, *, max_idle: int = 32, max_per_host: int = 8, idle: float = 55.0, gap: float = 60.0, clock: Clock = CLOCK
    ) -> None:
        """Raise ValueError for limits below zero."""
        if min(max_idle, max_per_host, idle, gap) < 0:
            raise ValueError("limits are at least 0")
        self._max_idle = max_idle
        self._max_per_host = max_per_host
        self._idle = idle
        self._gap = gap
        self._clock = clock
        self._used = Since(clock)
        self._lock = Lock()
        # In the order in which they became idle.
        self._waiting: list[tuple[Hashable, Kept, Since]] = []
        _everywhere.add(self)

    def take(self, key: Hashable) -> Kept | None:
        """Return an idle connection, which is the caller's from now on; None where there is none to be trusted."""
        while True:
            with self._lock:
                outdated = self._outdated()
                found = self._last(key)
            for one in outdated:
                one.close()
            if found is None or found.is_quiet():
                return found
            found.close()

    def put(self, key: Hashable, connection: Kept) -> None:
        """Let a connection wait. The one that has waited longest is closed where there are too many."""
        with self._lock:
            outdated = self._outdated()
            self._waiting.append((key, connection, Since(self._clock)))
            same = [index for index, one in enumerate(self._waiting) if one[0] == key]
            if len(same) > self._max_per_host:
                outdated.append(self._waiting.pop(same[0])[1])
            elif len(self._waiting) > self._max_idle:
                outdated.append(self._waiting.pop(0)[1])
        for one in outdated:
            one.close()

    def close(self) -> None:
        """Close all that is idle. What is put here afterwards waits as before."""
        with self._lock:
            waiting = self._waiting
            self._waiting = []
        for _, one, _ in waiting:
            one.close()

    def __len__(self) -> int:
        return len(self._waiting)

    def _last(self, key: Hashable) -> Kept | None:
        for index in range(len(self._waiting) - 1, -1, -1):
            if self._waiting[index][0] == key:
                return self._waiting.pop(index)[1]
        return None

    def _outdated(self) -> list[Kept]:
        """Take out what is too old."""
        longest = self._idle if self._used.elapsed() <= self._gap else -1.0
        self._used = Since(self._clock)
        outdated = [one for _, one, since in self._waiting if since.elapsed() > longest]
        if outdated:
            self._waiting = [one for one in self._waiting if one[1] not in outdated]
        return outdated

    def _after_fork(self) -> None:
        """Leave the connections to the parent process: two can't use one of them."""
        self._lock = Lock()
        self.close()


def _after_fork() -> None:
    for pool in list(_everywhere):
        pool._after_fork()


_everywhere: WeakSet[Pool] = WeakSet()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)

"""Making a thing once for all who want it at the same time: one makes it, the others wait for that one.

No lock is held while it is made. Who would wait for themselves, be it through other threads, is told so instead.
"""

from __future__ import annotations

import os
from threading import Lock, get_ident
from weakref import WeakSet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from typing import Any

NOTHING = object()
"""What is returned by one who looks for a thing where there is none."""


class Circle(Exception):  # noqa: N818  never seen by users: each gateway says it in its own words
    """To make a thing, it is needed itself. `path` leads from it through what is made for it."""

    def __init__(self, path: tuple[Hashable, ...]) -> None:
        super().__init__(path)
        self.path = path


class Flight:
    """Something being made, and by whom. It is `void` when what comes of it is outdated already."""

    __slots__ = ("_latch", "by", "error", "is_void", "key", "value")

    def __init__(self, key: Hashable, by: int) -> None:
        self.key = key
        self.by = by
        self.is_void = False
        self.value: Any = NOTHING  # Any: whatever is made
        self.error: Exception | None = None
        # A lock that is taken until it is made is what others wait for.
        self._latch = Lock()
        self._latch.acquire()

    def wait(self) -> None:
        """Wait until it is made, or has failed."""
        with self._latch:
            pass

    def land(self) -> None:
        """Let those go on who wait."""
        self._latch.release()


class Flights:
    """All that is being made."""

    __slots__ = ("__weakref__", "_flights", "_lock", "_waiting")

    def __init__(self) -> None:
        self._lock = Lock()
        self._flights: dict[Hashable, Flight] = {}
        self._waiting: dict[int, Flight] = {}
        _everywhere.add(self)

    def run(self, key: Hashable, find: Callable[[], Any], make: Callable[[Flight], Any]) -> Any:  # Any: as these say
        """Return what is found, or what is made here or by another thread meanwhile.

        `find` returns `NOTHING` where there is nothing; it is called under a lock, and has to be quick. What `make`
        raises is raised here, and by all who wait for it. Raises `Circle` where nobody could ever make it.
        """
        me = get_ident()
        while True:
            with self._lock:
                found = find()
                if found is not NOTHING:
                    return found
                flight = self._flights.get(key)
                if flight is None:
                    flight = self._flights[key] = Flight(key, me)
                    break
                self._refuse_circle(flight, me)
                self._waiting[me] = flight
            self._wait(flight, me)
            if flight.error is not None:
                raise flight.error
            if flight.value is not NOTHING:
                return flight.value
        return self._make(flight, make)

    def void(self, is_outdated: Callable[[Hashable], bool]) -> None:
        """Mark those flights as void whose keys are outdated."""
        if self._flights:
            with self._lock:
                for key, flight in self._flights.items():
                    flight.is_void = flight.is_void or is_outdated(key)

    def is_making(self, key: Hashable) -> bool:
        """Tell whether somebody makes it right now."""
        return key in self._flights

    def _make(self, flight: Flight, make: Callable[[Flight], Any]) -> Any:  # Any: as it says
        try:
            flight.value = make(flight)
        except Exception as error:
            flight.error = error
            raise
        finally:
            with self._lock:
                # In a child process it may be another one that is made now.
                if self._flights.get(flight.key) is flight:
                    del self._flights[flight.key]
            flight.land()
        return flight.value

    def _wait(self, flight: Flight, me: int) -> None:
        try:
            flight.wait()
        finally:
            with self._lock:
                self._waiting.pop(me, None)

    def _refuse_circle(self, wanted: Flight, me: int) -> None:
        path, flight = [wanted.key], wanted
        while flight.by != me:
            awaited = self._waiting.get(flight.by)
            if awaited is None:
                return
            flight = awaited
            path.append(flight.key)
        if wanted.by == me:
            mine = [one.key for one in self._flights.values() if one.by == me]
            path = mine[mine.index(wanted.key) :]
        raise Circle((*path, path[0]))

    def _after_fork(self) -> None:
        """Begin again in a child process, where nobody is left who could finish what they were making."""
        self._lock = Lock()
        self._flights = {}
        self._waiting = {}


def _after_fork() -> None:
    for flights in list(_everywhere):
        flights._after_fork()


_everywhere: WeakSet[Flights] = WeakSet()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)

"""What environments tell one another about a circuit, through a store."""

from __future__ import annotations

import json

from .clock import Clock, Since
from .errors import GatewayError
from .store import ANY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .store import Store

_SPARE = 60.0


class News:
    """What another environment has found out: open, and for how long, or closed."""

    __slots__ = ("is_open", "remaining", "trips")

    def __init__(self, is_open: bool, remaining: float, trips: int) -> None:
        self.is_open = is_open
        self.remaining = remaining
        self.trips = trips


class Shared:
    """The state of one circuit in a store, looked at no more often than every `max_age` seconds.

    Whatever goes wrong with the store, every environment goes on by what it sees itself.
    """

    __slots__ = ("_clock", "_key", "_lease", "_looked", "_max_age", "_seen", "_store")

    def __init__(self, store: Store, name: str, max_age: float, lease: float, clock: Clock) -> None:
        self._store = store
        self._key = f"circuit_breaker:{name}"
        self._max_age = max_age
        self._lease = lease
        self._clock = clock
        self._looked: Since | None = None
        self._seen: object = None

    def news(self) -> News | None:
        """Return what was not known at the last look; None where it is not yet time for another one."""
        if self._looked is not None and self._looked.elapsed() < self._max_age:
            return None
        self._looked = Since(self._clock)
        try:
            found = self._store.get(self._key)
            if found is None or found[1] == self._seen:
                return None
            self._seen = found[1]
            said = json.loads(found[0])
            return News(said["open"], said["until"] - self._store.now(), said["trips"])
        except (GatewayError, ValueError, KeyError, TypeError):
            return None

    def tell(self, is_open: bool, remaining: float, trips: int) -> None:
        """Tell the others."""
        try:
            said = {"open": is_open, "until": self._store.now() + remaining, "trips": trips}
            self._seen = self._store.put_if(self._key, json.dumps(said).encode(), ANY, max(remaining, 0) + _SPARE)
        except GatewayError:
            return

    def may_probe(self, probes: int) -> bool:
        """Tell whether fewer environments than may be are probing: the first to write a lease is one of them."""
        try:
            return any(
                self._store.put_if(f"{self._key}:probe:{number}", b"", None, self._lease) is not None
                for number in range(probes)
            )
        except GatewayError:
            return True

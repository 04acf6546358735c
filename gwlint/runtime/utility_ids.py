"""Identifiers that sort by the time they were made at: UUIDs of version 7 (RFC 9562)."""

from __future__ import annotations

import os
from threading import Lock

from .clock import CLOCK, Clock
from .fork import kept_through_forks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_RANDOM_BITS = 74
_LOW_BITS = 62
_STEP_BYTES = 4
_MILLISECONDS = 2**48 - 1


class Ids:
    """Makes identifiers, each greater than the one before, whatever the clock and other threads do.

    One of the same millisecond is greater by chance. `random_bytes` has to be fit for secrets, as `os.urandom` is.
    """

    __slots__ = ("__weakref__", "_last", "_lock", "_millisecond", "_random_bytes", "_wall")

    def __init__(self, *, random_bytes: Callable[[int], bytes] = os.urandom, clock: Clock = CLOCK) -> None:
        self._random_bytes = random_bytes
        self._wall = clock.wall
        self._lock = kept_through_forks(Lock())
        self._millisecond = 0
        self._last = 0

    def new(self) -> str:
        """Return an identifier, as `0190163d-8694-739b-aea5-966c26f8ad91`."""
        now = int(self._wall() * 1000) & _MILLISECONDS
        drawn = int.from_bytes(self._random_bytes(10), "big") >> (80 - _RANDOM_BITS)
        with self._lock:
            if now > self._millisecond:
                # The highest bit stays free: there is room for all that follow within the millisecond.
                self._millisecond, self._last = now, drawn >> 1
            else:
                self._last += (drawn & (2 ** (8 * _STEP_BYTES) - 1)) + 1
                if self._last >> _RANDOM_BITS:
                    self._millisecond, self._last = self._millisecond + 1, drawn >> 1
            millisecond, last = self._millisecond, self._last
        high, low = last >> _LOW_BITS, last & (2**_LOW_BITS - 1)
        text = f"{millisecond << 80 | 7 << 76 | high << 64 | 2 << 62 | low:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def reseed(self) -> None:
        """Begin elsewhere: what was copied with this memory, by a fork or a snapshot, goes on where this has been."""
        with self._lock:
            drawn = int.from_bytes(self._random_bytes(10), "big") >> (80 - _RANDOM_BITS)
            self._last = drawn >> 1


def id_time(text: str) -> float:
    """Return when an identifier was made, in seconds since 1970. Raises ValueError for what is none."""
    digits = text.replace("-", "")
    if len(digits) != 32 or digits[12] != "7":
        raise ValueError(f"{text[:40]!r} is not a UUID of version 7")
    return int(digits[:12], 16) / 1000


IDS = Ids()
"""What `new_id` asks."""
new_id = IDS.new
reseed_ids = IDS.reseed

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=IDS.reseed)

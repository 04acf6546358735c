"""How often something may be done: the generic cell rate algorithm, per key, in a bounded table.

In any time W no more than `burst + rate * W` is admitted, W measured by the clock that says more. A key has a debt, in
seconds, that time pays off; each admission adds `per / limit` seconds for every unit of cost, and the debt never gets
beyond what `burst` units cost.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from math import ceil, inf, isfinite
from threading import Lock
from weakref import WeakSet

from .clock import CLOCK, Clock
from .errors import RateLimited, StoreError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from .store import Store

    OnBackendError = Literal["local", "deny", "raise"]

_BACKEND_ERRORS = ("local", "deny", "raise")
# Sums of floats are not exact: what is due within a nanosecond counts as paid.
_SLACK = 1e-9
# The wall clock says "more" when it does so by a millisecond: it ticks too coarsely to be asked about less.
_WALL_SLACK = 1e-3
_LONGEST_KEY = 256
_LOOKS = 8
_MOST_LIMITERS = 256


class Allowance:
    """Whether something may be done now. It is true when it may.

    `debt` is in seconds, `step` is what one unit costs, `burst` how many units may be owed, `cost` what was asked for.
    """

    __slots__ = ("allowed", "burst", "cost", "debt", "step")

    def __init__(self, allowed: bool, debt: float, step: float, burst: float, cost: float) -> None:
        self.allowed = allowed
        self.debt = debt
        self.step = step
        self.burst = burst
        self.cost = cost

    def __bool__(self) -> bool:
        return self.allowed

    def __repr__(self) -> str:
        return f"Allowance(allowed={self.allowed}, remaining={self.remaining}, retry_after={self.retry_after:g})"

    @property
    def remaining(self) -> int:
        """How many units may be had at once, right now."""
        return max(0, int(self.burst - self.debt / self.step + _SLACK))

    @property
    def retry_after(self) -> float:
        """How many seconds to wait until the same may be done: 0 where it may be done now, infinity if never."""
        if self.allowed:
            return 0.0
        return max(0.0, self.debt + (self.cost - self.burst) * self.step) if self.cost <= self.burst else inf

    @property
    def reset_after(self) -> float:
        """How many seconds until all of the burst may be had again."""
        return self.debt

    def headers(self) -> dict[str, str]:
        """Return header fields for the answer, in whole seconds."""
        fields = {
            "RateLimit-Limit": str(int(self.burst)),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(ceil(self.reset_after)),
        }
        if not self.allowed and isfinite(self.retry_after):
            fields["Retry-After"] = str(max(1, ceil(self.retry_after)))
        return fields

    def require(self) -> None:
        """Raise `RateLimited` unless it is allowed."""
        if not self.allowed:
            raise RateLimited("the rate limit is reached", self.retry_after)


class RateLimiter:
    """A limit for every key: `limit` units in `per` seconds, `burst` units at once, a tenth of `limit` if not said.

    No more than `max_keys` keys are kept. A key owes nothing once its debt is paid, and is forgotten then; keys that
    find no room share one debt, and each takes that over when it gets a place: nobody gains from crowding others out.

    With a `store`, environments share the debts. Where it can't be reached, `on_backend_error` decides, and has to be
    said: "local" goes on here with a `share` of limit and burst, "deny" refuses, "raise" raises `StoreError`.
    """

    def __init__(
        self,
        limit: float,
        *,
        per: float = 1.0,
        burst: float | None = None,
        max_keys: int = 10_000,
        store: Store | None = None,
        name: str = "",
        on_backend_error: OnBackendError | None = None,
        share: float = 0.1,
        clock: Clock = CLOCK,
    ) -> None:
        """Raise ValueError for numbers that make no limit, and a store without a word about what if it fails."""
        burst = max(1.0, limit / 10) if burst is None else burst
        if not (isfinite(limit) and isfinite(per) and isfinite(burst)) or limit <= 0 or per <= 0 or burst <= 0:
            raise ValueError("limit, per and burst are finite, and more than 0")
        if max_keys < 1 or not 0 < share <= 1:
            raise ValueError("max_keys is at least 1, and share is more than 0 and at most 1")
        if store is not None and on_backend_error not in _BACKEND_ERRORS:
            raise ValueError(f"with a store, on_backend_error is one of {', '.join(_BACKEND_ERRORS)}")
        self._step = per / limit
        self._burst = burst
        self._most = burst * self._step
        self._max_keys = max_keys
        self._mono = clock.mono
        self._wall = clock.wall
        self._lock = Lock()
        # When the debt of a key will be paid, by each clock.
        self._paid: OrderedDict[str, list[float]] = OrderedDict()
        self._crowd = [-inf, -inf]
        self._store = store
        self._prefix = f"rate:{name or f'{limit:g}/{per:g}/{burst:g}'}:"
        self._on_backend_error = on_backend_error
        self._fallback: RateLimiter | None = None
        if store is not None and on_backend_error == "local":
            # A unit costs the more, the smaller the share; at least one of them may be had.
            smaller = max(1.0, burst * share)
            self._fallback = RateLimiter(limit * share, per=per, burst=smaller, max_keys=max_keys, clock=clock)
        _everywhere.add(self)

    def check(self, key: str, cost: float = 1.0) -> Allowance:
        """Tell whether so much may be done now for a key, and count it if so. Raises ValueError for no cost at all."""
        if not 0 < cost < inf:
            raise ValueError("a cost is finite, and more than 0")
        if len(key) > _LONGEST_KEY:
            key = _short(key)
        if self._store is not None:
            return self._check_shared(self._store, key, cost)
        price = cost * self._step
        mono, wall = self._mono(), self._wall()
        with self._lock:
            paid = self._paid.get(key)
            if paid is None:
                paid = self._place(key, mono, wall)
            debt = paid[0] - mono
            by_wall = paid[1] - wall
            if by_wall < debt - _WALL_SLACK:
                debt = by_wall
            if debt < 0.0:
                debt = 0.0
            due = debt + price
            if due > self._most + _SLACK:
                return Allowance(False, debt, self._step, self._burst, cost)
            paid[0] = mono + due
            paid[1] = wall + due
        return Allowance(True, due, self._step, self._burst, cost)

    def __len__(self) -> int:
        """Return how many keys are kept."""
        return len(self._paid)

    def _place(self, key: str, mono: float, wall: float) -> list[float]:
        """Return where a new key's debt is kept: in a place of its own if there is room, else with all others."""
        table = self._paid
        for _ in range(_LOOKS if len(table) >= self._max_keys else 0):
            oldest, paid = next(iter(table.items()))
            if paid[0] <= mono or paid[1] <= wall - _WALL_SLACK:
                del table[oldest]
                break
            table.move_to_end(oldest)
        if len(table) >= self._max_keys:
            return self._crowd
        paid = table[key] = self._crowd[:]
        return paid

    def _check_shared(self, store: Store, key: str, cost: float) -> Allowance:
        from .security_shared_limits import admit

        try:
            debt = admit(store, self._prefix + key, cost * self._step, self._most)
        except StoreError:
            if self._on_backend_error == "raise":
                raise
            if self._fallback is not None:
                return self._fallback.check(key, cost)
            return Allowance(False, self._most, self._step, self._burst, cost)
        return Allowance(debt.admitted, debt.seconds, self._step, self._burst, cost)

    def _after_fork(self) -> None:
        self._lock = Lock()


def rate_limit(
    key: str, limit: float, *, per: float = 1.0, burst: float | None = None, cost: float = 1.0, clock: Clock = CLOCK
) -> Allowance:
    """Tell whether something may be done now for a key, and count it if so; one table for every such limit.

    Raises ValueError for numbers that make no limit, and for more than 256 different limits.
    """
    limiter = _limiters.get((limit, per, burst, clock))
    if limiter is None:
        if len(_limiters) >= _MOST_LIMITERS:
            raise ValueError(f"no more than {_MOST_LIMITERS} different limits are kept; use RateLimiter")
        limiter = _limiters.setdefault(
            (limit, per, burst, clock), RateLimiter(limit, per=per, burst=burst, clock=clock)
        )
    return limiter.check(key, cost)


def _short(key: str) -> str:
    """Return what stands for a long key."""
    from hashlib import sha256

    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _after_fork() -> None:
    for limiter in list(_everywhere):
        limiter._after_fork()


_limiters: dict[tuple[float, float, float | None, Clock], RateLimiter] = {}
_everywhere: WeakSet[RateLimiter] = WeakSet()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)

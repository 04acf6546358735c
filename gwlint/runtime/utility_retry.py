"""Trying again what has failed for a moment: later and later, by chance, and only while there is time for it."""

from __future__ import annotations

from functools import wraps
from threading import Lock

from .clock import CLOCK, Clock
from .context import current
from .errors import RateLimited, StoreError
from .fork import kept_through_forks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from random import Random
    from typing import Any, TypeVar

    Failures = tuple[type[Exception], ...] | Callable[[Exception], bool]
    Function = TypeVar("Function", bound=Callable[..., Any])  # Any: whatever it takes and returns

_COROUTINE = 0x80
_TRANSIENT = (ConnectionError, TimeoutError, RateLimited, StoreError)


class RetryBudget:
    """How many retries there may be: one takes a token, a success gives back a part of one.

    While nothing succeeds there are `tokens` retries in all; else there are `per_success` of them for a call, so that
    many who retry do not bring down what has only just come back.
    """

    __slots__ = ("_lock", "_most", "_per_success", "left")

    def __init__(self, *, tokens: float = 50.0, per_success: float = 0.1) -> None:
        self._most = tokens
        self._per_success = per_success
        self._lock = kept_through_forks(Lock())
        self.left = tokens

    def take(self) -> bool:
        """Take a token for a retry; tell whether there was one."""
        with self._lock:
            if self.left < 1:
                return False
            self.left -= 1
            return True

    def give(self) -> None:
        """Note a success."""
        if self.left < self._most:
            with self._lock:
                self.left = min(self.left + self._per_success, self._most)


class Retry:
    """Calls functions up to `attempts` times while they fail with what `on` says: types, or a function of them.

    Before each retry it sleeps, by chance, up to `base` seconds, twice as long each time, up to `longest`; and at
    least as long as the exception says by `retry_after`: in seconds, or as the header of that name has it. It gives up
    at once, and raises what the function has raised, where that would be beyond `longest`, or beyond the time that is
    left by the context, and where the budget has no token. Only what may be done twice should be retried.
    """

    __slots__ = ("_attempts", "_base", "_budget", "_clock", "_is_transient", "_longest", "_random", "_types")

    def __init__(
        self,
        *,
        attempts: int = 3,
        on: Failures = _TRANSIENT,
        base: float = 0.1,
        longest: float = 20.0,
        budget: RetryBudget | None = None,
        clock: Clock = CLOCK,
        rng: Random | None = None,
    ) -> None:
        """Raise ValueError for less than one attempt."""
        if attempts < 1:
            raise ValueError("at least one attempt has to be made")
        self._attempts = attempts
        self._types = on if isinstance(on, tuple) else (Exception,)
        self._is_transient = None if isinstance(on, tuple) else on
        self._base = base
        self._longest = longest
        self._budget = RetryBudget() if budget is None else budget
        self._clock = clock
        # The one of the module begins elsewhere after a fork, and after a snapshot.
        self._random = _drawn if rng is None else rng.random

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # Any: those of the function
        """Call a function, and return what it returns in the end."""
        return self(function)(*args, **kwargs)

    async def call_async(
        self, function: Callable[..., Awaitable[Any]], *args: Any, **kwargs: Any
    ) -> Any:  # Any: those of the function
        """Await what a function returns, and return what comes of it in the end."""
        for attempt in range(1, self._attempts + 1):
            try:
                result = await function(*args, **kwargs)
            except self._types as error:
                delay = self._delay(attempt, error)
                if delay is None:
                    raise
            else:
                self._budget.give()
                return result
            from asyncio import sleep

            await sleep(delay)
        raise AssertionError("the last attempt raises")

    def __call__(self, function: Function) -> Function:
        """Decorate a function, or a coroutine function."""
        if getattr(getattr(function, "__code__", None), "co_flags", 0) & _COROUTINE:

            @wraps(function)
            async def awaited(*args: Any, **kwargs: Any) -> Any:  # Any: those of the function
                return await self.call_async(function, *args, **kwargs)

            return awaited  # type: ignore[return-value]  # as it is called like the function
        types, again, budget = self._types, self._again, self._budget

        # The first attempt is nearly always the last one: it costs next to nothing.
        def called(*args: Any, **kwargs: Any) -> Any:  # Any: those of the function
            try:
                result = function(*args, **kwargs)
            except types as error:
                return again(error, function, args, kwargs)
            if budget.left < budget._most:
                budget.give()
            return result

        return wraps(function, updated=())(called) if hasattr(function, "__name__") else called  # type: ignore[return-value]

    def _again(
        self, error: Exception, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:  # Any: those of the function
        attempt = 1
        while True:
            delay = self._delay(attempt, error)
            if delay is None:
                raise error
            self._clock.sleep(delay)
            attempt += 1
            try:
                result = function(*args, **kwargs)
            except self._types as another:
                error = another
            else:
                self._budget.give()
                return result

    def _delay(self, attempt: int, error: Exception) -> float | None:
        """Return how long to sleep before the next attempt; None where there is none."""
        if attempt >= self._attempts or (self._is_transient is not None and not self._is_transient(error)):
            return None
        delay = self._random() * min(self._longest, self._base * 2.0 ** (attempt - 1))
        delay = max(delay, retry_after(error, self._clock))
        if delay > self._longest or delay >= current().remaining() or not self._budget.take():
            return None
        return delay


def retry_after(error: Exception, clock: Clock = CLOCK) -> float:
    """Return how many seconds an exception says to wait: a number, seconds as text, or the date of a header."""
    said = getattr(error, "retry_after", None)
    if isinstance(said, str):
        return float(said) if said.strip().isdecimal() else _until(said, clock)
    return max(float(said), 0.0) if isinstance(said, (int, float)) and said == said else 0.0


def _until(date: str, clock: Clock) -> float:
    from email.utils import parsedate_to_datetime

    try:
        return max(parsedate_to_datetime(date).timestamp() - clock.wall(), 0.0)
    except (ValueError, OverflowError):
        return 0.0


def retry(
    *,
    attempts: int = 3,
    on: Failures = _TRANSIENT,
    base: float = 0.1,
    longest: float = 20.0,
    budget: RetryBudget | None = None,
    clock: Clock = CLOCK,
    rng: Random | None = None,
) -> Callable[[Function], Function]:
    """Return a decorator that calls a function again where it fails: as `Retry` says."""
    return Retry(attempts=attempts, on=on, base=base, longest=longest, budget=budget, clock=clock, rng=rng)


def _drawn() -> float:
    # Most calls do not fail, and never draw anything.
    from random import random

    return random()

"""Calls that are not made while what they call does not work: closed, open, and half-open for a probe."""

from __future__ import annotations

from functools import wraps
from random import Random
from threading import Lock

from .circuit_breaker_shared import Shared
from .circuit_breaker_window import count
from .clock import CLOCK, Clock, Until
from .errors import CircuitOpen
from .fork import kept_through_forks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType
    from typing import Any, Literal, TypeVar

    from .circuit_breaker_window import Window
    from .store import Store

    State = Literal["closed", "open", "half-open", "forced-open", "disabled", "metrics-only"]
    Failures = tuple[type[BaseException], ...] | Callable[[BaseException], bool]
    Function = TypeVar("Function", bound=Callable[..., Any])  # Any: whatever it takes and returns

CLOSED: State = "closed"
OPEN: State = "open"
HALF_OPEN: State = "half-open"
FORCED_OPEN: State = "forced-open"
DISABLED: State = "disabled"
METRICS_ONLY: State = "metrics-only"

_GROWTH = 2.0
_JITTER = 0.1
_COROUTINE = 0x80


class CircuitBreaker:
    """A breaker around the calls of one thing that may fail.

    While closed it counts how calls go, in a `window`: once `minimum_calls` are known, it opens when `failure_rate` of
    them have failed, or `slow_rate` of them took longer than `slow_call` seconds. While open it lets nothing through,
    for `open_for` seconds, which double with every time in a row up to `max_open_for`. Then it lets `half_open_calls`
    through at a time: when as many have gone well it closes, with the first failure it opens again. A probe that does
    not come back within `probe_lease` seconds makes room for another one.

    What `record` says is a failure counts as one: types of exceptions, or a function of them. What `ignore` says
    counts as nothing. With a `store`, environments share what they find out; what can't be reached is done without.
    No lock is held while something is called.
    """

    def __init__(
        self,
        name: str,
        *,
        window: Window | None = None,
        failure_rate: float = 0.5,
        slow_call: float | None = None,
        slow_rate: float = 0.8,
        minimum_calls: int = 20,
        open_for: float = 30.0,
        max_open_for: float = 600.0,
        half_open_calls: int = 1,
        probe_lease: float = 30.0,
        record: Failures = (Exception,),
        ignore: Failures = (),
        fallback: Callable[[Exception], Any] | None = None,  # Any: in place of what is called
        store: Store | None = None,
        store_max_age: float = 5.0,
        clock: Clock = CLOCK,
        rng: Random | None = None,
    ) -> None:
        """Raise ValueError for rates that are none, and numbers below one."""
        if not 0 < failure_rate <= 1 or not 0 < slow_rate <= 1:
            raise ValueError("a rate is more than 0 and at most 1")
        if min(minimum_calls, half_open_calls) < 1 or min(open_for, max_open_for, probe_lease) <= 0:
            raise ValueError("calls are at least 1, and times more than 0")
        self.name = name
        self._message = f"{name}: the circuit is open"
        self._window = (count(100) if window is None else window).fresh(clock)
        self._failure_rate = failure_rate
        self._slow_call = float("inf") if slow_call is None else slow_call
        self._slow_rate = slow_rate
        self._minimum_calls = minimum_calls
        self._open_for = open_for
        self._max_open_for = max(open_for, max_open_for)
        self._half_open_calls = half_open_calls
        self._probe_lease = probe_lease
        self._is_failure = _judge(record)
        self._is_ignored = _judge(ignore)
        self._fallback = fallback
        self._clock = clock
        self._mono = clock.mono
        self._rng = rng or Random()
        self._lock = kept_through_forks(Lock())
        self._state: State = CLOSED
        self._generation = 0
        self._trips = 0
        self._until = Until(clock, 0)
        self._probes: dict[int, Until] = {}
        self._probe_number = 0
        self._probes_passed = 0
        self._listeners: list[Callable[[CircuitBreaker, State, State], object]] = []
        self._shared = None if store is None else Shared(store, name, store_max_age, probe_lease, clock)

    @property
    def state(self) -> State:
        """In which state it is. It stays open after its time until somebody calls."""
        return self._state

    @property
    def metrics(self) -> dict[str, int]:
        """How many calls the window holds, how many of them failed or were slow, and how often in a row it opened."""
        with self._lock:
            window = self._window
            return {"calls": window.calls, "failed": window.failed, "slow": window.slow, "trips": self._trips}

    def on_transition(self, listener: Callable[[CircuitBreaker, State, State], object]) -> None:
        """Call somebody after every change, with the state before and the one after. What they raise is passed over."""
        self._listeners.append(listener)

    # Calling.

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # Any: those of the function
        """Call a function and return its result.

        Raises what it raises, and `CircuitOpen` where it is not called; with a `fallback`, returns what that makes of
        these exceptions, as far as they count as failures.
        """
        try:
            permit = self._enter()
        except CircuitOpen as error:
            if self._fallback is None:
                raise
            return self._fallback(error)
        begin = self._mono()
        try:
            result = function(*args, **kwargs)
        except BaseException as error:
            if self._failed(permit, begin, error) and self._fallback is not None and isinstance(error, Exception):
                return self._fallback(error)
            raise
        self._leave(permit, False, self._mono() - begin >= self._slow_call)
        return result

    async def call_async(
        self, function: Callable[..., Awaitable[Any]], *args: Any, **kwargs: Any
    ) -> Any:  # Any: those of the function
        """Await what a function returns: as `call` does."""
        try:
            permit = self._enter()
        except CircuitOpen as error:
            if self._fallback is None:
                raise
            return self._fallback(error)
        begin = self._mono()
        try:
            result = await function(*args, **kwargs)
        except BaseException as error:
            if self._failed(permit, begin, error) and self._fallback is not None and isinstance(error, Exception):
                return self._fallback(error)
            raise
        self._leave(permit, False, self._mono() - begin >= self._slow_call)
        return result

    def guard(self) -> Guard:
        """Return what lets the inside of a `with` be a call. It raises `CircuitOpen`; there is no fallback."""
        return Guard(self)

    def __call__(self, function: Function) -> Function:
        """Decorate a function, or a coroutine function: every call of it goes through this."""
        if getattr(getattr(function, "__code__", None), "co_flags", 0) & _COROUTINE:

            @wraps(function)
            async def awaited(*args: Any, **kwargs: Any) -> Any:  # Any: those of the function
                return await self.call_async(function, *args, **kwargs)

            return awaited  # type: ignore[return-value]  # as it is called like the function

        @wraps(function)
        def called(*args: Any, **kwargs: Any) -> Any:  # Any: those of the function
            return self.call(function, *args, **kwargs)

        return called  # type: ignore[return-value]  # as it is called like the function

    # Deciding by hand.

    def force_open(self) -> None:
        """Let nothing through until somebody says otherwise."""
        self._set(FORCED_OPEN)

    def force_close(self) -> None:
        """Close, with an empty window."""
        self._set(CLOSED)

    def disable(self) -> None:
        """Let everything through, and count nothing."""
        self._set(DISABLED)

    def only_measure(self) -> None:
        """Let everything through, and count it, but never open."""
        self._set(METRICS_ONLY)

    # Permits: the generation, or the number of a probe beneath zero.

    def _enter(self) -> tuple[int, int]:
        """Return a permit: the generation it is of, and the number of the probe, or 0. Raises `CircuitOpen`."""
        if self._shared is not None:
            self._learn(self._shared)
        state = self._state
        if state is CLOSED:
            return self._generation, 0
        if state is OPEN:
            remaining = self._until.remaining()
            if remaining > 0:
                raise CircuitOpen(self._message, remaining)
        return self._enter_otherwise()

    def _enter_otherwise(self) -> tuple[int, int]:
        change = None
        with self._lock:
            state = self._state
            if state in (CLOSED, DISABLED, METRICS_ONLY):
                return self._generation, 0
            remaining = self._until.remaining()
            if state is FORCED_OPEN or (state is OPEN and remaining > 0):
                raise CircuitOpen(f"{self.name}: the circuit is {state}", max(remaining, 0.0))
            if state is OPEN:
                change = self._change(HALF_OPEN)
            permit = self._probe()
        if change is not None:
            self._tell(*change)
        if permit is None or (self._shared is not None and not self._shared.may_probe(self._half_open_calls)):
            if permit is not None:
                self._give_back(permit)
            raise CircuitOpen(f"{self.name}: the circuit is half-open, and others probe it", self._probe_lease)
        return permit

    def _probe(self) -> tuple[int, int] | None:
        """Return a permit for a probe, unless as many as may be are on their way."""
        for number in [number for number, lease in self._probes.items() if lease.is_over()]:
            del self._probes[number]
        if len(self._probes) + self._probes_passed >= self._half_open_calls:
            return None
        self._probe_number += 1
        self._probes[self._probe_number] = Until(self._clock, self._probe_lease)
        return self._generation, self._probe_number

    def _give_back(self, permit: tuple[int, int]) -> None:
        with self._lock:
            if permit[0] == self._generation:
                self._probes.pop(permit[1], None)

    def _failed(self, permit: tuple[int, int], begin: float, error: BaseException) -> bool:
        """Count an exception for what it is, and tell whether it is a failure."""
        if self._is_ignored(error) or not isinstance(error, Exception):
            # A keyboard interrupt says nothing about what was called.
            self._give_back(permit)
            return False
        failed = self._is_failure(error)
        self._leave(permit, failed, self._mono() - begin >= self._slow_call)
        return failed

    def _leave(self, permit: tuple[int, int], failed: bool, slow: bool) -> None:
        generation, probe = permit
        with self._lock:
            # What comes back from before the last change is too late to count.
            if generation != self._generation or self._state is DISABLED:
                return
            change = self._after_probe(probe, failed or slow) if probe else self._after_call(failed, slow)
        if change is not None:
            self._tell(*change)

    def _after_call(self, failed: bool, slow: bool) -> tuple[State, State] | None:
        window = self._window
        window.add(failed, slow)
        if window.calls < self._minimum_calls or self._state is METRICS_ONLY:
            return None
        if window.failed >= self._failure_rate * window.calls or window.slow >= self._slow_rate * window.calls:
            return self._change(OPEN)
        return None

    def _after_probe(self, probe: int, failed: bool) -> tuple[State, State] | None:
        if self._probes.pop(probe, None) is None:
            # Its lease was over, and another one has its place.
            return None
        if failed:
            return self._change(OPEN)
        self._probes_passed += 1
        return self._change(CLOSED) if self._probes_passed >= self._half_open_calls else None

    # Changes.

    def _set(self, state: State) -> None:
        with self._lock:
            change = self._change(state)
        self._tell(*change)

    def _change(self, state: State) -> tuple[State, State]:
        before, self._state = self._state, state
        self._generation += 1
        self._probes.clear()
        self._probes_passed = 0
        if state is OPEN:
            longest = min(self._open_for * _GROWTH**self._trips, self._max_open_for)
            self._until = Until(self._clock, longest * (1 - _JITTER * self._rng.random()))
            self._trips += 1
        elif state is CLOSED:
            self._trips = 0
            self._window.clear()
        return before, state

    def _tell(self, before: State, after: State) -> None:
        """Tell other environments and listeners of a change, whatever becomes of it."""
        if self._shared is not None and after in (OPEN, CLOSED):
            self._shared.tell(after == OPEN, self._until.remaining(), self._trips)
        self._notify(before, after)

    def _notify(self, before: State, after: State) -> None:
        for listener in self._listeners:
            try:
                listener(self, before, after)
            except Exception:
                continue

    def _learn(self, shared: Shared) -> None:
        """Do as other environments do, once they are known to have opened or closed."""
        news = shared.news()
        if news is None:
            return
        change = None
        with self._lock:
            if news.is_open and self._state is CLOSED and news.remaining > 0:
                change = self._change(OPEN)
                self._trips = news.trips
                self._until = Until(self._clock, news.remaining)
            elif not news.is_open and self._state in (OPEN, HALF_OPEN):
                change = self._change(CLOSED)
        if change is not None:
            self._notify(*change)


class Guard:
    """The inside of a `with`, as a call."""

    __slots__ = ("_begin", "_breaker", "_permit")

    def __init__(self, breaker: CircuitBreaker) -> None:
        self._breaker = breaker
        self._permit = (0, 0)
        self._begin = 0.0

    def __enter__(self) -> None:
        self._permit = self._breaker._enter()
        self._begin = self._breaker._mono()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        breaker = self._breaker
        if error is not None:
            breaker._failed(self._permit, self._begin, error)
        else:
            breaker._leave(self._permit, False, breaker._mono() - self._begin >= breaker._slow_call)


def _judge(failures: Failures) -> Callable[[BaseException], bool]:
    return (lambda error: isinstance(error, failures)) if isinstance(failures, tuple) else failures

"""A call through a breaker that is closed, and one that is rejected."""

from collections import deque
from collections.abc import Callable
from importlib import import_module
from threading import Lock
from time import monotonic

from gwlint.runtime.circuit_breaker import CircuitBreaker
from gwlint.runtime.errors import CircuitOpen


class _RejectedError(Exception):
    pass


class _Floor:
    """The least that a breaker with a window for several threads can do."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.outcomes: deque[bool] = deque(maxlen=100)
        self.open_until = 0.0

    def call(self, function: Callable[[], object]) -> object:
        with self.lock:
            if self.open_until and self.open_until > monotonic():
                raise _RejectedError
        result = function()
        with self.lock:
            self.outcomes.append(True)
        return result


def floor_closed() -> Callable[[], object]:
    """Return a call."""
    breaker = _Floor()
    return lambda: breaker.call(_nothing)


def floor_rejected() -> Callable[[], object]:
    """Return a call that is not made."""
    breaker = _Floor()
    breaker.open_until = monotonic() + 1e6
    return _rejected(lambda: breaker.call(_nothing), _RejectedError)


def ours_closed() -> Callable[[], object]:
    """Return a call."""
    breaker = CircuitBreaker("shop")
    return lambda: breaker.call(_nothing)


def ours_rejected() -> Callable[[], object]:
    """Return a call that is not made."""
    breaker = CircuitBreaker("shop", minimum_calls=1, open_for=1e6, max_open_for=1e6)
    _rejected(lambda: breaker.call(_fail), OSError)()
    return _rejected(lambda: breaker.call(_nothing), CircuitOpen)


def circuitbreaker_closed() -> Callable[[], object]:
    """Return a call, by circuitbreaker."""
    other = import_module("circuitbreaker").CircuitBreaker()
    return lambda: other.call(_nothing)


def circuitbreaker_rejected() -> Callable[[], object]:
    """Return a call that is not made, by circuitbreaker."""
    others = import_module("circuitbreaker")
    other = others.CircuitBreaker(failure_threshold=1, recovery_timeout=1_000_000)
    _rejected(lambda: other.call(_fail), OSError)()
    # As its decorator does.
    return _rejected(other.decorate(_nothing), others.CircuitBreakerError)


def pybreaker_closed() -> Callable[[], object]:
    """Return a call, by pybreaker."""
    other = import_module("pybreaker").CircuitBreaker()
    return lambda: other.call(_nothing)


def pybreaker_rejected() -> Callable[[], object]:
    """Return a call that is not made, by pybreaker."""
    others = import_module("pybreaker")
    other = others.CircuitBreaker(fail_max=1, reset_timeout=1_000_000)
    _rejected(lambda: other.call(_fail), (OSError, others.CircuitBreakerError))()
    return _rejected(lambda: other.call(_nothing), others.CircuitBreakerError)


def _rejected(call: Callable[[], object], error: type[Exception] | tuple[type[Exception], ...]) -> Callable[[], object]:
    def run() -> None:
        try:
            call()
        except error:
            return
        raise AssertionError("it is not rejected")

    return run


def _nothing() -> None:
    pass


def _fail() -> None:
    raise OSError

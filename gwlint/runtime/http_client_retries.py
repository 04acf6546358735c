"""Trying again: not too often, not too soon, and never beyond the time there is."""

from __future__ import annotations

from threading import Lock

from .http_client_errors import TransportError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random
    from typing import Protocol, TypeVar

    from .clock import Clock, Until
    from .http_client_headers import Headers

    class Answer(Protocol):
        """An answer, as far as it matters here."""

        @property
        def status(self) -> int:
            """What the server says has become of the request."""

        @property
        def headers(self) -> Headers:
            """Its headers."""

    Answered = TypeVar("Answered", bound=Answer)

_WORTH_ANOTHER = frozenset((429, 502, 503, 504))
_BASE = 0.1
_LONGEST = 20.0


class RetryBudget:
    """How many retries a client has: `size` at once, and another one for every `1 / ratio` requests that went well.

    So where nothing works, there are no more than a few requests more than without retries.
    """

    __slots__ = ("_left", "_lock", "_ratio", "_size")

    def __init__(self, *, size: float = 10.0, ratio: float = 0.1) -> None:
        """Raise ValueError for numbers below 0."""
        if size < 0 or ratio < 0:
            raise ValueError("size and ratio are at least 0")
        self._size = size
        self._ratio = ratio
        self._left = size
        self._lock = Lock()

    def take(self) -> bool:
        """Take a retry, and tell whether there was one."""
        with self._lock:
            if self._left < 1:
                return False
            self._left -= 1
            return True

    def refund(self) -> None:
        """Note that a request went well."""
        # Nearly always it is full: then there is nothing to note.
        if self._left < self._size:
            with self._lock:
                self._left = min(self._size, self._left + self._ratio)


class Retries:
    """Tries again, after pauses of which the longest possible one doubles each time, and each is as long as any."""

    __slots__ = ("_budget", "_clock", "_rng")

    def __init__(self, budget: RetryBudget, clock: Clock, rng: Random) -> None:
        self._budget = budget
        self._clock = clock
        self._rng = rng

    def run(
        self,
        attempt: Callable[[], Answered],
        *,
        most: int,
        is_idempotent: bool,
        until: Until,
        discard: Callable[[Answered], object],
    ) -> Answered:
        """Return the first answer that is not worth another try, or the last one. Raises what the last try raises.

        Only `TransportError` is tried again: a circuit that is open, for one, stays so.
        """
        last: Answered | None = None
        failure: TransportError | None = None
        for number in range(most + 1):
            try:
                answer = attempt()
            except TransportError as error:
                last, failure, hint = None, error, None
                is_worth = not error.is_final and (error.is_unsent or is_idempotent)
            else:
                if answer.status not in _WORTH_ANOTHER:
                    self._budget.refund()
                    return answer
                last, failure, hint = answer, None, retry_after(answer.headers, self._clock.wall())
                is_worth = is_idempotent
            pause = self._pause(number, hint)
            if number == most or not is_worth or pause >= until.remaining() or not self._budget.take():
                break
            if last is not None:
                discard(last)
            self._clock.sleep(pause)
        return _settled(last, failure)

    def _pause(self, number: int, hint: float | None) -> float:
        pause = min(_LONGEST, _BASE * 2.0**number) * self._rng.random()
        if hint is None:
            return pause
        # All who were told the same do not come back at once.
        return hint + pause if hint <= _LONGEST else float("inf")


def retry_after(headers: Headers, now: float) -> float | None:
    """Return how many seconds an answer asks to wait, by either form of its header; None where it says nothing."""
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return float(text[:9])
    from email.utils import parsedate_to_datetime

    try:
        return max(parsedate_to_datetime(text).timestamp() - now, 0.0)
    except (ValueError, TypeError, OverflowError):
        return None


def _settled(last: Answered | None, failure: TransportError | None) -> Answered:
    if last is not None:
        return last
    raise failure or RuntimeError("there was no try")

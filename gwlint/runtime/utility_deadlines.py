"""Waiting no longer than there is time for something that may never come back."""

from __future__ import annotations

from contextvars import copy_context
from threading import Lock, Thread

from .clock import CLOCK, Clock, Until
from .context import current, limited
from .errors import DeadlineExceeded, RateLimited
from .fork import kept_through_forks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_LONGEST_WAIT = 0.5


class DeadlineRunner:
    """Runs functions in threads of their own, and waits for them no longer than it is told.

    A thread can't be ended from outside: one whose function is late is lost to it until that comes back, and what it
    returns is dropped. While there are `most_lost` such threads nothing more is run.
    """

    __slots__ = ("_clock", "_lock", "_lost", "_most_lost")

    def __init__(self, *, most_lost: int = 4, clock: Clock = CLOCK) -> None:
        self._most_lost = most_lost
        self._clock = clock
        self._lock = kept_through_forks(Lock())
        self._lost = 0

    @property
    def lost(self) -> int:
        """How many threads run functions that nobody waits for any more."""
        return self._lost

    def run(self, function: Callable[..., Any], *args: Any, seconds: float, **kwargs: Any) -> Any:  # Any: its own
        """Return what a function returns, or raise what it raises, within some seconds, and what is left anyway.

        Raises `DeadlineExceeded` where it takes longer, and `RateLimited` where too many have done so. The function
        has the context that holds here, with that time.
        """
        if self._lost >= self._most_lost:
            raise RateLimited(f"{self._lost} functions are late already, and still running", 0.0)
        until = Until(self._clock, min(seconds, current().remaining()))
        if until.is_over():
            raise DeadlineExceeded("there is no time left")
        work = _Work(function, args, kwargs)
        with limited(seconds, self._clock):
            context = copy_context()
        Thread(target=context.run, args=(self._do, work), daemon=True).start()
        while not work.latch.acquire(timeout=min(max(until.remaining(), 0.0), _LONGEST_WAIT)):
            if until.is_over() and self._give_up(work):
                raise DeadlineExceeded(f"{_called(function)} took longer than {seconds:g} seconds")
        if work.error is not None:
            raise work.error
        return work.result

    def _do(self, work: _Work) -> None:
        try:
            work.result = work.function(*work.args, **work.kwargs)
        except BaseException as error:
            work.error = error
        with self._lock:
            work.is_done = True
            self._lost -= work.is_lost
        work.latch.release()

    def _give_up(self, work: _Work) -> bool:
        """Tell whether it is late: it may have come back just now."""
        with self._lock:
            work.is_lost = not work.is_done
            self._lost += work.is_lost
            return work.is_lost


class _Work:
    __slots__ = ("args", "error", "function", "is_done", "is_lost", "kwargs", "latch", "result")

    def __init__(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:  # Any: its
        self.function = function
        self.args = args
        self.kwargs = kwargs
        self.result: Any = None  # Any: as the function says
        self.error: BaseException | None = None
        self.is_done = self.is_lost = False
        self.latch = Lock()
        self.latch.acquire()


def _called(function: Callable[..., object]) -> str:
    return getattr(function, "__qualname__", None) or type(function).__qualname__


run_with_deadline = DeadlineRunner().run

"""No more calls of one thing at a time than it, and those who wait for it, can bear."""

from __future__ import annotations

from threading import BoundedSemaphore

from .context import current
from .errors import RateLimited

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Any


class Bulkhead:
    """Lets `most` calls go on at once. Others wait for `wait` seconds at most, and no longer than there is time.

    Use it by `with`, or by `call`. Code in an event loop should not wait: leave `wait` at 0 there.
    """

    __slots__ = ("_message", "_permits", "_wait")

    def __init__(self, name: str, *, most: int = 10, wait: float = 0.0) -> None:
        """Raise ValueError for less than one call."""
        if most < 1:
            raise ValueError("at least one call has to be let through")
        self._message = f"{name}: {most} calls are going on already"
        self._permits = BoundedSemaphore(most)
        self._wait = wait

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # Any: those of the function
        """Call a function and return its result. Raises `RateLimited` where there is no place."""
        with self:
            return function(*args, **kwargs)

    def __enter__(self) -> None:
        """Take a place. Raises `RateLimited` where there is none."""
        wait = min(self._wait, current().remaining()) if self._wait else 0.0
        if not (self._permits.acquire(timeout=wait) if wait > 0 else self._permits.acquire(blocking=False)):
            raise RateLimited(self._message, 0.0)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._permits.release()

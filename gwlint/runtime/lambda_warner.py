"""A last word before Lambda ends an invocation."""

from __future__ import annotations

from contextvars import copy_context
from threading import Timer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Warner:
    """Calls something after some seconds, in the context it was made in, unless it is cancelled before."""

    __slots__ = ("_timer",)

    def __init__(self, seconds: float, call: Callable[[], object]) -> None:
        """Begin now."""
        self._timer = Timer(max(seconds, 0.0), copy_context().run, (call,))
        # It must not keep alive what is to be ended.
        self._timer.daemon = True
        self._timer.start()

    def cancel(self) -> None:
        """Let it be, unless it is being called already."""
        self._timer.cancel()

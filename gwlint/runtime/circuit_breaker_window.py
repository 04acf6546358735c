"""How the last calls went: so many of them, or those of so many seconds. Every call takes the same time to count."""

from __future__ import annotations

from collections import deque

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from .clock import Clock

    class Window(Protocol):
        """The last calls: how many there are, and how many of them have failed or were slow."""

        calls: int
        failed: int
        slow: int

        def add(self, failed: bool, slow: bool) -> None:
            """Count one more, and forget what is too old."""

        def clear(self) -> None:
            """Forget all of them."""

        def fresh(self, clock: Clock) -> Window:
            """Return an empty window of the same kind."""


_SLICES = 10


class _CountWindow:
    __slots__ = ("_last", "_size", "calls", "failed", "slow")

    def __init__(self, size: int) -> None:
        self._size = size
        self._last: deque[int] = deque()
        self.calls = self.failed = self.slow = 0

    def add(self, failed: bool, slow: bool) -> None:
        self._last.append(2 * failed + slow)
        self.failed += failed
        self.slow += slow
        if self.calls < self._size:
            self.calls += 1
            return
        oldest = self._last.popleft()
        if oldest:
            self.failed -= oldest >> 1
            self.slow -= oldest & 1

    def clear(self) -> None:
        self._last.clear()
        self.calls = self.failed = self.slow = 0

    def fresh(self, clock: Clock) -> Window:  # noqa: ARG002  it knows no time
        return _CountWindow(self._size)


class _TimeWindow:
    """Ten slices of time; the oldest goes as a whole. A clock that is set back only makes a slice longer."""

    __slots__ = ("_clock", "_ends", "_mono", "_seconds", "_slices", "_wall", "calls", "failed", "slow")

    def __init__(self, seconds: float, clock: Clock | None = None) -> None:
        self._seconds = seconds
        self._clock = clock
        self._slices: deque[list[int]] = deque([[0, 0, 0]], maxlen=_SLICES)
        self.calls = self.failed = self.slow = 0
        self._mono = self._wall = 0.0
        if clock is not None:
            self._mono, self._wall = clock.mono(), clock.wall()

    def add(self, failed: bool, slow: bool) -> None:
        self._move()
        now = self._slices[-1]
        now[0] += 1
        now[1] += failed
        now[2] += slow
        self.calls += 1
        self.failed += failed
        self.slow += slow

    def clear(self) -> None:
        self._slices.clear()
        self._slices.append([0, 0, 0])
        self.calls = self.failed = self.slow = 0

    def fresh(self, clock: Clock) -> Window:
        return _TimeWindow(self._seconds, clock)

    def _move(self) -> None:
        clock = self._clock
        if clock is None:
            return
        slice_seconds = self._seconds / _SLICES
        mono, wall = clock.mono(), clock.wall()
        elapsed = max(mono - self._mono, wall - self._wall)
        passed = int(elapsed / slice_seconds)
        if passed <= 0:
            return
        # A slice begins where the one before it ends, not when somebody calls.
        begun = elapsed - passed * slice_seconds
        self._mono, self._wall = mono - begun, wall - begun
        for _ in range(min(passed, _SLICES)):
            if len(self._slices) == _SLICES:
                calls, failed, slow = self._slices.popleft()
                self.calls -= calls
                self.failed -= failed
                self.slow -= slow
            self._slices.append([0, 0, 0])


def count(size: int) -> Window:
    """Return a window of the last so many calls. Raises ValueError where that is less than one."""
    if size < 1:
        raise ValueError("a window has at least one call")
    return _CountWindow(size)


def seconds(length: float) -> Window:
    """Return a window of the calls of the last so many seconds, give or take a tenth. Raises ValueError for none."""
    if length <= 0:
        raise ValueError("a window is longer than no time")
    return _TimeWindow(length)

"""Time by two clocks: an interval is over as soon as either of them says so.

While an environment is frozen its monotonic clock may stand still, and its wall clock may be set at any time. What has
to end sooner or later goes by both; a step back of the wall clock counts as no time.
"""

from __future__ import annotations

import time


class Clock:
    """The clocks of this machine, in seconds: `mono` since whenever, `wall` since 1970."""

    __slots__ = ()

    # Not methods: reading the time is part of operations that take less than a microsecond.
    mono = staticmethod(time.monotonic)
    wall = staticmethod(time.time)
    sleep = staticmethod(time.sleep)


class FakeClock(Clock):
    """Clocks for tests: they stand still unless told otherwise, and `sleep` moves both without waiting."""

    __slots__ = ("_mono", "_wall", "slept")

    def __init__(self, mono: float = 1000.0, wall: float = 1_700_000_000.0) -> None:
        self._mono = mono
        self._wall = wall
        self.slept: list[float] = []

    def mono(self) -> float:
        """Return the time of the monotonic clock."""
        return self._mono

    def wall(self) -> float:
        """Return the time of the wall clock."""
        return self._wall

    def sleep(self, seconds: float) -> None:  # type: ignore[override]  # a method in place of a function
        """Let time pass, and note that somebody has slept."""
        self.slept.append(seconds)
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Let time pass by both clocks."""
        self._mono += seconds
        self._wall += seconds

    def freeze(self, seconds: float) -> None:
        """Let time pass by the wall clock alone, as while an environment is frozen."""
        self._wall += seconds

    def step(self, seconds: float) -> None:
        """Set the wall clock, forth or back, while no time passes."""
        self._wall += seconds


class Since:
    """How long something has been: by the clock that says more, and never less than nothing."""

    __slots__ = ("_clock", "_mono", "_wall")

    def __init__(self, clock: Clock) -> None:
        """Begin now."""
        self._clock = clock
        self._mono = clock.mono()
        self._wall = clock.wall()

    def elapsed(self) -> float:
        """Return how many seconds it has been."""
        clock = self._clock
        return max(clock.mono() - self._mono, clock.wall() - self._wall, 0.0)


class Until:
    """An end, some seconds from now: it is reached when either clock says so."""

    __slots__ = ("_clock", "_mono", "_wall")

    def __init__(self, clock: Clock, seconds: float) -> None:
        """Begin now."""
        self._clock = clock
        self._mono = clock.mono() + seconds
        self._wall = clock.wall() + seconds

    def is_over(self) -> bool:
        """Tell whether the end is reached."""
        return self.remaining() <= 0

    def remaining(self) -> float:
        """Return how many seconds there are left, by the clock that leaves fewer; less than nothing afterwards."""
        clock = self._clock
        return min(self._mono - clock.mono(), self._wall - clock.wall())


CLOCK = Clock()
"""What everything goes by that is given no other clock."""

"""How long each phase of a request may take: no longer than it may itself, and than there is time left."""

from __future__ import annotations

from .clock import Clock, Until
from .context import current
from .errors import DeadlineExceeded
from .http_client_errors import TransportError


class Timeouts:
    """Seconds for each phase of a request, and for all of it: `total`, retries and pauses included.

    `connect` is also how long a handshake may take, `headers` is until those of the answer are there, and `read` until
    some more of its body is. Looking up a name can't be cut short: it takes as long as the system lets it.
    """

    __slots__ = ("connect", "headers", "read", "total", "write")

    def __init__(
        self,
        *,
        connect: float = 5.0,
        write: float = 10.0,
        headers: float = 30.0,
        read: float = 10.0,
        total: float | None = None,
    ) -> None:
        """Raise ValueError for what is no time."""
        self.connect = connect
        self.write = write
        self.headers = headers
        self.read = read
        self.total = float("inf") if total is None else total
        if not (all(0 < one < 1e6 for one in (connect, write, headers, read)) and self.total > 0):
            raise ValueError("timeouts are more than 0 seconds, and less than a million")


class Limits:
    """The time that one request has left, all in all and for the phase that it is in."""

    __slots__ = ("_clock", "_phase", "_phase_until", "_timeouts", "until")

    def __init__(self, timeouts: Timeouts, clock: Clock) -> None:
        """Begin now. There is no more time than the invocation has."""
        self._timeouts = timeouts
        self._clock = clock
        self.until = Until(clock, min(timeouts.total, current().remaining()))
        self._phase = ""
        self._phase_until = self.until

    def begin(self, phase: str) -> None:
        """Enter a phase, by its name in `Timeouts`."""
        self._phase = phase
        self._phase_until = Until(self._clock, getattr(self._timeouts, phase))

    def left(self) -> float:
        """Return how many seconds there are, of this phase as well. Raises as `error` says where there are none."""
        left = min(self.until.remaining(), self._phase_until.remaining())
        if left <= 0:
            raise self.error()
        return left

    def error(self) -> DeadlineExceeded | TransportError:
        """Return what to raise where time is over."""
        # A socket may give up a moment before the clock says so.
        if self.until.remaining() <= min(0.001, self._phase_until.remaining()):
            return DeadlineExceeded(f"there is no time left for the request, in the phase {self._phase!r}")
        seconds = getattr(self._timeouts, self._phase)
        is_unsent = self._phase == "connect"
        return TransportError(
            f"the phase {self._phase!r} took more than {seconds:g} s", is_unsent=is_unsent, is_timeout=True
        )

"""What is known of the invocation that is going on: its id, its trace, who asks, and how much time is left.

It is kept per thread and per task of an event loop: several invocations may go on at once in one process.
"""

from __future__ import annotations

from contextvars import ContextVar, Token

from .clock import CLOCK, Clock, Until

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType


class Context:
    """One invocation. It does not change: `having` makes another one.

    `request_id` is the one of AWS, `correlation_id` the one of the caller. `trace_id` is the header `X-Amzn-Trace-Id`,
    or whatever the trace is propagated by. `principal` is who asks, once that is known. `fields` are what the logger
    adds to every line. `kept` is what lives as long as the invocation, shared by contexts that are made of this one.
    `until` is when the time is over, None where nothing limits it.
    """

    __slots__ = (
        "cold_start",
        "correlation_id",
        "fields",
        "function_arn",
        "function_name",
        "kept",
        "memory_mb",
        "principal",
        "request_id",
        "trace_id",
        "until",
    )

    def __init__(
        self,
        *,
        request_id: str = "",
        function_name: str = "",
        function_arn: str = "",
        memory_mb: int = 0,
        correlation_id: str = "",
        trace_id: str = "",
        principal: str = "",
        cold_start: bool = False,
        fields: Mapping[str, object] | None = None,
        kept: dict[object, object] | None = None,
        until: Until | None = None,
    ) -> None:
        self.request_id = request_id
        self.function_name = function_name
        self.function_arn = function_arn
        self.memory_mb = memory_mb
        self.correlation_id = correlation_id
        self.trace_id = trace_id
        self.principal = principal
        self.cold_start = cold_start
        self.fields: Mapping[str, object] = fields or {}
        self.kept: dict[object, object] = {} if kept is None else kept
        self.until = until

    def having(self, **changes: object) -> Context:
        """Return a context that differs in some of the attributes. Raises TypeError where there is no such one."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return Context(**{**values, **changes})

    def remaining(self) -> float:
        """Return how many seconds there are left; infinity where nothing limits them."""
        return float("inf") if self.until is None else self.until.remaining()


class Entered:
    """A context that holds inside of a `with`."""

    __slots__ = ("_context", "_token")

    def __init__(self, context: Context) -> None:
        self._context = context
        self._token: Token[Context] | None = None

    def __enter__(self) -> Context:
        self._token = _current.set(self._context)
        return self._context

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._token is not None:
            _current.reset(self._token)
            self._token = None


NOTHING = Context()
"""What holds where no invocation is going on."""

_current: ContextVar[Context] = ContextVar("gateway_context", default=NOTHING)


def current() -> Context:
    """Return the context that holds here."""
    return _current.get()


def entered(context: Context) -> Entered:
    """Let a context hold inside of a `with`."""
    return Entered(context)


def limited(seconds: float, clock: Clock = CLOCK) -> Entered:
    """Let there be no more than some seconds inside of a `with`, and no more than there are anyway."""
    here = current()
    return Entered(here.having(until=Until(clock, min(seconds, here.remaining()))))

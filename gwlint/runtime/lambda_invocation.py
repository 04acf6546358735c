"""One invocation from its beginning to its end: what is known of it, what is told of errors, and what ends with it."""

from __future__ import annotations

import os
from functools import partial, wraps

from .clock import CLOCK, Clock, Until
from .context import Context, current, entered
from .lambda_events import HTTP_KINDS, kind_of
from .lambda_report import report
from .lambda_response import Response, answer_to
from .lambda_warner import Warner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    Handler = Callable[[Any, Any], Any]  # Any: events, contexts of Lambda, and whatever is returned

_COLD = ("", "on-demand")
_CORRELATION = ("x-correlation-id", "x-request-id")
_TRACE = "x-amzn-trace-id"
_first = [True]


def handler(
    *,
    service: str = "",
    guard: Callable[[Handler], Handler] | None = None,
    timeout_margin: float = 0.5,
    on_timeout: Callable[[], object] | None = None,
    on_error: Callable[[Exception], object] | None = None,
    after: Iterable[Callable[[], object]] = (),
    environ: Mapping[str, str] | None = None,
    clock: Clock = CLOCK,
) -> Callable[[Handler], Handler]:
    """Return a decorator for what Lambda calls with an event and its own context.

    While it runs, the context of the gateways tells of the invocation; its time is over `timeout_margin` seconds before
    Lambda ends it, and `on_timeout` is called then, in another thread. `guard` stands before the function, as
    `security.guard` makes it. What is raised for a request over HTTP is answered with what may be told of it, and given
    to `on_error`, or else to the standard library's logging where it was not foreseen; for other events it is raised.
    In the end, what was made for the invocation is closed, and each of `after` is called: what these raise is logged.
    """
    last = tuple(after)

    def decorate(function: Handler) -> Handler:
        guarded = function if guard is None else guard(function)

        @wraps(function)
        def invoked(event: Any, context: Any = None) -> Any:  # Any: as Lambda calls it
            known = _context(event, context, os.environ if environ is None else environ, service, timeout_margin, clock)
            with entered(known):
                warner = None if on_timeout is None or known.until is None else Warner(known.remaining(), on_timeout)
                try:
                    return _answer(guarded, event, context, on_error)
                finally:
                    if warner is not None:
                        warner.cancel()
                    _end(known, last)

        return invoked

    return decorate


def _answer(function: Handler, event: Any, context: Any, on_error: Callable[[Exception], object] | None) -> Any:
    kind = kind_of(event)
    try:
        result = function(event, context)
        return result.rendered(kind, event) if isinstance(result, Response) else result
    except Exception as error:
        if kind not in HTTP_KINDS:
            raise
        answer = answer_to(error, current().request_id)
        if on_error is not None:
            _quietly(partial(on_error, error))
        elif answer.status >= 500:
            report("a request could not be answered", error)
        return answer.rendered(kind, event)


def _context(
    event: object, context: object, environ: Mapping[str, str], service: str, margin: float, clock: Clock
) -> Context:
    request_id = _text(context, "aws_request_id")
    headers = _headers(event)
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    return Context(
        request_id=request_id,
        function_name=_text(context, "function_name"),
        function_arn=_text(context, "invoked_function_arn"),
        memory_mb=_number(getattr(context, "memory_limit_in_mb", 0)),
        correlation_id=next((headers[name] for name in _CORRELATION if name in headers), request_id),
        trace_id=environ.get("_X_AMZN_TRACE_ID") or headers.get(_TRACE, ""),
        cold_start=_is_first() and environ.get("AWS_LAMBDA_INITIALIZATION_TYPE", "") in _COLD,
        fields={"service": service} if service else None,
        until=Until(clock, max(remaining() / 1000 - margin, 0.0)) if callable(remaining) else None,
    )


def _headers(event: object) -> dict[str, str]:
    headers = event.get("headers") if isinstance(event, dict) else None
    found = headers.items() if isinstance(headers, dict) else ()
    named = {str(name).lower(): value for name, value in found if isinstance(value, str)}
    if _TRACE not in named and isinstance(event, dict):
        records = event.get("Records")
        about = records[0].get("attributes") if isinstance(records, list) and len(records) == 1 else None
        if isinstance(about, dict) and isinstance(about.get("AWSTraceHeader"), str):
            named[_TRACE] = about["AWSTraceHeader"]
    return named


def _is_first() -> bool:
    # In one step, as several invocations may begin at once.
    try:
        return _first.pop()
    except IndexError:
        return False


def _text(context: object, name: str) -> str:
    value = getattr(context, name, "")
    return value if isinstance(value, str) else ""


def _number(value: object) -> int:
    return int(value) if isinstance(value, (int, str)) and str(value).isdecimal() else 0


def _end(context: Context, last: tuple[Callable[[], object], ...]) -> None:
    for owner in list(context.kept):
        release = getattr(owner, "release", None)
        if callable(release):
            _quietly(release)
    for one in last:
        _quietly(one)


def _quietly(call: Callable[[], object]) -> None:
    try:
        call()
    except Exception as error:
        report("an invocation could not be ended in full", error)

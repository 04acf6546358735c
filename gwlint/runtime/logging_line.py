"""How a line looks: as JSON with the keys of Lambda's runtime or of Powertools, or as text like the runtime's."""

from __future__ import annotations

from json.encoder import encode_basestring

from .context import NOTHING, Context, current
from .json_encoder import make_encoder
from .logging_levels import name_of
from .logging_plain import DEEPEST, Plain, as_json, cut

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import FrameType

    Redact = Callable[[object], object]

JSON = "json"
POWERTOOLS = "powertools"
TEXT = "text"
FORMATS = (JSON, POWERTOOLS, TEXT)

_WITHHELD = "<withheld: it could not be redacted>"
_LONGEST_OWN = 256
_MOST_FRAMES = 64
_ENVELOPE_BYTES = 512
_ALWAYS = ("timestamp", "level", "message", "log_error", "repeated")
_OWN = {
    JSON: frozenset(
        {
            *_ALWAYS,
            "logger",
            "requestId",
            "correlationId",
            "traceId",
            "stackTrace",
            "errorType",
            "errorMessage",
            "location",
        }
    ),
    POWERTOOLS: frozenset(
        {
            *_ALWAYS,
            "location",
            "service",
            "cold_start",
            "function_name",
            "function_memory_size",
            "function_arn",
            "function_request_id",
            "correlation_id",
            "xray_trace_id",
            "exception",
            "exception_name",
        }
    ),
}
_OWN[TEXT] = _OWN[JSON]


class _Tail:
    """What is the same in all lines of an invocation, and the names of members that are taken."""

    __slots__ = ("context", "request_id", "taken", "text")

    def __init__(self, context: Context | None, request_id: str, text: str, taken: frozenset[str]) -> None:
        self.context = context
        self.request_id = request_id
        self.text = text
        self.taken = taken


class Lines:
    """Lines of one logger. Each comes in two parts, with the time of day to be put between them."""

    __slots__ = ("_bound", "_encode", "_format", "_max_bytes", "_name", "_own", "_redact", "_tail")

    def __init__(
        self, name: str, form: str, redact: Redact | None, max_bytes: int, bound: Mapping[str, object]
    ) -> None:
        self._name = name[:_LONGEST_OWN]
        self._format = form
        self._redact = redact
        self._max_bytes = max_bytes
        self._bound = bound
        self._own = _OWN[form]
        self._encode = make_encoder(self._known, ensure_ascii=False)
        self._tail = _Tail(None, "", "", self._own)

    def having(self, fields: Mapping[str, object]) -> Lines:
        """Return the lines of a logger that adds some fields to each."""
        return Lines(self._name, self._format, self._redact, self._max_bytes, {**self._bound, **fields})

    def named(self, name: str) -> Lines:
        """Return the lines of a logger with another name: of a module, as that of Powertools names a service."""
        called = self._name if self._format == POWERTOOLS else name
        return Lines(called, self._format, self._redact, self._max_bytes, self._bound)

    def of(
        self, level: int, message: object, fields: dict[str, object], details: dict[str, object] | None = None
    ) -> tuple[str, str]:
        """Return a line. `details` are members whose names are the logger's own. Never raises."""
        context = current()
        name = name_of(level)
        try:
            parts = self._quick(context, name, message, fields, details)
        except Exception:
            parts = None
        if parts is not None:
            return parts
        try:
            return self._careful(context, name, message, fields, details)
        except Exception as error:
            said = encode_basestring(message) if type(message) is str and self._redact is None else '""'
            return self._assembled(name, "", said, f',"log_error":"no line: {type(error).__name__}"')

    def details(self, error: BaseException | None, place: FrameType | tuple[str, str, int]) -> dict[str, object]:
        """Return what a line says of an exception, and of the place in the code that it comes from."""
        if not isinstance(place, tuple):
            place = (place.f_code.co_filename, place.f_code.co_name, place.f_lineno)
        path, function, number = place
        if self._format == POWERTOOLS:
            return {"location": f"{function}:{number}", **(_exception(error) if error is not None else {})}
        return {**_error(error), "location": f"{path}:{function}:{number}"} if error is not None else {}

    @property
    def is_placed(self) -> bool:
        """Whether every line says where in the code it comes from."""
        return self._format == POWERTOOLS

    def _quick(
        self,
        context: Context,
        level: str,
        message: object,
        fields: dict[str, object],
        details: dict[str, object] | None,
    ) -> tuple[str, str] | None:
        """Return a line; None, or whatever is raised by what it is made of, where that takes more care."""
        tail = self._tail
        if tail.context is not context:
            tail = self._tail = self._made_tail(context)
        if type(message) is not str or not tail.taken.isdisjoint(fields):
            return None
        members = {**fields, **details} if details else fields
        redact = self._redact
        if redact is not None:
            shown = redact({**members, "message": message})
            if type(shown) is not dict:
                return None
            message = shown.pop("message")
            if type(message) is not str:
                return None
            members = shown
        inner = f"{tail.text},{self._encode(members)[1:-1]}" if members else tail.text
        if inner.count("{") + inner.count("[") > DEEPEST:
            # Perhaps there are too many within each other; how many there may be for the encoder differs by version.
            return None
        prefix, rest = self._assembled(level, tail.request_id, encode_basestring(message), inner)
        size = len(rest) if rest.isascii() else len(rest.encode())
        return (prefix, rest) if size + 64 <= self._max_bytes else None

    def _careful(
        self,
        context: Context,
        level: str,
        message: object,
        fields: dict[str, object],
        details: Mapping[str, object] | None,
    ) -> tuple[str, str]:
        """Return a line of anything, which says in `log_error` what could not be written as it is."""
        plain = Plain()
        members: dict[str, object] = {}
        for name, value in {**context.fields, **self._bound, **fields}.items():
            called = plain.text(name)
            while called in self._own or called in members:
                called += "_field"
            members[called] = value
        shown = self._redacted(plain.of({**members, **(details or {}), "message": message}), plain)
        own = self._own_of(context)
        problems = plain.problems
        encode = make_encoder(ensure_ascii=False)
        room = self._max_bytes - _ENVELOPE_BYTES - len(encode(own).encode("utf-8", "replace"))
        text = encode(shown)
        size = len(text.encode("utf-8", "replace"))
        if size > room:
            problems[f"cut, from {size} bytes"] = None
            # The message matters most: half of it all is there for that, and what that does not need for the others.
            message = cut({"message": shown.pop("message", "")}, room // 2, encode)
            shown = {**message, **cut(shown, room - len(encode(message).encode("utf-8", "replace")), encode)}
        said = shown.pop("message", "")
        if problems:
            own["log_error"] = "; ".join(problems)
        inner = "".join(f",{encode(part)[1:-1]}" for part in (own, shown) if part)
        prefix, rest = self._assembled(level, context.request_id, encode(said), inner)
        return prefix, rest.encode("utf-8", "replace").decode()

    def _redacted(self, members: object, plain: Plain) -> dict[str, object]:
        shown: object = members
        if self._redact is not None:
            try:
                shown = plain.of(self._redact(members))
            except Exception as error:
                plain.problems[f"redaction failed: {type(error).__name__}"] = None
                shown = {"message": _WITHHELD}
        # A secret must not come to light because it was not found.
        return shown if type(shown) is dict else {"message": _WITHHELD}

    def _known(self, value: object) -> object:
        """Return what to write in place of something that JSON knows nothing of."""
        made = as_json(value)
        return made if self._redact is None else self._redact(made)

    def _made_tail(self, context: Context) -> _Tail:
        fields = {**context.fields, **self._bound}
        if not self._own.isdisjoint(fields):
            raise ValueError("a field is called like one of the logger's own")
        shown: object = fields if self._redact is None or not fields else self._redact(fields)
        if type(shown) is not dict:
            raise TypeError("what is redacted is no longer a dictionary")
        text = "".join(f",{self._encode(part)[1:-1]}" for part in (self._own_of(context), shown) if part)
        return _Tail(context, context.request_id, text, self._own.union(fields))

    def _own_of(self, context: Context) -> dict[str, object]:
        correlation: object = context.correlation_id[:_LONGEST_OWN]
        if correlation and self._redact is not None:
            # Who calls may have put anything there.
            try:
                correlation = self._redact(correlation)
            except Exception:
                correlation = _WITHHELD
        trace = trace_root(context.trace_id)[:_LONGEST_OWN]
        request = context.request_id[:_LONGEST_OWN]
        if self._format == POWERTOOLS:
            own = {
                "service": self._name or "service_undefined",
                "function_name": context.function_name,
                "function_memory_size": context.memory_mb or "",
                "function_arn": context.function_arn,
                "function_request_id": request,
                "correlation_id": correlation,
                "xray_trace_id": trace,
                "cold_start": context.cold_start if context is not NOTHING else "",
            }
        else:
            own = {"logger": self._name, "correlationId": correlation, "traceId": trace}
            if self._format == JSON:
                own["requestId"] = request
        return {name: value for name, value in own.items() if value != ""}

    def _assembled(self, level: str, request_id: str, message: str, inner: str) -> tuple[str, str]:
        if self._format == TEXT:
            # Still without its line ends, which would make another line of what follows.
            said = message[1:-1].replace('\\"', '"') if message.startswith('"') else message
            members = f"\t{{{inner[1:]}}}" if inner else ""
            return f"[{level}]\t", f"\t{request_id}\t{said}{members}\n"
        return '{"timestamp":"', f'","level":"{level}","message":{message}{inner}}}\n'


def trace_root(trace: str) -> str:
    """Return the part of a trace that is the same in all services: of X-Ray's header, or W3C's."""
    if trace.startswith("Root="):
        return trace[5:].split(";", 1)[0]
    if ";Root=" in trace:
        return trace.split(";Root=", 1)[1].split(";", 1)[0]
    parts = trace.split("-")
    return parts[1] if len(parts) == 4 and len(parts[1]) == 32 else trace


def _error(error: BaseException) -> dict[str, object]:
    from traceback import format_tb

    return {
        "stackTrace": format_tb(error.__traceback__, limit=-_MOST_FRAMES),
        "errorType": type(error).__name__,
        "errorMessage": Plain().text(error),
    }


def _exception(error: BaseException) -> dict[str, object]:
    from traceback import format_exception

    # Neither its text nor that of its causes needs to be one that can be had.
    text = "".join(format_exception(type(error), error, error.__traceback__, limit=-_MOST_FRAMES))
    return {"exception": text, "exception_name": type(error).__name__}

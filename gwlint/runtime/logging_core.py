"""Loggers: what may be logged, of which invocation, and what is held until something goes wrong."""

from __future__ import annotations

import os
import sys
from binascii import crc32
from collections import deque

from .clock import CLOCK, Clock
from .context import Context, current
from .logging_levels import AUDIT, CRITICAL, DEBUG, ERROR, INFO, WARNING, number_of
from .logging_line import FORMATS, JSON, POWERTOOLS, TEXT, Lines, trace_root
from .logging_sink import Sink, flush

__all__ = ["Logger", "flush"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import FrameType
    from typing import Literal

    from .logging_budget import Budget

    Format = Literal["json", "powertools", "text"]

MOST_BYTES = 1024 * 1024
_LEAST_BYTES = 16 * 1024
# Of calls between somebody who logs and the function that looks who that is.
_DEPTH = 4


class Logger:
    """A logger. Nothing that is done with it raises because of what is logged, and what is logged is never lost.

    What can't be written as it is comes as near to it as can be, and the line says so in `log_error`. A line is one
    write, and has at most `max_bytes` bytes. `format` is `json`, with the keys of Lambda's runtime, `powertools`, with
    those of Powertools, or `text`; `level` and `format` are taken from `AWS_LAMBDA_LOG_LEVEL` and
    `AWS_LAMBDA_LOG_FORMAT` where nothing else is said. Every line has the fields of the context, and those bound.

    `redact` returns what may be seen of an object; True is what the gateway to security does, False nothing.
    `sample_rate` is the share of traces, or else of requests, whose lines of any level are written. `buffer_bytes` of
    lines beneath the level are held for each invocation, and written before a first line of `ERROR` or above. A line
    that is as another of the last `dedup` seconds is counted instead, and comes once more with `repeated`.
    """

    __slots__ = (
        "_buffer_bytes",
        "_chosen",
        "_held",
        "_level",
        "_lines",
        "_lowest",
        "_sample_rate",
        "_sink",
    )

    def __init__(
        self,
        name: str = "",
        *,
        level: str | int | None = None,
        format: Format | None = None,  # noqa: A002  as everybody calls it
        fields: Mapping[str, object] | None = None,
        redact: Callable[[object], object] | bool = True,
        sample_rate: float = 0.0,
        buffer_bytes: int = 0,
        budget: Budget | None = None,
        dedup: float = 0.0,
        max_bytes: int = 256 * 1024,
        write: Callable[[str], object] | None = None,
        clock: Clock = CLOCK,
        env: Mapping[str, str] = os.environ,
    ) -> None:
        """Raise ValueError for levels and formats that there are not, and limits that are none."""
        form = format or (TEXT if env.get("AWS_LAMBDA_LOG_FORMAT", "").lower() == TEXT else JSON)
        if form not in FORMATS:
            raise ValueError(f"a format is one of {', '.join(FORMATS)}, not {form!r}")
        if not 0 <= sample_rate <= 1 or buffer_bytes < 0 or dedup < 0:
            raise ValueError("sample_rate is from 0 to 1, buffer_bytes and dedup are at least 0")
        if not _LEAST_BYTES <= max_bytes <= MOST_BYTES:
            raise ValueError(f"max_bytes is from {_LEAST_BYTES} to {MOST_BYTES}")
        self._level = _level_of(env) if level is None else number_of(level)
        self._sample_rate = sample_rate
        self._buffer_bytes = buffer_bytes
        self._lowest = 0 if sample_rate or buffer_bytes else self._level
        made = None if redact is False else _redacted if redact is True else redact
        self._lines = Lines(name, form, made, max_bytes, dict(fields or {}))
        self._sink = Sink(write, budget, dedup, form != POWERTOOLS, clock)
        self._chosen: tuple[Context | None, bool] = (None, False)
        # What is held for each invocation is found by this.
        self._held = object()

    def debug(self, msg: object, /, **fields: object) -> None:
        """Log what helps to find a mistake."""
        if self._lowest <= DEBUG:
            self._log(DEBUG, msg, fields)

    def info(self, msg: object, /, **fields: object) -> None:
        """Log what happens."""
        if self._lowest <= INFO:
            self._log(INFO, msg, fields)

    def warning(self, msg: object, /, **fields: object) -> None:
        """Log what may be wrong."""
        if self._lowest <= WARNING:
            self._log(WARNING, msg, fields)

    def error(self, msg: object, /, **fields: object) -> None:
        """Log what is wrong; with the exception, or the one that is handled, as `exc_info`."""
        if self._lowest <= ERROR:
            self._log(ERROR, msg, fields)

    def exception(self, msg: object, /, **fields: object) -> None:
        """Log what is wrong, with the exception that is handled."""
        if self._lowest <= ERROR:
            self._log(ERROR, msg, {"exc_info": True, **fields})

    def critical(self, msg: object, /, **fields: object) -> None:
        """Log what lets nothing go on."""
        if self._lowest <= CRITICAL:
            self._log(CRITICAL, msg, fields)

    def audit(self, msg: object, /, **fields: object) -> None:
        """Log what has to be known later on, whatever the level, the sampling and the budget."""
        self._log(AUDIT, msg, fields)

    def log(self, level: str | int, msg: object, /, **fields: object) -> None:
        """Log something as grave as is said."""
        self._log(_number_or_error(level), msg, fields)

    def is_enabled_for(self, level: str | int) -> bool:
        """Tell whether lines of a level are written, or held, in the invocation that is going on."""
        number = _number_or_error(level)
        return number >= self._level or bool(self._buffer_bytes) or self._is_sampled(current())

    def bind(self, **fields: object) -> Logger:
        """Return a logger with some more fields, that is like this one in all else."""
        bound = Logger.__new__(Logger)
        for name in self.__slots__:
            setattr(bound, name, getattr(self, name))
        bound._lines = self._lines.having(fields)
        return bound

    def set_level(self, level: str | int) -> None:
        """Write lines from this level on. Raises ValueError for one that there is not."""
        self._level = number_of(level)
        self._lowest = 0 if self._sample_rate or self._buffer_bytes else self._level

    @property
    def lost(self) -> int:
        """How many lines could not be written to where they should go."""
        return self._sink.lost

    def flush(self) -> None:
        """Write how often lines have repeated so far."""
        self._sink.flush()

    def flush_buffer(self) -> None:
        """Write what is held for the invocation that is going on."""
        held = current().kept.pop(self._held, None)
        if isinstance(held, _Held):
            with self._sink.lock:
                lines = held.taken()
            for line in lines:
                self._sink.out(line)

    def _log(
        self,
        level: int,
        msg: object,
        fields: dict[str, object],
        error: BaseException | None = None,
        place: tuple[str, str, int] | None = None,
    ) -> None:
        try:
            is_held = level < self._level and level < AUDIT and not self._is_sampled(current())
            if is_held and not self._buffer_bytes:
                return
            parts = self._parts(level, msg, fields, error, place)
            if is_held:
                self._hold(self._sink.stamped(parts))
                return
            if level >= ERROR and self._buffer_bytes:
                self.flush_buffer()
            self._sink.put(level, parts, self._shed)
        except Exception:
            # Nothing of it is known to raise; the invocation must not fail because of what is not known.
            self._sink.lost += 1

    def _parts(
        self,
        level: int,
        msg: object,
        fields: dict[str, object],
        error: BaseException | None,
        place: tuple[str, str, int] | None,
    ) -> tuple[str, str]:
        lines = self._lines
        if "exc_info" in fields:
            error = _exception_of(fields.pop("exc_info"))
        if error is None and not lines.is_placed:
            return lines.of(level, msg, fields)
        return lines.of(level, msg, fields, lines.details(error, place or _caller()))

    def _named(self, name: str) -> Logger:
        """Return a logger that is like this one but for its name, as far as that is written."""
        named = self.bind()
        named._lines = self._lines.named(name)
        return named

    def _shed(self, shed: dict[str, int]) -> tuple[str, str]:
        return self._lines.of(WARNING, "lines are shed: the log budget is used up", {"shed": shed})

    def _is_sampled(self, context: Context) -> bool:
        """Tell whether everything is written of an invocation: the same in every function that a trace goes through."""
        if not self._sample_rate:
            return False
        known, is_chosen = self._chosen
        if known is not context:
            what = trace_root(context.trace_id) or context.request_id
            is_chosen = bool(what) and crc32(what.encode("utf-8", "replace")) < self._sample_rate * 2**32
            self._chosen = (context, is_chosen)
        return is_chosen

    def _hold(self, line: str) -> None:
        held = current().kept.setdefault(self._held, _Held(self._buffer_bytes))
        if isinstance(held, _Held):
            with self._sink.lock:
                held.add(line)


class _Held:
    """The last lines of an invocation, up to so many bytes."""

    __slots__ = ("_bytes", "_lines", "_most")

    def __init__(self, most: int) -> None:
        self._lines: deque[tuple[str, int]] = deque()
        self._bytes = 0
        self._most = most

    def add(self, line: str) -> None:
        """Hold a line, and forget the oldest ones where they become too many."""
        size = len(line) if line.isascii() else len(line.encode())
        self._lines.append((line, size))
        self._bytes += size
        while self._bytes > self._most:
            self._bytes -= self._lines.popleft()[1]

    def taken(self) -> list[str]:
        """Return the lines."""
        return [line for line, _ in self._lines]


def _redacted(value: object) -> object:
    from . import security

    return security.redact(value)


def _level_of(env: Mapping[str, str]) -> int:
    try:
        return number_of(env.get("AWS_LAMBDA_LOG_LEVEL") or "INFO")
    except ValueError:
        return INFO


def _number_or_error(level: str | int) -> int:
    try:
        return number_of(level)
    except ValueError:
        # It is not lost because its level is not known.
        return ERROR


def _exception_of(given: object) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return given[1] if len(given) == 3 and isinstance(given[1], BaseException) else None
    return sys.exc_info()[1] if given else None


def _caller() -> FrameType | tuple[str, str, int]:
    """Return who has asked for a line: past the functions here."""
    try:
        return sys._getframe(_DEPTH)
    except ValueError:
        return ("", "", 0)

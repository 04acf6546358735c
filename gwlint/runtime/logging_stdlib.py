"""The standard library's logging, by lines of ours: a handler for its loggers, a formatter for its handlers."""

from __future__ import annotations

import logging

from .logging_plain import Plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .logging_core import Logger

_MOST_NAMES = 256
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {
    "message",
    "asctime",
    "taskName",
    # What Lambda's runtime adds for itself.
    "aws_request_id",
    "tenant_id",
    "_frame_type",
}


class GatewayHandler(logging.Handler):
    """Writes records as lines of a logger, whose level, sampling, buffer and budget hold for them, too."""

    def __init__(self, logger: Logger) -> None:
        super().__init__()
        self._logger = logger
        self._loggers = _Loggers(logger)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        self._loggers.of(record)._log(record.levelno, _message(record), _fields(record), _error(record), _place(record))

    def flush(self) -> None:
        """Write how often lines have repeated so far."""
        self._logger.flush()


class GatewayFormatter(logging.Formatter):
    """Makes lines of a logger, without their ends, as for the handler that Lambda's runtime has."""

    def __init__(self, logger: Logger) -> None:
        super().__init__()
        self._loggers = _Loggers(logger)

    def format(self, record: logging.LogRecord) -> str:
        """Return a line."""
        logger = self._loggers.of(record)
        parts = logger._parts(record.levelno, _message(record), _fields(record), _error(record), _place(record))
        return logger._sink.stamped(parts, record.created).rstrip("\n")


class _Loggers:
    """A logger under the names of those of the standard library. There is one for each of the first ones."""

    __slots__ = ("_logger", "_named")

    def __init__(self, logger: Logger) -> None:
        self._logger = logger
        self._named: dict[str, Logger] = {"root": logger}

    def of(self, record: logging.LogRecord) -> Logger:
        named = self._named.get(record.name)
        if named is None:
            named = self._logger._named(record.name)
            if len(self._named) < _MOST_NAMES:
                self._named[record.name] = named
        return named


def _message(record: logging.LogRecord) -> object:
    if not record.args:
        return record.msg
    try:
        return record.getMessage()
    except Exception:
        # Arguments that don't fit, or have no text.
        plain = Plain()
        return f"{plain.text(record.msg)} {plain.text(plain.of(record.args))}"


def _fields(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in record.__dict__.items() if name not in _STANDARD}


def _error(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if record.exc_info else None


def _place(record: logging.LogRecord) -> tuple[str, str, int]:
    return (record.pathname, record.funcName or "", record.lineno)

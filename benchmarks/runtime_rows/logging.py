"""A line with two more fields, and one that is filtered."""

import io
import json
import logging
import time
from collections.abc import Callable
from importlib import import_module

from gwlint.runtime.context import Context, entered
from gwlint.runtime.logging import Logger

_REQUEST = "79b4f56e-95b1-4643-9700-2807f4e68189"
_TRACE = "1-5759e988-bd862e3fe1be46a994272793"


def floor_line() -> Callable[[], object]:
    """Return what makes JSON of a line and writes it, and does nothing else."""
    write = _rewriting()

    def run() -> None:
        line = {
            "timestamp": time.time(),
            "level": "INFO",
            "message": "order placed",
            "logger": "orders",
            "traceId": _TRACE,
            "requestId": _REQUEST,
            "order": 17,
            "total": 9.5,
        }
        write(f"{json.dumps(line)}\n")

    return run


def ours_line() -> Callable[[], object]:
    """Return a line that is not redacted."""
    return _line_of(Logger("orders", redact=False, write=_rewriting(), env={}))


def ours_line_redacted() -> Callable[[], object]:
    """Return a line that is redacted by the gateway to security."""
    return _line_of(Logger("orders", write=_rewriting(), env={}))


def ours_filtered() -> Callable[[], object]:
    """Return a line beneath the level."""
    logger = Logger("orders", redact=False, write=_rewriting(), env={})
    return lambda: logger.debug("order placed", order=17, total=9.5)


def powertools_line() -> Callable[[], object]:
    """Return the same, by Powertools."""
    other = import_module("aws_lambda_powertools").Logger(service="orders", stream=_stream())
    return lambda: other.info("order placed", order=17, total=9.5)


def structlog_line() -> Callable[[], object]:
    """Return the same, by structlog."""
    structlog = import_module("structlog")
    other = structlog.wrap_logger(
        structlog.PrintLogger(_stream()),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(20),
    ).bind(requestId=_REQUEST, traceId=_TRACE)
    return lambda: other.info("order placed", order=17, total=9.5)


def json_logger_line() -> Callable[[], object]:
    """Return the same, by python-json-logger."""
    return _standard_line(import_module("pythonjsonlogger.json").JsonFormatter("%(asctime)s %(levelname)s %(message)s"))


def runtime_line() -> Callable[[], object]:
    """Return the same, by the formatter of Lambda's runtime."""
    return _standard_line(import_module("awslambdaric.lambda_runtime_log_utils").JsonFormatter())


def standard_line() -> Callable[[], object]:
    """Return the same as text, by the standard library."""
    return _standard_line(logging.Formatter("%(asctime)s %(levelname)s %(message)s %(order)s %(total)s"))


def _line_of(logger: Logger) -> Callable[[], object]:
    context = Context(request_id=_REQUEST, trace_id=f"Root={_TRACE};Parent=53995c3f42cd8ad8;Sampled=1")

    def run() -> None:
        logger.info("order placed", order=17, total=9.5)

    entered(context).__enter__()
    return run


def _standard_line(formatter: logging.Formatter) -> Callable[[], object]:
    handler = logging.StreamHandler(_stream())
    handler.setFormatter(formatter)
    logger = logging.Logger("orders", logging.INFO)
    logger.addHandler(handler)
    return lambda: logger.info("order placed", extra={"order": 17, "total": 9.5})


class _Rewinding(io.StringIO):
    """A stream that holds no more than the last line."""

    def write(self, text: str) -> int:
        self.seek(0)
        return super().write(text)


def _stream() -> io.StringIO:
    return _Rewinding()


def _rewriting() -> Callable[[str], object]:
    return _stream().write

"""The gateway to logging: lines of JSON that are complete, redacted and bounded, whatever they are made of."""

from .logging_budget import Budget
from .logging_core import Logger, flush
from .logging_levels import LEVELS

__all__ = ["LEVELS", "Budget", "Logger", "flush", "formatter", "handler"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .logging_stdlib import GatewayFormatter, GatewayHandler


def handler(logger: Logger) -> "GatewayHandler":
    """Return a handler for the standard library's loggers, that writes their records as lines of this logger."""
    from .logging_stdlib import GatewayHandler

    return GatewayHandler(logger)


def formatter(logger: Logger) -> "GatewayFormatter":
    """Return a formatter for the standard library's handlers, that makes lines of this logger of their records."""
    from .logging_stdlib import GatewayFormatter

    return GatewayFormatter(logger)

"""The gateway to circuit breakers: calls that are not made while what they call does not work."""

from .circuit_breaker_core import CircuitBreaker
from .circuit_breaker_window import count, seconds

__all__ = ["CircuitBreaker", "count", "seconds"]

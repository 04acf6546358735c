"""What gateways raise: one tree, so that one `except` is enough for those who want no more."""

from __future__ import annotations


class GatewayError(Exception):
    """Anything that a gateway raises on purpose."""


class CacheError(GatewayError):
    """A value can't be had from a cache: its loader asks for the very key that is being loaded, or a limit is wrong."""


class RateLimited(GatewayError):
    """A limit is reached. `retry_after` is how many seconds to wait before it makes sense to try again."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class CircuitOpen(GatewayError):
    """A circuit breaker lets nothing through. `remaining` is how many seconds it will be so, as far as is known."""

    def __init__(self, message: str, remaining: float) -> None:
        super().__init__(message)
        self.remaining = remaining


class Denied(GatewayError):
    """Somebody may not do what they ask for. `rule` names what says so; it is for logs, not for them."""

    def __init__(self, message: str, rule: str) -> None:
        super().__init__(message)
        self.rule = rule


class Unauthenticated(Denied):
    """Nobody knows who it is that asks."""


class Invalid(GatewayError):
    """Data is not what it has to be. `path` leads to the part that isn't, `keyword` names what it breaks."""

    def __init__(self, message: str, path: str, keyword: str) -> None:
        super().__init__(message)
        self.path = path
        self.keyword = keyword


class DeadlineExceeded(GatewayError):
    """There is no time left."""


class StoreError(GatewayError):
    """A shared store can't be reached, or does not do what it is asked to."""


class ComponentError(GatewayError):
    """A component can't be made or started: its needs form a cycle, are unknown, or it has failed."""


class HttpError(GatewayError):
    """A request over HTTP has come to nothing: there is no answer, or one that must not be used."""

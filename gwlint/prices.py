"""What AWS Lambda asks for a month of invocations: list prices of us-east-1, as of August 2026."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

USD_PER_REQUEST = 0.20 / 1_000_000
USD_PER_GB_SECOND = {"x86_64": 0.0000166667, "arm64": 0.0000133334}
FREE_REQUESTS = 1_000_000
FREE_GB_SECONDS = 400_000
"""What an account has free each month, all its functions together."""

_MB_IN_GB = 1024
_LEAST_MB = 128
_STEP_MB = 64
_HEADROOM = 1.25


class Use(NamedTuple):
    """How a function is used in a month. What its cold starts are billed is not part of the duration."""

    invocations: int
    duration_ms: int


class Cost(NamedTuple):
    """What a function costs in a month, in US dollars, before anything is free."""

    requests: int
    gb_seconds: float
    requests_usd: float
    duration_usd: float

    @property
    def usd(self) -> float:
        """All of it."""
        return self.requests_usd + self.duration_usd


def cost(memory_mb: int, architecture: str, use: Use) -> Cost:
    """Return what a function with some memory costs. An unknown architecture is the one that Lambda has by default."""
    gb_seconds = use.invocations * use.duration_ms / 1000 * memory_mb / _MB_IN_GB
    price = USD_PER_GB_SECOND.get(architecture, USD_PER_GB_SECOND["x86_64"])
    return Cost(use.invocations, gb_seconds, use.invocations * USD_PER_REQUEST, gb_seconds * price)


def bill(costs: Sequence[Cost]) -> float:
    """Return what is left to pay for functions of one account, once the free tier is taken off."""
    requests = sum(one.requests for one in costs)
    gb_seconds = sum(one.gb_seconds for one in costs)
    requests_usd = sum(one.requests_usd for one in costs) * _paid(requests, FREE_REQUESTS)
    return requests_usd + sum(one.duration_usd for one in costs) * _paid(gb_seconds, FREE_GB_SECONDS)


def smaller_size(memory_size_mb: int, most_mb: float) -> int | None:
    """Return a memory size that would do, where a function has far more: twice as much or above.

    `most_mb` is what it takes at most once it is loaded; a quarter more is left for its work.
    """
    steps = -(-most_mb * _HEADROOM // _STEP_MB)
    size = max(_LEAST_MB, int(steps) * _STEP_MB)
    return size if size * 2 <= memory_size_mb else None


def _paid(used: float, free: float) -> float:
    """Return the share of what is used that is not free."""
    return 0.0 if used <= free else 1 - free / used

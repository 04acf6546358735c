"""GW404: something that is kept from one invocation to the next, and only grows."""

from __future__ import annotations

from collections.abc import Iterator

from gwlint.codebase import Codebase
from gwlint.finding import Finding, Related
from gwlint.growth import Unbounded, unbounded
from gwlint.rule import Rule


class UnboundedCache(Rule):
    """Reports caches without bound, and containers of modules that nothing is ever taken out of."""

    id = "GW404"
    name = "unbounded-cache"
    summary = "What a handler keeps from one invocation to the next has no bound."
    severity = "warning"
    precision = "high"
    tags = ("budget", "memory")

    def check(self, codebase: Codebase) -> Iterator[Finding]:
        """Yield a finding for every cache or container that grows in the invocations of some handler."""
        for found in unbounded(codebase.invocations):
            yield self.finding(
                found.path,
                found.at,
                _message(codebase, found),
                identity=f"{found.kind} {found.name}",
                severity="note" if found.by == "unknown" else None,
                related=tuple(_related(found)),
            )


def _message(codebase: Codebase, found: Unbounded) -> str:
    called = codebase.named(found.path, found.name)
    if found.kind == "container":
        return _of_container(called, found)
    if found.by == "object":
        owner = called.rpartition(".")[0]
        return (
            f"the cache of `{called}` keeps every object of `{owner}` that an invocation makes;"
            " let a `cached_property` keep the value, or cache a function of what it depends on"
        )
    bound = f"up to {found.bound:,} of them" if found.bound else "without bound"
    source = "an event brings" if found.by == "event" else "it is ever given"
    return f"`{called}` keeps what it returned for every `{found.parameter}` that {source}, {bound}; " + (
        "give its cache a smaller `maxsize`" if found.bound else "give its cache a `maxsize`"
    )


def _of_container(called: str, found: Unbounded) -> str:
    remedy = "bound it, or let it live as long as the invocation"
    if found.by == "call":
        return f"`{called}` grows whenever this runs, and nothing is ever taken out of it; {remedy}"
    source = "that an event brings" if found.by == "event" else "there ever is"
    return f"`{called}` keeps an entry for every key {source}, and nothing is ever taken out of it; {remedy}"


def _related(found: Unbounded) -> Iterator[Related]:
    if found.container is not None:
        path, at = found.container
        yield Related(path, at, "is made here, once")
    if found.cause is not None:
        what = "hands on what comes with the event" if found.by == "event" else "hands on what may be anything"
        yield Related(found.cause.path, found.cause.action.at, what)

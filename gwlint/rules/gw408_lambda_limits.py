"""GW408: settings that Lambda refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gwlint.codebase import Codebase
from gwlint.finding import Finding
from gwlint.rule import Rule
from gwlint.rules.budget_rule import line_of
from gwlint.templates import FunctionTemplate

_ENVIRONMENT_BYTES = 4096
_LAYERS = 5


class _Refused(NamedTuple):
    """A setting that Lambda does not take, where it is, and what it takes."""

    setting: str
    path: str
    line: int
    has: str
    taken: str


class LambdaLimits(Rule):
    """Reports values in templates that no deployment survives. What is not known is not held against anything."""

    id = "GW408"
    name = "lambda-limits"
    summary = "A function has a setting that Lambda does not take."
    severity = "error"
    precision = "very-high"
    tags = ("budget", "correctness")

    def check(self, codebase: Codebase) -> Iterator[Finding]:
        """Yield a finding for every value out of bounds, in its template."""
        for function in codebase.budgets.declared:
            for one in _refused(function):
                yield self.finding(
                    one.path or function.template,
                    line_of(one.line or function.line),
                    f"`{function.name}` has {one.has}; Lambda takes {one.taken}",
                    identity=f"{function.name} {one.setting}",
                )


def _refused(function: FunctionTemplate) -> Iterator[_Refused]:
    ranges = (
        ("memory", function.memory_mb, 128, 10_240, "MB of memory"),
        ("timeout", function.timeout_s, 1, 900, "seconds before it times out"),
        ("storage", function.ephemeral_mb, 512, 10_240, "MB of ephemeral storage"),
    )
    for name, setting, least, most, unit in ranges:
        if setting.value is not None and not least <= setting.value <= most:
            has = f"{setting.value:,} {unit}"
            yield _Refused(name, setting.path, setting.line, has, f"{least:,} to {most:,}")
    layers = function.layer_count
    if layers.value is not None and layers.value > _LAYERS:
        yield _Refused("layers", layers.path, layers.line, f"{layers.value} layers", f"{_LAYERS} at most")
    environment = function.environment_bytes
    known = environment.value if environment.value is not None else function.environment_least
    if known > _ENVIRONMENT_BYTES:
        some = "" if environment.value is not None else "at least "
        has = f"{some}{known:,} bytes of environment variables"
        yield _Refused("environment", environment.path, environment.line, has, f"{_ENVIRONMENT_BYTES:,} at most")

"""GW406: a literal that takes a good part of what a function may take."""

from __future__ import annotations

from collections.abc import Iterator

from gwlint.codebase import Codebase
from gwlint.finding import Finding
from gwlint.footprint.literals import Weight, weight
from gwlint.model import Census
from gwlint.rule import Rule

_MOST_KB = 1_024
_MOST_COMPILED_KB = 4_096
_JSON_BYTES_PER_BYTE = 6.6


class LargeLiteral(Rule):
    """Reports literals of modules that handlers load before they are called."""

    id = "GW406"
    name = "large-literal"
    summary = "A module that a handler loads holds a literal, or data made of one, that takes megabytes."
    severity = "warning"
    precision = "high"
    tags = ("budget", "cold-start", "memory")

    def check(self, codebase: Codebase) -> Iterator[Finding]:
        """Yield a finding for every literal that takes more than a mebibyte, or four when it is compiled."""
        for path in sorted(codebase.handlers.eager):
            for literal in codebase.invocations.literals(path):
                takes = weight(literal)
                if takes.kb > _MOST_KB or takes.compiled_kb > _MOST_COMPILED_KB:
                    yield self.finding(
                        path,
                        literal.at,
                        _message(codebase.named(path, literal.name), literal, takes),
                        identity=literal.name,
                    )


def _message(called: str, literal: Census, takes: Weight) -> str:
    if not literal.is_compiled:
        return (
            f"`{called}` takes about {_megabytes(takes.kb)} from the moment its module is loaded;"
            " make it when it is asked for, or use an `array`"
        )
    as_json = literal.source_bytes * _JSON_BYTES_PER_BYTE / 1_024
    return (
        f"`{called}` takes about {_megabytes(takes.kb)} once it is loaded, and {_megabytes(takes.compiled_kb)} and"
        f" {takes.compiled_ms:.0f} ms where its module is compiled on import, as in most deployed packages;"
        f" read it from a JSON file ({_megabytes(as_json)}), or when it is asked for"
    )


def _megabytes(kb: float) -> str:
    return f"{kb / 1_024:.1f} MB"

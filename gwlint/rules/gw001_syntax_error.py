"""GW001: a file that does not parse."""

from __future__ import annotations

from collections.abc import Iterator

from gwlint.codebase import Codebase
from gwlint.finding import Finding
from gwlint.rule import Rule


class SyntaxErrors(Rule):
    """Reports what no Python can read; what else can be told of the file is told all the same."""

    id = "GW001"
    name = "syntax-error"
    summary = "A file does not parse."
    severity = "error"
    precision = "very-high"
    tags = ("correctness",)

    def check(self, codebase: Codebase) -> Iterator[Finding]:
        """Yield the first error of every file that has one."""
        for path, error, at in codebase.errors("syntax"):
            message = f"`{path}` does not parse: {error.message} (the rest of it is still checked)"
            # What the interpreter says differs between its versions, and may name a line.
            yield self.finding(path, at, message, identity="")

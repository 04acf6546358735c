"""GW007: a file that could not be read or decoded."""

from __future__ import annotations

from collections.abc import Iterator

from gwlint.codebase import Codebase
from gwlint.finding import FIRST_LINE, Finding
from gwlint.rule import Rule


class UnreadableFile(Rule):
    """Reports source files that are missing from the answer, in whole or in part."""

    id = "GW007"
    name = "unreadable-file"
    summary = "A source file can't be read or decoded."
    severity = "error"
    precision = "very-high"
    tags = ("correctness",)

    def check(self, codebase: Codebase) -> Iterator[Finding]:
        """Yield the files that the system refuses, and those whose bytes are no text."""
        for one in codebase.project.unreadable:
            message = f"`{one.path}` can't be read: {one.reason}; make it readable or exclude it"
            yield self.finding(one.path, FIRST_LINE, message, identity="")
        for path, error, at in codebase.errors("decode"):
            message = f"`{path}` can't be decoded: {error.message}; save it as UTF-8 or declare its encoding"
            yield self.finding(path, at, message, identity="")

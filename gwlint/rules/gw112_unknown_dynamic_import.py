"""GW112: an import by a string that can't be read from the source."""

from __future__ import annotations

from collections.abc import Iterator

from gwlint.codebase import Codebase
from gwlint.finding import Finding, shortened
from gwlint.rule import Rule


class UnknownDynamicImport(Rule):
    """Reports imports that nobody can follow without running them."""

    id = "GW112"
    name = "unknown-dynamic-import"
    summary = "A module is imported by a string that can't be read from the source."
    severity = "note"
    precision = "medium"
    tags = ("architecture", "imports")

    def check(self, codebase: Codebase) -> Iterator[Finding]:
        """Yield a finding for every such import outside of tests."""
        for module in codebase.project.modules:
            if module.is_test and not codebase.config.include_tests:
                continue
            for unknown in module.unknown:
                yield self.finding(
                    module.path,
                    unknown.at,
                    f"`{codebase.called(module.path)}` imports by a string that can't be read from the source:"
                    f" `{shortened(unknown.text, 60)}`; write the name out, or choose it from a table of strings",
                    identity=unknown.text,
                )

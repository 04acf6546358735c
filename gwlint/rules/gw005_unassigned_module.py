"""GW005: unassigned-module."""

from __future__ import annotations

from collections.abc import Iterator

from gwlint.codebase import Codebase
from gwlint.config import Config
from gwlint.finding import FIRST_LINE, Finding, Severity
from gwlint.rule import Rule


class UnassignedModule(Rule):
    """A module has no place in the architecture."""

    id = "GW005"
    name = "unassigned-module"
    summary = "A module has no place in the architecture."
    severity = "off"
    precision = "very-high"
    tags = ("architecture", "layers")

    def check(self, codebase: Codebase) -> Iterator[Finding]:
        """Yield what an exhaustive contract lacks, and where the rule is switched on, what has no place at all."""
        missing: set[str] = set()
        for layers in codebase.layerings:
            for path in layers.beside:
                missing.add(path)
                said = (
                    f"`{codebase.called(path)}` is in no layer of `{layers.name}`, which is exhaustive; add it to one"
                )
                yield self._at(path, said, "error")
        if self._is_asked_for(codebase.config):
            for path in codebase.unassigned():
                if path not in missing:
                    said = f"`{codebase.called(path)}` belongs to no component, no layer and no declared role"
                    yield self._at(path, f"{said}; give it one in the settings", None)

    def _is_asked_for(self, config: Config) -> bool:
        return self.id in (*config.select, *config.extend_select) or dict(config.severity).get(self.id, "off") != "off"

    def _at(self, path: str, message: str, severity: Severity | None) -> Finding:
        return self.finding(path, FIRST_LINE, message, identity="", severity=severity)

"""GW106: private-through-gateway."""

from __future__ import annotations

from gwlint.codebase import Codebase
from gwlint.judgement import Violation
from gwlint.rules.import_rule import ImportRule, listed


class PrivateThroughGateway(ImportRule):
    """A private name is taken from a gateway."""

    id = "GW106"
    name = "private-through-gateway"
    summary = "A private name is taken from a gateway."
    severity = "warning"
    precision = "high"

    def message(self, codebase: Codebase, violation: Violation) -> str:
        """Say who does what to whom, and what to do instead."""
        edge = violation.edge
        importer, gateway = codebase.called(edge.path), codebase.called(edge.target_path)
        names = listed(edge.names)
        return (
            f"`{importer}` takes {names} from `{gateway}`, where that is private; use what `{gateway}` offers to others"
        )

    def identity(self, violation: Violation) -> str:
        """Tell the import from others in its file."""
        return f"{violation.edge.target_path}: {', '.join(violation.edge.names)}"

"""GW113: leaking-reexport."""

from __future__ import annotations

from gwlint.codebase import Codebase
from gwlint.judgement import Violation
from gwlint.rules.import_rule import ImportRule, instead, listed


class LeakingReexport(ImportRule):
    """The name of an internal is imported through a module that is not its gateway."""

    id = "GW113"
    name = "leaking-reexport"
    summary = "The name of an internal is imported through a module that is not its gateway."
    severity = "warning"
    precision = "high"

    def message(self, codebase: Codebase, violation: Violation) -> str:
        """Say who does what to whom, and what to do instead."""
        edge = violation.edge
        importer, through = codebase.called(edge.path), codebase.called(edge.target_path)
        names = tuple(name for name, _ in violation.definers)
        definers = tuple(dict.fromkeys(codebase.called(definer) for _, definer in violation.definers))
        gateway = codebase.called(violation.owner.gateway)
        kind = "an internal" if len(definers) == 1 else "internals"
        return (
            f"`{importer}` imports {listed(names)} through `{through}` from {listed(definers)}, {kind} of `{gateway}`; "
            f"{instead(codebase, violation)}"
        )

    def identity(self, violation: Violation) -> str:
        """Tell the import from others in its file."""
        return f"{violation.edge.target_path}: {', '.join(violation.edge.names)}"

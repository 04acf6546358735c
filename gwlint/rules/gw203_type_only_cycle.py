"""GW203: a cycle that only imports for type checkers close."""

from gwlint.rules.cycles import CycleRule


class TypeOnlyCycle(CycleRule):
    """Reports cycles that exist for type checkers alone."""

    id = "GW203"
    name = "type-only-cycle"
    summary = "Modules import one another, and only imports for type checkers close the cycle."
    severity = "off"
    kind = "type-only"
    how = "import one another, some of them only for type checkers"
    remedy = "remove"

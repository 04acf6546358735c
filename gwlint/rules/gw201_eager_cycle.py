"""GW201: modules that import one another at load time."""

from gwlint.rules.cycles import CycleRule


class EagerCycle(CycleRule):
    """Reports cycles that run when a module is loaded."""

    id = "GW201"
    name = "eager-cycle"
    summary = "Modules import one another when they are loaded."
    severity = "error"
    kind = "eager"
    how = "import one another when they are loaded"
    remedy = "remove or defer"

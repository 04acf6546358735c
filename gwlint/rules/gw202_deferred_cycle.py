"""GW202: a cycle that only deferred imports close."""

from gwlint.rules.cycles import CycleRule


class DeferredCycle(CycleRule):
    """Reports cycles that close when a function is called."""

    id = "GW202"
    name = "deferred-cycle"
    summary = "Modules import one another, and only imports inside functions close the cycle."
    severity = "warning"
    kind = "deferred"
    how = "import one another, some of them only when a function is called"
    remedy = "remove"

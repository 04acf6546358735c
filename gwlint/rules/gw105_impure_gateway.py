"""GW105: a gateway that implements something itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from gwlint.codebase import Codebase
from gwlint.components import Component
from gwlint.finding import Finding
from gwlint.model import ImportEdge, Part
from gwlint.project import Module
from gwlint.rule import Rule

_ROOT = re.compile(r"\w+")


class ImpureGateway(Rule):
    """Reports what does not belong into a gateway that somebody declared to be one."""

    id = "GW105"
    name = "impure-gateway"
    summary = "A gateway contains implementation."
    severity = "warning"
    precision = "high"
    tags = ("architecture", "gateway")

    def check(self, codebase: Codebase) -> Iterator[Finding]:
        """Yield a finding for every part of a declared or preset gateway that is neither declared nor delegated."""
        modules = {module.path: module for module in codebase.project.modules}
        for component in codebase.components.all:
            if component.basis == "inferred" or component.package or component.gateway not in modules:
                continue
            module = modules[component.gateway]
            for part in codebase.parts(component.gateway):
                yield from self._findings(codebase.called(module.path), component, part, module)

    def _findings(self, called: str, component: Component, part: Part, module: Module) -> Iterator[Finding]:
        if part.kind == "own":
            complaint = f"delegates to `{part.callee}` of the same module; delegate to an internal"
        elif part.kind == "implementation":
            complaint = "is implementation; move it into an internal and delegate to it"
        elif _leads_inside(module, part, component.internals):
            return
        else:
            complaint = f"calls `{part.callee}`, which is no internal of it; move the call into an internal"
        yield self.finding(
            component.gateway,
            part.at,
            f"`{called}` is a gateway, but {part.what} {complaint}",
            identity=part.what,
            severity="note" if part.kind == "own" else None,
        )


def _leads_inside(module: Module, part: Part, internals: Collection[str]) -> bool:
    """Tell whether what a function calls is in one of some modules, or missing, which is another rule's to report."""
    resolution, at = module.resolution, part.imported_at
    if any(one.at == at for one in resolution.unresolved):
        return True
    root = _ROOT.match(part.callee)
    name = root[0] if root else ""
    edges = [edge for edge in resolution.edges if edge.at == at]
    binding = [edge for edge in edges if _binds(edge, name)]
    if not binding and any(one.target.partition(".")[0] == name for one in resolution.external if one.at == at):
        return False
    # What is an alias of its own, or comes with a star, is bound by no import under its name.
    return any(edge.target_path in internals for edge in binding or edges)


def _binds(edge: ImportEdge, name: str) -> bool:
    originals = dict(edge.renamed)
    if name in originals:
        return True
    taken = edge.names or (edge.target.rpartition(".")[2],)
    return name in taken and name not in originals.values()

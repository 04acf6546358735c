"""Imports that a comment takes out of the search for cycles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from gwlint.graph import KINDS, CycleKind, rank
from gwlint.model import Cycle, ImportEdge
from gwlint.suppress import CUTTING, Comment, Spoken


def forgiveness(cuts: Iterable[Comment]) -> Callable[[ImportEdge], CycleKind | None]:
    """Return what tells from which kind of cycle on an import is forgiven, if at all."""
    spoken = Spoken(cuts)

    def forgiven(edge: ImportEdge) -> CycleKind | None:
        there = spoken.at(edge.path, edge.at.line)
        kinds = (CUTTING[code] for comment in there for code in comment.said.codes if code in CUTTING)
        return min(kinds, key=KINDS.index, default=None)

    return forgiven


def needed(cuts: Iterable[Comment], edges: Iterable[ImportEdge], cycles: Sequence[Cycle]) -> dict[Comment, set[str]]:
    """Return for each suppression those of its codes that concern an import on a cycle of the full graph."""
    spoken = Spoken(cuts)
    together = [(KINDS.index(cycle.kind), frozenset(cycle.paths)) for cycle in cycles]
    used: dict[Comment, set[str]] = {}
    for edge in edges:
        for comment in spoken.at(edge.path, edge.at.line):
            for code in CUTTING.keys() & set(comment.said.codes):
                first = max(rank(edge), KINDS.index(CUTTING[code]))
                if any(kind >= first and {edge.path, edge.target_path} <= paths for kind, paths in together):
                    used.setdefault(comment, set()).add(code)
    return used

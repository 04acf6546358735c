"""Imports that a comment takes out of the search for cycles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from gwlint.graph import KINDS, CycleKind, rank
from gwlint.model import Cycle, ImportEdge, Suppression
from gwlint.suppress import CUTTING, Comment, covers


def forgiveness(cuts: Iterable[Comment]) -> Callable[[ImportEdge], CycleKind | None]:
    """Return what tells from which kind of cycle on an import is forgiven, if at all."""
    of_file: dict[str, list[Suppression]] = {}
    for comment in cuts:
        of_file.setdefault(comment.path, []).append(comment.said)

    def forgiven(edge: ImportEdge) -> CycleKind | None:
        kinds = (
            CUTTING[code]
            for said in of_file.get(edge.path, ())
            if covers(said, edge.at.line)
            for code in said.codes
            if code in CUTTING
        )
        return min(kinds, key=KINDS.index, default=None)

    return forgiven


def needed(cuts: Iterable[Comment], edges: Iterable[ImportEdge], cycles: Sequence[Cycle]) -> dict[Comment, set[str]]:
    """Return for each suppression those of its codes that concern an import on a cycle of the full graph."""
    of_file: dict[str, list[Comment]] = {}
    for comment in cuts:
        of_file.setdefault(comment.path, []).append(comment)
    together = [(KINDS.index(cycle.kind), frozenset(cycle.paths)) for cycle in cycles]
    used: dict[Comment, set[str]] = {}
    for edge in edges:
        for comment in of_file.get(edge.path, ()):
            if covers(comment.said, edge.at.line):
                for code in CUTTING.keys() & set(comment.said.codes):
                    first = max(rank(edge), KINDS.index(CUTTING[code]))
                    if any(kind >= first and {edge.path, edge.target_path} <= paths for kind, paths in together):
                        used.setdefault(comment, set()).add(code)
    return used

"""The graph as a drawing: Graphviz DOT and Mermaid. Packages that merely run on the way are left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gwlint.model import Kind
from gwlint.project import Project

_STRENGTH: tuple[Kind, ...] = ("eager", "dynamic", "deferred", "type-only")
_DOT_STYLE: dict[Kind, str] = {"eager": "solid", "dynamic": "bold", "deferred": "dashed", "type-only": "dotted"}
_MERMAID_ARROW: dict[Kind, str] = {"eager": "-->", "dynamic": "==>", "deferred": "-.->", "type-only": "-.-"}
_RED = "#c0392b"
_CONTROLS = (*range(32), *range(127, 160))
_IN_DOT = {**{code: rf"\\x{code:02x}" for code in _CONTROLS}, ord("\\"): r"\\", ord('"'): r"\""}
_IN_MERMAID = {code: f"#{code};" for code in (*_CONTROLS, *map(ord, '#&"<>`\\'))}


class _Arrow(NamedTuple):
    source: int
    target: int
    kind: Kind
    is_cyclic: bool


def render_dot(project: Project) -> Iterator[str]:
    """Yield the lines of a Graphviz digraph. Arrows on a cycle are red; the strongest kind of import draws the line."""
    yield "digraph imports {"
    yield "  rankdir=LR;"
    yield '  node [shape=box, fontname="sans-serif"];'
    for number, module in enumerate(project.modules):
        yield f"  n{number} [label={_quoted(module.name)}, tooltip={_quoted(module.path)}];"
    for arrow in _arrows(project):
        color = f', color="{_RED}"' if arrow.is_cyclic else ""
        yield f"  n{arrow.source} -> n{arrow.target} [style={_DOT_STYLE[arrow.kind]}{color}];"
    yield "}"


def render_mermaid(project: Project) -> Iterator[str]:
    """Yield the lines of a Mermaid flowchart, drawn like the digraph."""
    yield "flowchart LR"
    for number, module in enumerate(project.modules):
        yield f'  n{number}["{_escaped(module.name)}"]'
    red = []
    for place, arrow in enumerate(_arrows(project)):
        yield f"  n{arrow.source} {_MERMAID_ARROW[arrow.kind]} n{arrow.target}"
        red += [str(place)] if arrow.is_cyclic else []
    if red:
        yield f"  linkStyle {','.join(red)} stroke:{_RED}"


def _arrows(project: Project) -> Iterator[_Arrow]:
    numbers = {module.path: number for number, module in enumerate(project.modules)}
    components = [set(cycle.paths) for cycle in project.cycles]
    strongest: dict[tuple[int, int], _Arrow] = {}
    for edge in project.imports():
        source, target = numbers.get(edge.path), numbers.get(edge.target_path)
        if edge.implicit or source is None or target is None or source == target:
            continue
        cyclic = any(edge.path in component and edge.target_path in component for component in components)
        arrow = _Arrow(source, target, edge.kind, cyclic)
        known = strongest.setdefault((source, target), arrow)
        if _STRENGTH.index(edge.kind) < _STRENGTH.index(known.kind):
            strongest[source, target] = arrow
    yield from (strongest[ends] for ends in sorted(strongest))


def _quoted(text: str) -> str:
    return f'"{text.translate(_IN_DOT)}"'


def _escaped(text: str) -> str:
    return text.translate(_IN_MERMAID)

"""The graph for people: who imports whom and where, what leads nowhere, the cycles, and the account of the files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gwlint.components import Components, Place
from gwlint.model import Cycle, ImportEdge, Step
from gwlint.project import Module, Project
from gwlint.reporters.controls import harmless

_ARROW = "→"


def render(project: Project, components: Components) -> Iterator[str]:
    """Yield lines, fit for a terminal; `components` are those of the whole project, `project` may be a part of it."""
    yield from map(harmless, _lines(project, components))


def _lines(project: Project, components: Components) -> Iterator[str]:
    for module in project.modules:
        yield from _module(module, components.place(module.path))
    for cycle in project.cycles:
        yield from _cycle(cycle)
    yield from _summary(project)


def _module(module: Module, place: Place) -> Iterator[str]:
    resolution = module.resolution
    lines = [*_edges(resolution.edges), *_edges(resolution.uses, how="by attribute"), *_leading_nowhere(module)]
    if lines or module.error is not None:
        yield f"{module.path} ({module.name}){_remarks(module, place)}"
        yield from (text for _, text in sorted(lines))
        yield ""


def _remarks(module: Module, place: Place) -> str:
    said = [] if place.role == "external" else [_role(place)]
    if module.error is not None:
        said.append(f"partial: {module.error.message}, line {module.error.line}")
    return f", {', '.join(said)}" if said else ""


def _role(place: Place) -> str:
    if place.component is not None:
        return f"{place.role} of {place.component.name}"
    if place.extension:
        return f"extension {place.extension}"
    return place.role.replace("-", " ")


def _edges(edges: Iterable[ImportEdge], how: str = "") -> Iterator[tuple[int, str]]:
    for edge in edges:
        if not edge.implicit:
            names = f": {', '.join(edge.names)}" if edge.names else ""
            remarks = (edge.kind, how, "guarded" if edge.guarded else "", "recovered" if edge.recovered else "")
            said = ", ".join(filter(None, remarks))
            yield edge.at.line, f"  {edge.at.line}: {_ARROW} {edge.target_path} [{said}]{names}"


def _leading_nowhere(module: Module) -> Iterator[tuple[int, str]]:
    for one in module.resolution.unresolved:
        guarded = ", guarded" if one.guarded else ""
        yield one.at.line, f"  {one.at.line}: unresolved [{one.kind}{guarded}]: {_on_one_line(one.text)}"
    for unknown in module.unknown:
        yield unknown.at.line, f"  {unknown.at.line}: unknown: {_on_one_line(unknown.text)}"


def _on_one_line(source: str) -> str:
    return " ".join(source.split())


def _cycle(cycle: Cycle) -> Iterator[str]:
    yield f"{cycle.kind} cycle of {len(cycle.paths)} files"
    yield "  shortest:"
    yield from _steps(cycle.witness)
    how = "the fewest possible" if cycle.cut_is_minimal else "a set without a proof that it is the smallest"
    yield f"  without these imports nothing of it is left ({how}):"
    yield from _steps(cycle.cut)
    yield ""


def _steps(steps: Iterable[Step]) -> Iterator[str]:
    for step in steps:
        yield f"    {step.path}:{step.at.line} {_ARROW} {step.target_path}"


def _summary(project: Project) -> Iterator[str]:
    account, modules = project.account, project.modules
    imports = sum(not edge.implicit for module in modules for edge in module.resolution.edges)
    counts = (
        (len(modules), "module"),
        (imports, "import"),
        (sum(len(module.resolution.unresolved) for module in modules), "unresolved import"),
        (sum(len(module.unknown) for module in modules), "unknown import"),
        (len(project.cycles), "cycle"),
    )
    yield ", ".join(f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in counts)
    yield f"layout {project.layout}, roots: {', '.join(project.roots) or 'none'}"
    yield (
        f"{account.found} files found: {account.analysed} analysed, {account.partial} partial, "
        f"{account.excluded} excluded"
    )

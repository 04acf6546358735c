"""The part of a project's graph that somebody wants to look at."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from gwlint.discover.files import TOP
from gwlint.model import Cycle, ImportEdge, UnknownImport
from gwlint.nearest import nearest
from gwlint.project import Module, Project
from gwlint.resolve import Resolution


class NotInProjectError(Exception):
    """There is no module that a focus could mean, or more than one."""


def holds(project: Project, path: str) -> bool:
    """Tell whether a path is that of a module, or of a folder with modules."""
    return path == TOP or any(_is_below(module.path, path) for module in project.modules)


def below(project: Project, paths: Collection[str]) -> Project:
    """Keep what touches some files or folders of the project: an import counts with either of its ends."""
    if TOP in paths:
        return project
    return around(project, {one.path for one in project.modules if any(_is_below(one.path, path) for path in paths)})


def around(project: Project, inside: Collection[str]) -> Project:
    """Keep some modules and their neighbours."""
    project = _spelled_out(project)
    modules = tuple(one if one.path in inside else _reaching(one, inside) for one in project.modules)
    edges = [edge for module in modules for edge in (*module.resolution.edges, *module.resolution.uses)]
    shown = {*inside, *(edge.path for edge in edges), *(edge.target_path for edge in edges)}
    return msgspec.structs.replace(
        project,
        modules=tuple(module for module in modules if module.path in shown),
        cycles=tuple(cycle for cycle in project.cycles if not set(inside).isdisjoint(cycle.paths)),
    )


def of_kinds(project: Project, kinds: Collection[str]) -> Project:
    """Keep the imports and cycles of some kinds."""
    modules = tuple(
        _with(module, _of_kinds(module.resolution, kinds), unknown=module.unknown if "dynamic" in kinds else ())
        for module in project.modules
    )
    cycles = tuple(cycle for cycle in project.cycles if cycle.kind in kinds)
    return msgspec.structs.replace(project, modules=modules, cycles=cycles)


def on_cycles(project: Project, cycles: tuple[Cycle, ...]) -> Project:
    """Keep the modules that lie on some of the cycles, and the imports among those of one cycle."""
    together = {path: set[str]() for cycle in cycles for path in cycle.paths}
    for cycle in cycles:
        for path in cycle.paths:
            together[path].update(cycle.paths)
    cyclic = tuple(module for module in project.modules if module.path in together)
    project = _spelled_out(msgspec.structs.replace(project, modules=cyclic, cycles=cycles))
    modules = tuple(_among(module, together[module.path]) for module in project.modules)
    return msgspec.structs.replace(project, modules=modules)


def _among(module: Module, paths: Collection[str]) -> Module:
    edges = tuple(edge for edge in module.resolution.edges if edge.target_path in paths)
    return _with(module, Resolution(edges), unknown=())


def _spelled_out(project: Project) -> Project:
    """Give implicit imports a place of their own, so that they can be kept or dropped for themselves."""
    edges: dict[str, list[ImportEdge]] = {module.path: [] for module in project.modules}
    for edge in project.imports():
        edges[edge.path].append(msgspec.structs.replace(edge, parents=()))
    modules = tuple(
        _with(module, msgspec.structs.replace(module.resolution, edges=tuple(edges[module.path])), module.unknown)
        for module in project.modules
    )
    return msgspec.structs.replace(project, modules=modules)


def meant(project: Project, focus: str) -> set[str]:
    """Return the paths that a focus means: a file, a folder, a module, or a package with all that is in it.

    Raises `NotInProjectError`.
    """
    path = focus.removeprefix("./").rstrip("/")
    by_path = {one.path for one in project.modules if path == TOP or _is_below(one.path, path)}
    if by_path:
        return by_path
    named = [one.path for one in project.modules if one.name == focus]
    if len(named) > 1:
        raise NotInProjectError(
            f"`{focus}` is the name of {len(named)} modules; name one by its path: {', '.join(named)}"
        )
    within = [one.path for one in project.modules if one.name.startswith(f"{focus}.")]
    if not named and not within:
        raise NotInProjectError(f"there is no module `{focus}` in the project{_nearest(project, focus)}")
    return {*named, *within}


def _nearest(project: Project, focus: str) -> str:
    near = nearest(focus, {name for module in project.modules for name in (module.path, module.name)})
    return f"; did you mean `{near}`?" if near else ""


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def _reaching(module: Module, inside: Collection[str]) -> Module:
    resolution = Resolution(
        edges=tuple(edge for edge in module.resolution.edges if edge.target_path in inside),
        uses=tuple(edge for edge in module.resolution.uses if edge.target_path in inside),
    )
    return _with(module, resolution, unknown=())


def _of_kinds(resolution: Resolution, kinds: Collection[str]) -> Resolution:
    return Resolution(
        edges=tuple(one for one in resolution.edges if one.kind in kinds),
        external=tuple(one for one in resolution.external if one.kind in kinds),
        unresolved=tuple(one for one in resolution.unresolved if one.kind in kinds),
        uses=tuple(one for one in resolution.uses if one.kind in kinds),
    )


def _with(module: Module, resolution: Resolution, unknown: tuple[UnknownImport, ...]) -> Module:
    return msgspec.structs.replace(module, resolution=resolution, unknown=unknown)

"""What an import means: the text of one file's imports, and the files of the project.

Files decide: nothing of the project is imported, nothing has to be installed, and the real search path is followed
as far as files show it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from gwlint.model import ExternalImport, Fact, Import, ImportEdge, Span, Surface, UnresolvedImport, Use, is_private
from gwlint.resolve.flat import FlatResolver
from gwlint.resolve.outcome import Hit, Outcome, Resolver
from gwlint.resolve.package import PackageResolver
from gwlint.resolve.standard import Standard
from gwlint.stdlib import LOADED_AT_START, is_standard

__all__ = ["FlatResolver", "PackageResolver", "Resolution", "Resolver", "Standard", "fit", "resolve"]

_OWN_NAMES = ("__name__", "__package__")


class Resolution(Fact, frozen=True):
    """What the imports of one file come to, in source order. `uses` are reached by attribute: they load nothing.

    Of a file that is imported by a statement, only the uses of private names are among them.
    """

    edges: tuple[ImportEdge, ...] = ()
    external: tuple[ExternalImport, ...] = ()
    unresolved: tuple[UnresolvedImport, ...] = ()
    uses: tuple[ImportEdge, ...] = ()


def resolve(path: str, surface: Surface, resolver: Resolver) -> Resolution:
    """Resolve all imports of the file at `path`."""
    edges: dict[tuple[Span, str], ImportEdge] = {}
    external: list[ExternalImport] = []
    unresolved: list[UnresolvedImport] = []
    for one in surface.imports:
        outcome = _outcome(path, one, surface.uses, resolver)
        for hit in outcome.hits:
            _add(edges, _edge(path, hit, one, resolver))
        external += [ExternalImport(path, target, one.kind, one.at) for target in outcome.external]
        if outcome.is_missing:
            unresolved.append(_unresolved(path, one, outcome.hits))
    imported = {edge.target_path for edge in edges.values()}
    uses = (
        use
        for use in _uses(path, surface.uses, resolver)
        if use.target_path not in imported or any(map(is_private, use.names))
    )
    return Resolution(tuple(edges.values()), tuple(external), tuple(unresolved), tuple(uses))


def fit(resolutions: Iterable[Resolution], own_names: frozenset[str]) -> tuple[int, int]:
    """Count the imports that lead to a file of the project, and those that look as if they should, but do not.

    `own_names` are the names of all files and folders of the project.
    """
    resolved = failed = 0
    for resolution in resolutions:
        resolved += len(resolution.edges)
        failed += len(resolution.unresolved)
        failed += sum(_looks_own(one.target, own_names) for one in resolution.external)
    return resolved, failed


def _looks_own(module: str, own_names: frozenset[str]) -> bool:
    return module.partition(".")[0] in own_names and not is_standard(module)


def _outcome(path: str, one: Import, uses: Iterable[Use], resolver: Resolver) -> Outcome:
    module, level = one.module, one.level
    own_name = module.partition(".")[0]
    if own_name in _OWN_NAMES:
        # `f"{__package__}.x"` is `.x`; `__name__` is the same in an `__init__`, where alone such names are built.
        module, level = module[len(own_name) + 1 :], 1
    taken = _taken(one, uses) if not level and module.partition(".")[0] in LOADED_AT_START else frozenset()
    return resolver.outcome(path, module, level, one.names, taken)


def _taken(one: Import, uses: Iterable[Use]) -> frozenset[str]:
    prefix = f"{one.module}."
    reached = (use.name[len(prefix) :].partition(".")[0] for use in uses if use.name.startswith(prefix))
    return frozenset(one.names or reached)


def _edge(path: str, hit: Hit, one: Import, resolver: Resolver) -> ImportEdge:
    return ImportEdge(
        path=path,
        source=resolver.name(path),
        target=resolver.name(hit.path),
        target_path=hit.path,
        kind=one.kind,
        deferred=one.deferred,
        implicit=False,
        recovered=one.recovered,
        guarded=one.guarded,
        names=hit.names,
        at=one.at,
        parents=hit.parents,
        renamed=() if one.bound == one.names else _renamed(one, hit),
    )


def _renamed(one: Import, hit: Hit) -> tuple[tuple[str, str], ...]:
    """Return what is bound to another name than its own, of what an import takes from a file."""
    if not one.names:
        return tuple((bound, "") for bound in one.bound if bound != one.module.partition(".")[0])
    taken = zip(one.bound, (name for name in one.names if name != "*"), strict=False)
    if not hit.names:
        return tuple((bound, "") for bound, name in taken if name == hit.called != bound)
    return tuple((bound, name) for bound, name in taken if name in hit.names and bound != name)


def _unresolved(path: str, one: Import, hits: Iterable[Hit]) -> UnresolvedImport:
    found = {name for hit in hits for name in (*hit.names, hit.called)}
    names = tuple(name for name in one.names if name not in found)
    return UnresolvedImport(
        path, one.written(), one.kind, one.deferred, one.guarded, one.at, one.module, one.level, names, one.recovered
    )


def _add(edges: dict[tuple[Span, str], ImportEdge], edge: ImportEdge) -> None:
    """Keep one edge for a statement and a target, with all the names that it takes."""
    key = (edge.at, edge.target_path)
    known = edges.setdefault(key, edge)
    if known is not edge and (edge.names or edge.renamed):
        names, renamed = (*known.names, *edge.names), (*known.renamed, *edge.renamed)
        both = {"names": tuple(dict.fromkeys(names)), "renamed": tuple(dict.fromkeys(renamed))}
        edges[key] = msgspec.structs.replace(known, **both)


def _uses(path: str, uses: Iterable[Use], resolver: Resolver) -> Iterator[ImportEdge]:
    reached: dict[str, Hit | None] = {}
    for use in uses:
        level = len(use.name) - len(use.name.lstrip("."))
        if not level and is_standard(use.name):
            continue
        if use.name not in reached:
            reached[use.name] = resolver.reached(path, use.name[level:], level)
        hit = reached[use.name]
        if hit is not None:
            yield _use_edge(path, hit, use, resolver)


def _use_edge(path: str, hit: Hit, use: Use, resolver: Resolver) -> ImportEdge:
    return ImportEdge(
        path=path,
        source=resolver.name(path),
        target=resolver.name(hit.path),
        target_path=hit.path,
        kind="type-only" if use.type_only else "deferred" if use.deferred else "eager",
        deferred=use.deferred,
        implicit=False,
        recovered=False,
        guarded=False,
        names=hit.names,
        at=use.at,
    )

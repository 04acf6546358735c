"""Components that were inferred, as settings would declare them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from gwlint.components import Component, Components
from gwlint.components.patterns import Names
from gwlint.config.faults import module_fault, title_fault
from gwlint.project import Module, Project
from gwlint.roles import designations


class Declaration(NamedTuple):
    """A component to declare: its name, its gateway, and the globs that mean its internals and nothing else.

    Of a package there are no globs: its private modules are the internals.
    """

    name: str
    gateway: str
    internals: tuple[str, ...]
    component: Component


class Declarations(NamedTuple):
    """What can be declared, and the components that no name means, which have to be left to inference."""

    made: tuple[Declaration, ...]
    left: tuple[Component, ...]


def declarations(project: Project, components: Components) -> Declarations:
    """Return the components of a project that were inferred as ones to declare, under names of their own."""
    modules = [module for module in project.modules if components.place(module.path).role != "test"]
    vocabulary = _Vocabulary(modules)
    inferred = [component for component in components.all if component.basis == "inferred"]
    times = Counter(component.name for component in inferred)
    made: list[Declaration] = []
    left: list[Component] = []
    taken: set[str] = set()
    for component in inferred:
        gateway = vocabulary.name(component.gateway)
        internals = vocabulary.globs(component, _held(component, components, taken)) if gateway else ()
        if gateway is None or not (internals or component.package):
            left.append(component)
            continue
        preferred = gateway if times[component.name] > 1 or title_fault(component.name) else component.name
        name = _unlike(preferred, {one.name for one in made})
        made.append(Declaration(name, gateway, internals, component))
        taken.update(component.internals)
    # Of two that share a module, an internal of the one and the gateway of the other, inference has to find both.
    while entangled := [one for one in made if any(_share(one.component, component) for component in left)]:
        made = [one for one in made if one not in entangled]
        left += (one.component for one in entangled)
    return Declarations(tuple(made), tuple(left))


class _Vocabulary:
    """What the modules of a project may be called in settings."""

    def __init__(self, modules: Iterable[Module]) -> None:
        known = {module.path: module.name for module in modules}
        self._names = Names(modules)
        self._calls = {path: _calls(path, name) for path, name in known.items()}

    def name(self, path: str) -> str | None:
        """Return a name that means one module alone, if there is any."""
        return next((name for name in self._calls[path] if self._names.named(name) == (path,)), None)

    def globs(self, component: Component, internals: Collection[str]) -> tuple[str, ...]:
        """Return globs that mean some internals and nothing else but the gateway; none where there are none such."""
        if component.package:
            return ()
        missing = set(internals)
        allowed = {*missing, component.gateway}
        globs: list[str] = []
        candidates = (
            *(glob for name in self._calls[component.gateway] for glob in _families(name)),
            *(name for path in sorted(missing) for name in self._calls[path]),
        )
        for glob in candidates:
            meant = self._names.matching(glob).keys() if missing else set()
            if meant & missing and meant <= allowed:
                globs.append(glob)
                missing -= meant
        return () if missing else tuple(globs)


def _calls(path: str, name: str) -> list[str]:
    """Return what settings may call a module: best by its own name."""
    spelled = designations(path, name) - {name}
    return [call for call in (name, *sorted(spelled)) if not module_fault(call)]


def _families(gateway: str) -> Iterator[str]:
    yield f"{gateway.removesuffix('_')}_*"
    yield f"{gateway}.*"


def _held(component: Component, components: Components, taken: Collection[str]) -> list[str]:
    """Return the internals that really are some: of nested components, the innermost has a module.

    Gateways of others are kept, where nobody else has them: gateways they remain, and without any internal at all, a
    component could not be declared.
    """
    places = ((path, components.place(path)) for path in component.internals)
    return [
        path
        for path, place in places
        if place.component == component or (place.role == "gateway" and path not in taken)
    ]


def _share(one: Component, other: Component) -> bool:
    return one.gateway in other.internals or other.gateway in one.internals


def _unlike(name: str, others: Collection[str]) -> str:
    number, chosen = 1, name
    while chosen in others:
        number += 1
        chosen = f"{name}-{number}"
    return chosen

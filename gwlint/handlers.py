"""What Lambda calls, and which modules of the project it loads for that."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from gwlint.model import ImportEdge
from gwlint.project import Module, Project, imports_of


class Handler(NamedTuple):
    """Something that Lambda calls: a name in a module. It may be a function, or an object that can be called."""

    path: str
    name: str


class Handlers:
    """The handlers of a project, and the modules that they load."""

    def __init__(self, project: Project) -> None:
        """Find the handlers; where imports lead is found out when it is asked for."""
        self.all = tuple(Handler(module.path, name) for module in project.modules for name in module.handlers)
        self._modules = {module.path: module for module in project.modules}
        self._project = project

    def loaded(self, path: str) -> tuple[str, ...]:
        """Return the modules that are loaded with the one at a path, in the order in which they begin to load."""
        return tuple(_reached(path, self._eager))

    def reached(self, path: str) -> tuple[str, ...]:
        """Return the modules that the one at a path loads sooner or later, in the order in which they are named."""
        return tuple(_reached(path, self._sooner_or_later))

    @cached_property
    def modules(self) -> tuple[Module, ...]:
        """The modules that some handler loads sooner or later, by path."""
        paths = {one for path in self._paths for one in self.reached(path)}
        return tuple(self._modules[path] for path in sorted(paths))

    @cached_property
    def eager(self) -> frozenset[str]:
        """The modules that some handler loads before it is called."""
        return frozenset(one for path in self._paths for one in self.loaded(path))

    @property
    def _paths(self) -> Collection[str]:
        return dict.fromkeys(handler.path for handler in self.all)

    @cached_property
    def _edges(self) -> tuple[ImportEdge, ...]:
        edges = [one for one in imports_of(self._project.modules) if one.kind != "type-only"]
        return tuple(sorted(edges, key=lambda one: (one.path, one.at, not one.implicit)))

    @cached_property
    def _sooner_or_later(self) -> Mapping[str, tuple[str, ...]]:
        return self._targets(lambda _edge: True)

    @cached_property
    def _eager(self) -> Mapping[str, tuple[str, ...]]:
        return self._targets(lambda edge: not edge.deferred)

    def _targets(self, counts: Callable[[ImportEdge], bool]) -> dict[str, tuple[str, ...]]:
        targets: dict[str, dict[str, None]] = {}
        for edge in self._edges:
            is_test = self._modules[edge.target_path].is_test if edge.target_path in self._modules else True
            if counts(edge) and not is_test:
                targets.setdefault(edge.path, {})[edge.target_path] = None
        return {path: tuple(found) for path, found in targets.items()}


def _reached(path: str, targets: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield what can be reached, the nearest of what each asks for first."""
    seen: set[str] = set()
    pending = [path]
    while pending:
        one = pending.pop()
        if one not in seen:
            seen.add(one)
            yield one
            pending += reversed(targets.get(one, ()))

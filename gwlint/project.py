"""A project as rules and reports see it: its modules, what they import, and the cycles among them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal

from gwlint.model import (
    Cycle,
    Fact,
    ImportEdge,
    Layout,
    SourceError,
    Suppression,
    UnknownImport,
    lies_in,
)
from gwlint.resolve import Resolution


class Account(Fact, frozen=True):
    """What became of the files: `found` is the sum of the others."""

    found: int
    analysed: int
    partial: int
    excluded: int


class Module(Fact, frozen=True):
    """One file of the project: its place, and what its imports come to.

    `error` says why it is only partly understood; `key` stands for its content. `handlers` are the names of those that
    Lambda calls, as templates say, or as they look themselves.
    """

    path: str
    name: str
    root: str
    key: bytes
    lines: int
    is_test: bool
    is_entry_point: bool
    error: SourceError | None
    unknown: tuple[UnknownImport, ...]
    resolution: Resolution
    suppressions: tuple[Suppression, ...] = ()
    handlers: tuple[str, ...] = ()

    @property
    def only_marks(self) -> bool:
        """Whether it is there to make a folder a package: an `__init__` that imports nothing at all."""
        is_init = self.path.rpartition("/")[2] == "__init__.py"
        return is_init and not self.unknown and self.resolution == Resolution()


class Unreadable(Fact, frozen=True):
    """A `.py` file that could not be read, and why."""

    path: str
    reason: str


class Shadow(Fact, frozen=True):
    """A module that hides another one, or that no import statement can name.

    `hidden` is the path of the hidden module of the project, or the name of one of the standard library; for a keyword,
    it is the keyword.
    """

    path: str
    kind: Literal["standard", "project", "keyword"]
    hidden: str


class Project(Fact, frozen=True):
    """All that one run found out. The tuples are sorted by path; `notices` are for people to read."""

    layout: Layout
    roots: tuple[str, ...]
    account: Account
    modules: tuple[Module, ...]
    cycles: tuple[Cycle, ...]
    notices: tuple[str, ...]
    unreadable: tuple[Unreadable, ...] = ()
    shadows: tuple[Shadow, ...] = ()

    def imports(self) -> Iterator[ImportEdge]:
        """Yield the imports between files of the project, the implicit ones included, file by file."""
        return imports_of(self.modules)


def imports_of(modules: Collection[Module], *, ancestors: bool = True) -> Iterator[ImportEdge]:
    """Yield the imports of some modules, with an implicit one for each package that runs on the way.

    A statement that asks for a package explicitly has no implicit import of it. Without `ancestors`, the packages that
    a module lies in are left out: they are loaded before it, whatever it imports.
    """
    names = {module.path: module.name for module in modules}
    for module in modules:
        edges = module.resolution.edges
        yield from edges
        seen = {(edge.at, edge.target_path) for edge in edges}
        for edge in edges:
            for parent in edge.parents:
                if (ancestors or not lies_in(edge.path, parent)) and (edge.at, parent) not in seen:
                    seen.add((edge.at, parent))
                    yield _implicit(edge, parent, names.get(parent, edge.target))


def _implicit(edge: ImportEdge, parent: str, name: str) -> ImportEdge:
    return ImportEdge(
        edge.path, edge.source, name, parent, edge.kind, edge.deferred, True, edge.recovered, edge.guarded, (), edge.at
    )

"""Components that packages tell: a public `__init__` before private modules."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from gwlint.model import lies_in
from gwlint.project import Module

_INIT = "__init__.py"


class Package(NamedTuple):
    """A package with private modules, all by path; `library` is the outermost package that it is in."""

    name: str
    folder: str
    library: str
    gateway: str
    internals: tuple[str, ...]


def packages(modules: Sequence[Module], declared: Container[str] = ()) -> Iterator[Package]:
    """Yield the packages that offer in their `__init__` what they keep in private modules, by folder.

    Those whose `__init__` is `declared` need not offer anything.
    """
    private: defaultdict[str, list[str]] = defaultdict(list)
    for module in modules:
        for folder in _private_in(module.path):
            private[folder].append(module.path)
    names = {module.path: module.name for module in modules}
    reexporting = {module.path for module in modules if _reexports(module)}
    for folder, paths in sorted(private.items()):
        gateway = f"{folder}/{_INIT}"
        if gateway in reexporting or gateway in declared:
            yield Package(names[gateway], folder, _library(folder, names), gateway, tuple(paths))


def _private_in(path: str) -> Iterator[str]:
    """Yield the folders in which a module is private: it, or a package around it, has an underscore to begin with."""
    *folders, name = path.split("/")
    parts = (*folders, name.removesuffix(".py"))
    for depth, part in enumerate(parts):
        if depth and part.startswith("_") and not part.startswith("__"):
            yield "/".join(folders[:depth])


def _reexports(module: Module) -> bool:
    """Tell whether a module is the `__init__` of a package and takes names from what is in the package."""
    if posixpath.basename(module.path) != _INIT:
        return False
    return any(edge.names and lies_in(edge.target_path, module.path) for edge in module.resolution.edges)


def _library(folder: str, known: Container[str]) -> str:
    above = posixpath.dirname(folder)
    return _library(above, known) if above and f"{above}/{_INIT}" in known else folder

"""Roots and deployment units: the folders that are on `sys.path` when the code runs, and which of them together."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gwlint.discover.files import TOP
from gwlint.discover.tree import Folder, Tree
from gwlint.templates import FunctionTemplate, Template, handler_module

LAYER_FOLDERS = ("python", *(f"python/lib/python3.{minor}/site-packages" for minor in range(8, 20)))
"""Where in a layer Lambda looks for modules."""


class Root(NamedTuple):
    """A folder whose content is imported by name.

    `package` is set when the folder is itself inside a package, as when `django/` is checked on its own: what it
    holds is then called `django.…`.
    """

    path: str
    folder: Folder
    package: str = ""

    def holds(self, path: str) -> bool:
        """Tell whether a file lies below this root."""
        return self.path == TOP or path.startswith(f"{self.path}/")


class Unit(NamedTuple):
    """The roots that one function sees together, its own code first, and the file its handler is in, if found.

    `function` is what of that file is called.
    """

    name: str
    roots: tuple[str, ...]
    handler: str | None
    function: str = ""


@dataclass(frozen=True, slots=True)
class Deployment:
    """How a project is put together: all its roots, by path, and the functions that templates declare."""

    roots: tuple[Root, ...]
    units: tuple[Unit, ...]

    def owner(self, path: str) -> Root:
        """Return the innermost root that holds a file: the one that names it."""
        return max(
            (root for root in self.roots if root.holds(path)), key=lambda root: (root.path != TOP, len(root.path))
        )


def deployment(tree: Tree, declared: Sequence[str] | None, templates: Iterable[Template], package: str) -> Deployment:
    """Put roots and units together.

    `declared` are the roots of the configuration and replace what would be found. The project itself is always a
    root: what lies in no other must have a name, too. `package` is the package that the project folder itself is.
    """
    units = tuple(_units(tree, templates))
    found = {path for unit in units for path in unit.roots}
    found |= set(declared) if declared is not None else set(_conventional(tree))
    paths = sorted({TOP, *found})
    folders = ((path, tree.top.at(path)) for path in paths)
    roots = (Root(path, folder, package if path == TOP else "") for path, folder in folders if folder is not None)
    return Deployment(tuple(roots), units)


def _units(tree: Tree, templates: Iterable[Template]) -> Iterator[Unit]:
    found = (unit_of(tree, function) for template in templates for function in template.functions)
    return filter(None, found)


def unit_of(tree: Tree, function: FunctionTemplate) -> Unit | None:
    """Return what a project has of a function; None where that is nothing."""
    roots = tuple(_roots(tree, function))
    called = (function.handler or "").rpartition(".")[2]
    return Unit(function.name, roots, _handler(tree, function, roots), called) if roots else None


def _roots(tree: Tree, function: FunctionTemplate) -> Iterator[str]:
    if function.code is not None and tree.top.at(function.code) is not None:
        yield function.code
    for layer in function.layers:
        inside = [
            path
            for path in (posixpath.normpath(posixpath.join(layer, name)) for name in LAYER_FOLDERS)
            if tree.top.at(path)
        ]
        # A layer that a build step still has to give its `python` folder is imported from as it lies.
        yield from inside or ([layer] if tree.top.at(layer) else [])


def _handler(tree: Tree, function: FunctionTemplate, roots: Sequence[str]) -> str | None:
    *folders, module = handler_module(function.handler or "").split(".")
    folder = tree.top.at(posixpath.normpath(posixpath.join(roots[0], *folders)))
    if folder is None:
        return None
    inner = folder.folders.get(module)
    return folder.modules.get(module) or (inner.modules.get("__init__") if inner else None)


def _conventional(tree: Tree) -> Iterator[str]:
    """Yield `src` folders that are no packages, and the folders of projects inside the project."""
    homes = {TOP, *(posixpath.dirname(file.path) or TOP for file in tree.metadata)}
    for home in homes:
        folder = tree.top.at(home)
        if folder is None or "__init__" in folder.modules:
            continue
        yield home
        source = folder.folders.get("src")
        if source is not None and "__init__" not in source.modules and (source.modules or source.folders):
            yield source.path

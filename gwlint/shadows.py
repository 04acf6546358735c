"""Modules that hide others of the same name, and modules that no import statement can name."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator
from keyword import iskeyword

from gwlint.discover.files import TOP
from gwlint.discover.tree import Folder
from gwlint.model import Layout
from gwlint.project import Module, Shadow
from gwlint.resolve import search
from gwlint.stdlib import NAMES, REMOVED
from gwlint.units import Deployment, Root, Unit

_STANDARD = NAMES - REMOVED
_FOR_TOOLS = ("conftest", "setup", "test", "tests")
"""Names that nobody imports from a root, or that tools look for in every one of them."""

_Tops = dict[str, list[str]]
"""By name, what can be imported under it from one root: the file that wins, and those that it hides."""


def shadows(layout: Layout, deployment: Deployment, modules: Collection[Module]) -> tuple[Shadow, ...]:
    """Return what is hidden by what in the roots of a project, sorted by path."""
    files = {module.path for module in modules if not module.is_test}
    tops = {root.path: _tops(layout, deployment, root, files) for root in deployment.roots}
    deployed = {path for unit in deployment.units for path in unit.roots}
    importable = [root for root in deployment.roots if root.path in deployed or _is_importable(root, deployment)]
    found = {
        *(one for root in importable for one in _standard(tops[root.path])),
        *(one for unit in deployment.units for one in _between_roots(unit, tops)),
        *(one for path in files for one in _keyword(path, deployment)),
    }
    if layout == "flat":
        handlers = {unit.handler for unit in deployment.units}
        found.update(one for top in tops.values() for one in _within_root(top, handlers))
    return tuple(sorted(found, key=lambda one: (one.path, one.kind, one.hidden)))


def _is_importable(root: Root, deployment: Deployment) -> bool:
    """Tell whether a root that no template names is on anybody's path.

    A project's own folder is, unless functions are deployed from elsewhere; a package's is not: what lies in it has
    the package before its name.
    """
    return not root.package and not search.is_package(root.folder) and not (root.path == TOP and deployment.units)


def _tops(layout: Layout, deployment: Deployment, root: Root, files: Collection[str]) -> _Tops:
    tops: _Tops = {}
    if root.package:
        return tops
    for name, path in _flat(deployment, root, files) if layout == "flat" else _packaged(root, files):
        if name not in _FOR_TOOLS and not name.startswith("__"):
            tops.setdefault(name, []).append(path)
    return tops


def _packaged(root: Root, files: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the modules and packages at the top of a root. A folder without `__init__` hides nothing."""
    packages = {name: folder.modules["__init__"] for name, folder in root.folder.folders.items() if _has_init(folder)}
    for name, path in {**root.folder.modules, **packages}.items():
        if path in files:
            yield name, path


def _flat(deployment: Deployment, root: Root, files: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the files of a root, wherever in it they are stored, and not in a root inside it."""
    for path in sorted(files):
        if root.holds(path) and deployment.owner(path).path == root.path:
            yield _stem(path), path


def _standard(tops: _Tops) -> Iterator[Shadow]:
    for name in _STANDARD & tops.keys():
        yield Shadow(tops[name][0], "standard", name)


def _between_roots(unit: Unit, tops: dict[str, _Tops]) -> Iterator[Shadow]:
    """Yield what the roots of one function have under the same name: the first of them wins."""
    first: dict[str, str] = {}
    for root in unit.roots:
        for name, paths in tops.get(root, {}).items():
            winner = first.setdefault(name, paths[0])
            if winner != paths[0]:
                yield Shadow(winner, "project", paths[0])


def _within_root(tops: _Tops, handlers: Collection[str | None]) -> Iterator[Shadow]:
    """Yield what lands under the same name in one folder. Handlers of several functions are deployed one by one."""
    for first, *others in tops.values():
        for other in others:
            if first not in handlers or other not in handlers:
                yield Shadow(first, "project", other)


def _keyword(path: str, deployment: Deployment) -> Iterator[Shadow]:
    """Yield a module or package whose name is a keyword, unless nothing could name the folders it lies in, either."""
    spelled = path.removesuffix(".py").removesuffix("/__init__")
    name = posixpath.basename(spelled)
    # Nearly no name is a keyword: which root a file belongs to takes longer to tell.
    if iskeyword(name):
        *folders, _ = posixpath.relpath(spelled, deployment.owner(path).path).split("/")
        # A package further down, like `is` of the languages in `locale`, is one of many that are loaded by name.
        is_inner_package = bool(folders) and path.endswith("/__init__.py")
        if all(map(str.isidentifier, folders)) and not is_inner_package:
            yield Shadow(path, "keyword", name)


def _has_init(folder: Folder) -> bool:
    return "__init__" in folder.modules


def _stem(path: str) -> str:
    return posixpath.basename(path).removesuffix(".py")

"""Where a dotted name leads, from a folder down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from gwlint.discover.tree import Folder


class Found(NamedTuple):
    """Where a dotted name leads.

    `path` is the file that runs, `parents` are the packages that run before it, `folder` is where its submodules
    are. A namespace package has a folder and no file; something opaque exists, but is no source of the project.
    """

    path: str | None
    parents: tuple[str, ...]
    folder: Folder | None
    opaque: bool = False

    def submodule(self, name: str) -> Found | None:
        """Return a module or a package that lies directly in this one."""
        if self.folder is None:
            return None
        inner = find(self.folder, (name,))
        if not isinstance(inner, Found):
            return None
        return inner._replace(parents=self.parents + ((self.path,) if self.path else ()))


class Missing:
    """The first part of a dotted name is a package or module of the project, and the rest does not exist."""


MISSING: Final = Missing()
_OPAQUE = Found(None, (), None, opaque=True)
_MADE_AT_RUN_TIME = ("six", "moves")
"""A module that no file has: `six`, which is often copied into a project, makes it and what is in it."""


def find(folder: Folder, parts: Sequence[str]) -> Found | Missing | None:
    """Follow a dotted name; None when nothing has its first part, or only a namespace that has not the second."""
    found = _followed(folder, parts)
    return _OPAQUE if found is MISSING and _MADE_AT_RUN_TIME in pairwise(parts) else found


def _followed(folder: Folder, parts: Sequence[str]) -> Found | Missing | None:
    parents: tuple[str, ...] = ()
    regular = False
    for part in parts[:-1]:
        inner = folder.folders.get(part)
        if is_opaque(folder, part):
            return _OPAQUE
        if inner is not None and is_package(inner):
            init = inner.modules.get("__init__")
            parents += (init,) if init else ()
            regular = True
        elif inner is None or part in folder.modules:
            return MISSING if regular or part in folder.modules else None
        folder = inner
    return _last(folder, parts[-1], parents) or (MISSING if regular else None)


def _last(folder: Folder, part: str, parents: tuple[str, ...]) -> Found | None:
    inner = folder.folders.get(part)
    if is_opaque(folder, part):
        return _OPAQUE
    if inner is not None and is_package(inner):
        init = inner.modules.get("__init__")
        return Found(init, parents, inner, opaque=init is None)
    if part in folder.modules:
        return Found(folder.modules[part], parents, None)
    return None if inner is None else Found(None, parents, inner)


def is_package(folder: Folder) -> bool:
    """Tell whether a folder has an `__init__`, be it a source of the project or not."""
    return "__init__" in folder.modules or "__init__" in folder.opaque


def is_opaque(folder: Folder, part: str) -> bool:
    """Tell whether a name exists in a folder without a source to analyse."""
    if part in folder.third_party:
        return True
    return part in folder.opaque and part not in folder.modules and part not in folder.folders


def is_regular(folder: Folder, part: str) -> bool:
    """Tell whether a name is a module or a package, not a mere folder: on a search path, these come first."""
    inner = folder.folders.get(part)
    return part in folder.modules or is_opaque(folder, part) or (inner is not None and is_package(inner))


def packages_above(top: Folder, folders: Sequence[str]) -> Iterator[str]:
    """Yield the `__init__` files of a folder, given by its path, and of the packages around it, outermost first."""
    inits: list[str | None] = []
    folder: Folder | None = top
    for part in folders:
        folder = folder.folders.get(part) if folder else None
        inits.append(folder.modules.get("__init__") if folder else None)
    contiguous = 0
    while contiguous < len(inits) and inits[-1 - contiguous]:
        contiguous += 1
    for init in inits[len(inits) - contiguous :]:
        if init:
            yield init

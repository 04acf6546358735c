"""Content that stands for files which may not exist: what an editor has not saved yet."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import replace

from gwlint.discover.files import TOP, SourceFile, Stat
from gwlint.discover.ignore import Patterns
from gwlint.discover.tree import Folder, Tree

_NEVER = Stat(0, 0, 0, 0)
"""The state of a file that is not there: no file has it."""


def overlaid(tree: Tree, exclude: Sequence[str], paths: Iterable[str]) -> Tree:
    """Return a tree in which there is a source at every path. What is left out of the tree stays out."""
    present = {*tree.excluded, *(one.path for one in tree.files), *(one.path for one in tree.unreadable)}
    new = [
        path for path in sorted(paths) if path not in present and path.endswith(".py") and _enter(tree, exclude, path)
    ]
    files = {file.path: file for file in tree.files} | {path: SourceFile(path, _NEVER) for path in new}
    return replace(tree, files=tuple(files[path] for path in sorted(files)))


def _enter(tree: Tree, exclude: Sequence[str], path: str) -> bool:
    """Put a source into its folder, and tell whether it has a place in the tree."""
    folder = _folder(tree, posixpath.dirname(path) or TOP)
    name = posixpath.basename(path)
    if folder is None or Patterns(exclude).cover(path):
        return False
    folder.modules[name.removesuffix(".py")] = path
    return True


def _folder(tree: Tree, path: str) -> Folder | None:
    """Return the folder at a path, made up where it does not exist yet; nothing where it is left out."""
    known = tree.top.at(path)
    if known is not None or os.path.lexists(tree.project / path):
        return known
    above = _folder(tree, posixpath.dirname(path) or TOP)
    if above is None:
        return None
    return above.folders.setdefault(posixpath.basename(path), Folder(path))

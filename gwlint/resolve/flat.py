"""Layout `flat`: deployment puts every file of a root into one directory, whatever folders they are stored in."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from gwlint.discover.files import TOP
from gwlint.discover.tree import Folder
from gwlint.resolve.outcome import Hit, Outcome
from gwlint.resolve.search import Found
from gwlint.resolve.standard import Standard
from gwlint.units import Deployment, Root


class _Directory(NamedTuple):
    """One root as it is deployed. `folders` are the names that an import may lead with and that deployment drops."""

    modules: dict[str, str]
    folders: frozenset[str]
    opaque: frozenset[str]


def own_name(path: str) -> str:
    """Return the name of a module without those of the packages it is in; an `__init__` goes by that of its folder."""
    name = posixpath.basename(path).removesuffix(".py")
    return posixpath.basename(posixpath.dirname(path)) or name if name == "__init__" else name


class FlatResolver:
    """Resolution by file name."""

    def __init__(self, files: Iterable[str], deployment: Deployment, standard: Standard) -> None:
        """Resolve among `files`, in the order of which the first of one name wins."""
        self._deployment = deployment
        self._standard = standard
        files = list(files)
        self._directories = {root.path: _directory(root, files) for root in deployment.roots}

    def name(self, path: str) -> str:
        """Return the name of a file in its deployed directory."""
        return own_name(path)

    def outcome(self, path: str, module: str, level: int, names: tuple[str, ...], taken: frozenset[str]) -> Outcome:
        """Resolve one import of the file at `path`."""
        outcomes = [self._in_directory(directory, module, level, names, taken) for directory in self._search_path(path)]
        found = [outcome for outcome in outcomes if outcome.hits or outcome.external]
        if found:
            return found[0]
        if level or any(outcome.is_missing for outcome in outcomes):
            return Outcome(is_missing=True)
        return Outcome(external=(module,))

    def reached(self, path: str, dotted: str, level: int) -> Hit | None:  # noqa: ARG002
        """Return the module that a chain of attributes leads to; in one directory, every level is the same."""
        parts = dotted.split(".")
        for directory in self._search_path(path):
            for length in range(len(parts) - 1, 0, -1):
                stem, leading = parts[length - 1], parts[: length - 1]
                if stem in directory.modules and directory.folders.issuperset(leading):
                    return Hit(directory.modules[stem], (parts[length],), ())
        return None

    def _search_path(self, path: str) -> Iterator[_Directory]:
        own = self._deployment.owner(path)
        seen = {own.path}
        yield self._directories[own.path]
        for unit in self._deployment.units:
            for root in unit.roots if own.path in unit.roots else ():
                if root not in seen and root in self._directories:
                    seen.add(root)
                    yield self._directories[root]

    def _in_directory(
        self, directory: _Directory, module: str, level: int, names: tuple[str, ...], taken: frozenset[str]
    ) -> Outcome:
        parts = module.split(".") if module else []
        is_ours = level > 0
        if is_ours or not self._standard.has_submodule(module):
            while len(parts) > 1 and parts[0] in directory.folders:
                parts.pop(0)
                is_ours = True
        # A module of its folder's own name is what `from it import it` means: the folder is gone by then.
        is_itself = parts == [name for name in names if name in directory.modules]
        if not parts or (len(parts) == 1 and parts[0] in directory.folders and not is_itself):
            outcome = self._from_folder(directory, parts, names)
            if outcome is not None:
                return outcome
        if not parts:
            return Outcome(is_missing=True)
        return self._from_module(directory, parts, names, taken, is_ours=is_ours)

    @staticmethod
    def _from_folder(directory: _Directory, parts: Sequence[str], names: tuple[str, ...]) -> Outcome | None:
        """Resolve `from folder import module`: every name is a file of its own, or none of this is meant."""
        modules = [name for name in names if name in directory.modules]
        if not modules or (parts and len(modules) < len(names)):
            return None
        hits = tuple(Hit(directory.modules[name], (), (), name) for name in modules)
        return Outcome(hits, is_missing=len(modules) < len(names))

    def _from_module(
        self,
        directory: _Directory,
        parts: Sequence[str],
        names: tuple[str, ...],
        taken: frozenset[str],
        *,
        is_ours: bool,
    ) -> Outcome:
        first, module = parts[0], ".".join(parts)
        if first in directory.modules:
            path = directory.modules[first]
            if not is_ours and self._standard.wins(module, Found(path, (), None), taken):
                return Outcome(external=(module,))
            return Outcome((Hit(path, names, ()),)) if len(parts) == 1 else Outcome(is_missing=True)
        if first in directory.opaque:
            return Outcome(external=(module,))
        return Outcome(is_missing=is_ours)


def _directory(root: Root, files: Sequence[str]) -> _Directory:
    modules: dict[str, str] = {}
    folders = set(root.path.split("/")) - {TOP}
    for path in files:
        if root.holds(path):
            *above, name = path.split("/")
            folders.update(above)
            stem = name.removesuffix(".py")
            if stem != "__init__":
                modules.setdefault(stem, path)
    opaque = {name for folder in _with_all_below(root.folder) for name in folder.opaque | folder.third_party}
    return _Directory(modules, frozenset(folders), frozenset(opaque - modules.keys() - folders))


def _with_all_below(folder: Folder) -> Iterator[Folder]:
    """Yield a folder and those below it, each once: links can make loops."""
    seen, pending = {folder.path}, [folder]
    while pending:
        current = pending.pop()
        yield current
        for inner in current.folders.values():
            if inner.path not in seen:
                seen.add(inner.path)
                pending.append(inner)

"""Layout `package`: the names of modules follow the folders, as on a real search path."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gwlint.discover.files import TOP
from gwlint.discover.tree import Folder
from gwlint.resolve.outcome import Hit, Outcome
from gwlint.resolve.search import MISSING, Found, Missing, find, is_package, is_regular, packages_above
from gwlint.resolve.standard import Standard
from gwlint.stdlib import is_standard
from gwlint.units import Deployment, Root


class SearchPath(NamedTuple):
    """What a file can import from.

    One sequence of roots for each unit that loads the file: what one of them lacks, another may have. `fallback`
    comes after the standard library: folders on the path of a script or a test run, not of a deployed function.
    What the `doubtful` one of them lacks is not missing: that folder may be a package without an `__init__`.
    """

    units: tuple[tuple[Root, ...], ...]
    fallback: tuple[Root, ...]
    doubtful: Root | None
    is_deployed: bool


class PackageResolver:
    """Resolution by folders."""

    def __init__(self, top: Folder, deployment: Deployment, standard: Standard) -> None:
        """Resolve within a project whose folders are `top`."""
        self._top = top
        self._deployment = deployment
        self._standard = standard
        self._deployed = {path for unit in deployment.units for path in unit.roots}
        self._general = tuple(
            root
            for root in sorted(deployment.roots, key=lambda root: (root.path == TOP, -len(root.path), root.path))
            if root.path not in self._deployed
        )
        self._names: dict[str, str] = {}
        self._paths: dict[str, SearchPath] = {}
        self._memory: dict[tuple[Root, str], Found | Missing | None] = {}

    def name(self, path: str) -> str:
        """Return the dotted name of a file, from the innermost root that holds it."""
        if path not in self._names:
            self._names[path] = self._new_name(path)
        return self._names[path]

    def _new_name(self, path: str) -> str:
        root = self._deployment.owner(path)
        inside = path[0 if root.path == TOP else len(root.path) + 1 :].removesuffix(".py").replace("/", ".")
        dotted = f"{root.package}.{inside}" if root.package else inside
        return dotted.removesuffix(".__init__")

    def outcome(self, path: str, module: str, level: int, names: tuple[str, ...], taken: frozenset[str]) -> Outcome:
        """Resolve one import of the file at `path`."""
        if level:
            base = self._relative(path, module, level)
            if base is None:
                return self._above(path, module, level)
            return self._taken(base, self._written_out(path, module, level), names, is_relative=True)
        found = self._absolute(path, module, taken)
        if found is MISSING:
            return Outcome(is_missing=True)
        if isinstance(found, list):
            return _merged(self._taken(one, module, names, is_relative=False) for one in found)
        return Outcome(external=(module,))

    def reached(self, path: str, dotted: str, level: int) -> Hit | None:
        """Return the module that a chain of attributes leads to: the longest part of it that is a file."""
        parts = dotted.split(".")
        for length in range(len(parts) - 1, 0, -1):
            module = ".".join(parts[:length])
            found = self._relative(path, module, level) if level else self._first(path, module)
            if isinstance(found, Found) and found.path:
                return Hit(found.path, (parts[length],), found.parents)
        return None

    # Relative imports follow the folders, whatever the roots.

    def _relative(self, path: str, module: str, level: int) -> Found | None:
        above = path.split("/")[:-1]
        climbed = level - 1
        if climbed > len(above):
            return None
        base = above[: len(above) - climbed]
        if not self._is_deployed_with(path, base):
            return None
        folder = self._top.at("/".join(base) or TOP)
        if folder is None:
            return None
        parents = tuple(packages_above(self._top, base))
        if not module:
            return Found(folder.modules.get("__init__"), parents[:-1], folder, opaque="__init__" in folder.opaque)
        found = find(folder, module.split("."))
        return found._replace(parents=parents + found.parents) if isinstance(found, Found) else None

    def _above(self, path: str, module: str, level: int) -> Outcome:
        """Resolve what leads out of the project: that is nothing, unless the project is itself inside a package."""
        package = next(root.package for root in self._deployment.roots if root.path == TOP).split(".")
        beyond = level - 1 - path.count("/")
        around = package[: max(len(package) - beyond, 0)] if beyond > 0 else []
        return Outcome(external=(".".join(filter(None, (*around, module))),)) if around else Outcome(is_missing=True)

    def _written_out(self, path: str, module: str, level: int) -> str:
        """Return the absolute name of what a relative import asks for."""
        package = self.name(posixpath.join(*path.split("/")[:-level], "__init__.py"))
        return ".".join(part for part in (package, module) if part and part != "__init__")

    def _is_deployed_with(self, path: str, folder: Sequence[str]) -> bool:
        """Tell whether a folder around a file gets into a deployment package that the file gets into, if any."""
        around = f"{'/'.join(folder)}/" if folder else ""
        roots = [root for root in self._deployment.roots if root.path in self._deployed and root.holds(path)]
        return not roots or any(root.path == TOP or around.startswith(f"{root.path}/") for root in roots)

    # Absolute imports follow the search path.

    def _absolute(self, path: str, module: str, taken: frozenset[str]) -> list[Found] | Missing | None:
        search = self._search_path(path)
        results = [self._in_unit(roots, module, taken) for roots in search.units]
        found = [result for result in results if isinstance(result, Found)]
        if found:
            return _distinct(found)
        if any(result is MISSING for result in results):
            return MISSING
        if is_standard(module):
            return None
        return self._beyond(search, module)

    def _first(self, path: str, module: str) -> Found | None:
        found = self._absolute(path, module, frozenset())
        return found[0] if isinstance(found, list) else None

    def _in_unit(self, roots: Sequence[Root], module: str, taken: frozenset[str]) -> Found | Missing | None:
        namespace: Found | None = None
        for root in roots:
            found = self._in_root(root, module)
            if found is None:
                continue
            if not self._is_regular(root, module):
                namespace = namespace or (found if isinstance(found, Found) else None)
            elif not self._standard.wins(module, found, taken):
                return found
        return None if is_standard(module) else namespace

    def _beyond(self, search: SearchPath, module: str) -> list[Found] | Missing | None:
        """Look where no function would, but a script or a test run might."""
        for root in search.fallback:
            found = self._in_root(root, module)
            # What lies in a package may well have the name of somebody else's, and is not what is meant then.
            is_sure = root is not search.doubtful and not is_package(root.folder)
            if found is MISSING and is_sure and self._is_regular(root, module):
                return MISSING
            if isinstance(found, Found):
                return [found]
        elsewhere = [root for root in self._deployment.roots if self._is_regular(root, module)]
        if search.is_deployed:
            # What other functions have and this one has not is missing here, and surely no third party's.
            return MISSING if elsewhere else None
        known = (self._in_root(root, module) for root in elsewhere)
        different = _distinct([one for one in known if isinstance(one, Found)])
        # Which of several is meant can't be told, but links can give one file several names.
        return different if len(different) == 1 else None

    def _in_root(self, root: Root, module: str) -> Found | Missing | None:
        key = (root, module)
        if key not in self._memory:
            self._memory[key] = _find_in(root, module)
        return self._memory[key]

    @staticmethod
    def _is_regular(root: Root, module: str) -> bool:
        if root.package:
            return f"{module}.".startswith(f"{root.package}.")
        return is_regular(root.folder, module.partition(".")[0])

    def _search_path(self, path: str) -> SearchPath:
        folder = posixpath.dirname(path)
        if folder not in self._paths:
            self._paths[folder] = self._new_search_path(path)
        return self._paths[folder]

    def _new_search_path(self, path: str) -> SearchPath:
        own = self._deployment.owner(path)
        script = self._script_root(path)
        doubtful = script if script.path not in (posixpath.dirname(path), TOP) else None
        units = [unit.roots for unit in self._deployment.units if own.path in unit.roots]
        if not units:
            general = (own, *(root for root in self._general if root is not own))
            return SearchPath((general,), (script,), doubtful, is_deployed=False)
        by_path = {root.path: root for root in self._deployment.roots}
        ordered = {(own.path, *(root for root in roots if root != own.path)) for roots in units}
        paths = tuple(tuple(by_path[root] for root in roots if root in by_path) for roots in sorted(ordered))
        return SearchPath(paths, (script, *self._general), doubtful, is_deployed=True)

    def _script_root(self, path: str) -> Root:
        """Return the first folder upwards that is no package: `sys.path[0]` of a script, the base of a test."""
        parts = path.split("/")[:-1]
        while parts:
            folder = self._top.at("/".join(parts))
            if folder is not None and not is_package(folder):
                return Root(folder.path, folder)
            parts.pop()
        return Root(TOP, self._top)

    # What a `from` import takes.

    def _taken(self, found: Found, module: str, names: tuple[str, ...], *, is_relative: bool) -> Outcome:
        if found.opaque and found.folder is None:
            return Outcome(external=(module,))
        if not names and found.path:
            return Outcome((Hit(found.path, (), found.parents),))
        if not found.path and not is_relative and names in ((), ("*",)):
            # A folder without `__init__`, alone: it loads nothing, and may just be called like somebody's package.
            return Outcome(external=(module,))
        hits, attributes, external = [], [], []
        for name in names:
            inner = found.submodule(name)
            if inner is None or (inner.path is None and found.path and not inner.opaque):
                attributes.append(name)
            elif inner.path:
                hits.append(Hit(inner.path, (), inner.parents, name))
            elif inner.opaque:
                # The package runs all the same, and may be what has the name.
                external.append(f"{module}.{name}" if module else name)
                attributes += [name] if found.path else []
        if attributes and found.path:
            hits.insert(0, Hit(found.path, tuple(attributes), found.parents))
        elif attributes and found.opaque:
            external.append(module)
        elif attributes and attributes != ["*"]:
            # A namespace package has no names of its own; one at the top may be a folder that only looks like it.
            return Outcome(tuple(hits), (*external, *(() if is_relative else (module,))), is_missing=is_relative)
        return Outcome(tuple(hits), tuple(external))


def _find_in(root: Root, module: str) -> Found | Missing | None:
    if not root.package:
        return find(root.folder, module.split("."))
    if module == root.package:
        return Found(root.folder.modules.get("__init__"), (), root.folder)
    if not module.startswith(f"{root.package}."):
        return None
    found = find(root.folder, module[len(root.package) + 1 :].split("."))
    init = root.folder.modules.get("__init__")
    return found._replace(parents=((init,) if init else ()) + found.parents) if isinstance(found, Found) else MISSING


def _distinct(found: Sequence[Found]) -> list[Found]:
    by_path = {(one.path, one.folder.path if one.folder else None): one for one in found}
    return list(by_path.values())


def _merged(outcomes: Iterator[Outcome]) -> Outcome:
    """Put together what an import means in several units; it is missing only when it is so in all of them."""
    every = list(outcomes)
    return Outcome(
        tuple(dict.fromkeys(hit for one in every for hit in one.hits)),
        tuple(dict.fromkeys(name for one in every for name in one.external)),
        all(one.is_missing for one in every),
    )

"""What packages load that are known by name only, as it was seen elsewhere."""

from __future__ import annotations

import os
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from gwlint.footprint.loads import Closure, Link, Load
from gwlint.footprint.prices import Prices
from gwlint.footprint.tables import Tables
from gwlint.stdlib import is_standard


class _Home(NamedTuple):
    """The folder that a distribution is installed in, and its version."""

    version: str
    folder: str

    def file_of(self, module: str) -> str:
        stem = f"{self.folder}/{module.replace('.', '/')}"
        return next((path for path in (f"{stem}.py", f"{stem}/__init__.py") if os.path.isfile(path)), "")  # noqa: PTH113


class Expansion:
    """Says what modules load, by their names."""

    def __init__(self, tables: Tables, prices: Prices) -> None:
        """Read nothing yet."""
        self._tables = tables
        self._prices = prices

    def known_by_name(self, closure: Closure) -> Closure:
        """Forget what the files of packages say."""
        following = _following(closure.links)
        kept, queue = {0}, [0]
        while queue:
            importer = queue.pop()
            if closure.loads[importer].origin in ("project", "standard"):
                fresh = [link.imported for link in following[importer] if link.imported not in kept]
                kept.update(fresh)
                queue += fresh
        return _part(closure, sorted(kept))

    def expanded(self, closure: Closure, asked: Sequence[tuple[str, int, int]]) -> Closure:
        """Add what no file at hand says: what drivers, and packages known by name, were seen to import."""
        loads, links = list(closure.loads), list(closure.links)
        places = {load.module: place for place, load in enumerate(loads)}
        homes = _homes(loads)
        queue = deque(asked)
        for place, load in enumerate(closure.loads):
            if self._prices.of(load).basis == "name":
                queue += [(name, place, 0) for name in self._imports(load.module)]
        while queue:
            name, importer, line = queue.popleft()
            if name not in places:
                places[name] = len(loads)
                loads.append(self._unseen(name, importer, line, homes))
                queue += [(one, places[name], 0) for one in self._imports(name)]
            links.append(Link(importer, places[name], line))
        return msgspec.structs.replace(closure, loads=tuple(loads), links=tuple(links))

    def _unseen(self, module: str, importer: int, line: int, homes: Mapping[str, _Home]) -> Load:
        if self._is_standard(module):
            return Load(module, "standard", "", module, parent=importer, line=line)
        distribution = self._tables.providers.get(module.partition(".")[0], "")
        home = homes.get(distribution)
        file = home.file_of(module) if home is not None else ""
        if home is not None and file:
            return Load(module, "package", file, module, distribution, home.version, importer, line)
        return Load(module, "missing", "", module, distribution, parent=importer, line=line)

    def _is_standard(self, module: str) -> bool:
        # What no table knows and only C code asks for, such as `_sha2`, is the interpreter's own.
        return module in self._prices.standard.rows or is_standard(module) or self._is_private(module)

    def _is_private(self, module: str) -> bool:
        return module.startswith("_") and module.partition(".")[0] not in self._tables.providers

    def _imports(self, module: str) -> Iterator[str]:
        """Yield what a module was seen to import, its parents and those of what it imports first."""
        yield from _parents(module)
        if self._is_standard(module):
            row = self._prices.standard.rows.get(module)
        else:
            table = self._tables.package(self._tables.providers.get(module.partition(".")[0], ""))
            row = table.rows.get(module) if table else None
        for name in row.imports if row else ():
            yield from _parents(name)
            yield name


def _homes(loads: Iterable[Load]) -> dict[str, _Home]:
    """Return where the distributions are that have files at hand."""
    homes: dict[str, _Home] = {}
    for load in loads:
        tail = f"/{load.module.replace('.', '/')}"
        stem = load.file.removesuffix(".py").removesuffix("/__init__")
        if load.distribution and load.origin == "package" and stem.endswith(tail):
            homes.setdefault(load.distribution, _Home(load.version, stem.removesuffix(tail)))
    return homes


def _following(links: Iterable[Link]) -> Mapping[int, list[Link]]:
    following: defaultdict[int, list[Link]] = defaultdict(list)
    for link in links:
        following[link.importer].append(link)
    return following


def _part(closure: Closure, kept: Sequence[int]) -> Closure:
    """Return some loads of a closure, with all that is about them."""
    new = {old: place for place, old in enumerate(kept)}
    loads = tuple(
        msgspec.structs.replace(closure.loads[old], parent=new.get(closure.loads[old].parent, -1)) for old in kept
    )
    links = (
        Link(new[link.importer], new[link.imported], link.line)
        for link in closure.links
        if link.importer in new and link.imported in new
    )
    invoked = tuple(msgspec.structs.replace(one, load=new[one.load]) for one in closure.invoked if one.load in new)
    declared = tuple(msgspec.structs.replace(one, load=new[one.load]) for one in closure.declared if one.load in new)
    made = tuple(msgspec.structs.replace(one, load=new[one.load]) for one in closure.made if one.load in new)
    gaps = tuple(msgspec.structs.replace(one, load=new[one.load]) for one in closure.gaps if one.load in new)
    return Closure(loads, tuple(links), invoked, declared, made, gaps)


def _parents(module: str) -> Iterator[str]:
    for place, character in enumerate(module):
        if character == ".":
            yield module[:place]

"""The preset `universal`: one gateway for everything, routers behind it, implementations behind these."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator

from gwlint.components.families import Family
from gwlint.project import Module

GATEWAY = "gateway"
ROUTER = "interface_"
CORE = "_core"


def universal(modules: Iterable[Module]) -> Iterator[Family]:
    """Yield the one component of every root that has a module called `gateway`."""
    by_root: defaultdict[str, list[str]] = defaultdict(list)
    for module in modules:
        by_root[module.root].append(module.path)
    for _, paths in sorted(by_root.items()):
        gateways = [path for path in paths if stem(path) == GATEWAY]
        if gateways:
            internals = (path for path in paths if stem(path).startswith(ROUTER) or stem(path).endswith(CORE))
            yield Family(GATEWAY, min(gateways, key=lambda path: (path.count("/"), path)), tuple(sorted(internals)))


def stem(path: str) -> str:
    """Return the name of a module without those of the packages it is in; a package goes by that of its folder."""
    name = posixpath.basename(path).removesuffix(".py")
    return posixpath.basename(posixpath.dirname(path)) if name == "__init__" else name

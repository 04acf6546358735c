"""The preset `universal`: one gateway for everything, routers behind it, implementations behind these."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from gwlint.components.families import Family
from gwlint.project import Module
from gwlint.resolve.flat import own_name

GATEWAY = "gateway"
ROUTER = "interface_"
CORE = "_core"


def universal(modules: Iterable[Module]) -> Iterator[Family]:
    """Yield the one component of every root that has a module called `gateway`."""
    by_root: defaultdict[str, list[str]] = defaultdict(list)
    for module in modules:
        by_root[module.root].append(module.path)
    for _, paths in sorted(by_root.items()):
        gateways = [path for path in paths if own_name(path) == GATEWAY]
        if gateways:
            internals = (path for path in paths if own_name(path).startswith(ROUTER) or own_name(path).endswith(CORE))
            yield Family(GATEWAY, min(gateways, key=lambda path: (path.count("/"), path)), tuple(sorted(internals)))

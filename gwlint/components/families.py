"""Components that names tell: a gateway `X` and its internals `X_*`, beside one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from gwlint.contract import contract
from gwlint.discover.files import TOP
from gwlint.model import Layout
from gwlint.project import Module

GATEWAYS = frozenset(contract().gateways) | {"lambda"}
"""The gateways of the reference runtime. `lambda` can't be imported by a statement, yet it is met in the wild."""

FOUNDATIONS = contract().conventions
"""What every module may import, wherever it lies."""

_BELOW_GATEWAYS = frozenset(contract().foundations)

_ENOUGH_INTERNALS = 2


class Neighbourhood(NamedTuple):
    """What stands beside one another, by name: the file that importing a name runs, and all that is in or below it."""

    modules: Mapping[str, str]
    members: Mapping[str, Sequence[str]]


class Family(NamedTuple):
    """A gateway and its internals, by path. The `front` of `cache/cache.py` is `cache/__init__.py`, if there is one."""

    name: str
    gateway: str
    internals: tuple[str, ...]
    front: str = ""


def neighbourhoods(modules: Iterable[Module], layout: Layout) -> Iterator[Neighbourhood]:
    """Yield what stands beside one another: in one folder, or, where deployment is flat, in one root."""
    run: defaultdict[str, dict[str, str]] = defaultdict(dict)
    beside: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for module in modules:
        for place, stem, is_run in _flat(module) if layout == "flat" else _in_folders(module.path):
            beside[place][stem].append(module.path)
            # `cache/cache.py` goes before `cache/__init__.py`, which may be empty.
            if is_run and (stem not in run[place] or not module.path.endswith("__init__.py")):
                run[place][stem] = module.path
    # From the depths upwards: of nested components, the innermost owns a module.
    for place in sorted(run, key=lambda place: (-place.count("/"), place == TOP, place)):
        yield Neighbourhood(run[place], beside[place])


_Membership = tuple[str, str, bool]
"""A folder or a root, the name by which a file counts there, and whether importing that name runs the file."""


def _flat(module: Module) -> Iterator[_Membership]:
    yield module.root, module.name, True


def _in_folders(path: str) -> Iterator[_Membership]:
    *folders, name = path.split("/")
    stem = name.removesuffix(".py")
    is_package = stem == "__init__"
    if not is_package:
        yield "/".join(folders) or TOP, stem, True
    elif folders:
        # A package may be the gateway of what is in it, as `cache/cache.py` would be.
        yield "/".join(folders), folders[-1], True
    for depth, folder in enumerate(folders):
        yield "/".join(folders[:depth]) or TOP, folder, is_package and depth == len(folders) - 1


def by_preset(beside: Neighbourhood, unfit: Container[str]) -> Iterator[Family]:
    """Yield a family for each gateway of the reference runtime; `unfit` are the paths of what can't be in one."""
    yield from _families(beside, unfit, lambda stem, _: stem in GATEWAYS)


def foundations(beside: Neighbourhood) -> Iterator[str]:
    """Yield the paths of what every module may import that is called as in the reference runtime."""
    for stem in sorted(_BELOW_GATEWAYS & beside.modules.keys()):
        yield beside.modules[stem]


def by_inference(beside: Neighbourhood, unfit: Container[str]) -> Iterator[Family]:
    """Yield a family for a core beside its module, and for a reference gateway's name with several internals."""
    yield from _families(
        beside,
        unfit,
        lambda stem, internals: (
            f"{stem}_core" in internals or (stem in GATEWAYS and len(internals) >= _ENOUGH_INTERNALS)
        ),
    )


def _families(
    beside: Neighbourhood, unfit: Container[str], is_gateway: Callable[[str, Sequence[str]], bool]
) -> Iterator[Family]:
    modules = {stem: path for stem, path in beside.modules.items() if path not in unfit}
    internals: defaultdict[str, list[str]] = defaultdict(list)
    for stem in sorted(beside.members.keys() - GATEWAYS):
        gateway = _longest_prefix(stem, modules)
        if gateway is not None and any(path not in unfit for path in beside.members[stem]):
            internals[gateway].append(stem)
    for stem in sorted(modules):
        if is_gateway(stem, internals[stem]):
            paths = (path for internal in internals[stem] for path in beside.members[internal] if path not in unfit)
            front = next((path for path in beside.members[stem] if _is_front(path, modules[stem], stem)), "")
            yield Family(stem, modules[stem], tuple(sorted(paths)), front if front not in unfit else "")


def _is_front(path: str, gateway: str, stem: str) -> bool:
    """Tell whether a module is what importing the folder runs that a gateway of the same name lies in."""
    folder = path.removesuffix("__init__.py")
    return folder != path and gateway == f"{folder}{stem}.py" and f"/{folder}".endswith(f"/{stem}/")


def _longest_prefix(stem: str, present: Container[str]) -> str | None:
    """Return the longest of the names that this one begins with, up to an underscore."""
    position = stem.rfind("_")
    while position > 0:
        # `lambda_core` belongs to `lambda_`, or else to `lambda`.
        for name in (stem[: position + 1], stem[:position]):
            if name in present and name != stem:
                return name
        position = stem.rfind("_", 0, position)
    return None

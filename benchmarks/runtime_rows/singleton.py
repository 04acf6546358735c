"""A thing that is made once, asked for again."""

from collections.abc import Callable
from importlib import import_module

from gwlint.runtime import singleton

_MADE = object()


def floor_resolve() -> Callable[[], object]:
    """Return a look at a global name."""
    return lambda: _MADE


def ours_resolve() -> Callable[[], object]:
    """Return a look at what is registered by a name."""
    registry = singleton.Registry()
    registry.register("thing", object)
    get = registry.get
    return lambda: get("thing")


def punq_resolve() -> Callable[[], object]:
    """Return the same, by punq."""
    punq = import_module("punq")
    container = punq.Container()
    container.register(_Thing, scope=punq.Scope.singleton)
    return lambda: container.resolve(_Thing)


def svcs_resolve() -> Callable[[], object]:
    """Return the same, by svcs."""
    svcs = import_module("svcs")
    registry = svcs.Registry()
    registry.register_value(_Thing, _Thing())
    container = svcs.Container(registry)
    return lambda: container.get(_Thing)


def dependency_injector_resolve() -> Callable[[], object]:
    """Return the same, by dependency-injector, for several threads."""
    provider = import_module("dependency_injector.providers").ThreadSafeSingleton(_Thing)
    return lambda: provider()


class _Thing:
    pass

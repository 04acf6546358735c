"""What a handler loads: its module level followed through the files at hand, as the interpreter would, without it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gwlint.footprint.environment import Environment, Found
from gwlint.footprint.evaluation import absolute
from gwlint.footprint.execution import Execution
from gwlint.footprint.kept import Modules
from gwlint.footprint.loads import Closure
from gwlint.footprint.sources import Sources
from gwlint.steps import Attempt, Branch, Class, Import, Loop, Step, Within

_FRAMES = 5_000

Asked = Callable[[str], "tuple[str, ...] | None"]
"""Tells what importing a standard or extension module asks for, by its name; `None` or nothing where it isn't known."""


def closure(
    module: str, environment: Environment, sources: Sources, asked: Asked, modules: Modules | None = None
) -> Closure:
    """Return all that is loaded when a module is, before anything in it is called.

    Functions of the same target that find the same packages in the same places may share the `modules` of these, which
    are then executed once.
    """
    shared = modules or Modules()
    prefetch(module, environment, sources, shared)
    with deep_enough():
        return Execution(environment, sources, asked, shared).start(module)


@contextmanager
def deep_enough() -> Iterator[None]:
    """Let imports stand in one another as deep as they do in real packages: each takes some ten frames."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def prefetch(module: str, environment: Environment, sources: Sources, modules: Modules) -> None:
    """Read the files that import statements lead to, frontier by frontier, so that many are read at once."""
    frontier = _unknown(module, environment, modules.sought)
    while frontier:
        files = {found.source: found for found in frontier if found.source}
        sources.fetch(files)
        frontier = []
        for path, found in files.items():
            for name in _imported(sources.of(path).steps, _package(found)):
                frontier += _unknown(name, environment, modules.sought)


def _unknown(module: str, environment: Environment, known: dict[str, Found | None]) -> list[Found]:
    """Return the modules on the way to one that nobody has asked for yet."""
    made: list[Found] = []
    locations: tuple[str, ...] | None = None
    parts = module.split(".")
    for place in range(1, len(parts) + 1):
        name = ".".join(parts[:place])
        if name not in known:
            known[name] = environment.find(name, locations)
            made += [found] if (found := known[name]) is not None else []
        found = known[name]
        if found is None or found.locations is None:
            break
        locations = found.locations
    return made


def _package(found: Found) -> str:
    return found.module if found.locations is not None else found.module.rpartition(".")[0]


def _imported(steps: tuple[Step, ...], package: str) -> Iterator[str]:
    """Yield what the import statements ask for that stand in no function."""
    for step in steps:
        match step:
            case Import(module=module, level=level, names=names):
                base = absolute(module, level, package)
                yield base
                yield from (f"{base}.{name}" for name, _ in names if name != "*")
            case Branch(arms=arms):
                for _, body in arms:
                    yield from _imported(body, package)
            case Attempt(body=body, handlers=handlers, otherwise=otherwise, finally_=finally_):
                for block in (body, *(handler for *_, handler in handlers), otherwise, finally_):
                    yield from _imported(block, package)
            case Within(body=body) | Loop(body=body) | Class(body=body):
                yield from _imported(body, package)
            case _:
                pass

"""In which order components are started: each after what it needs."""

from __future__ import annotations

from .errors import ComponentError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def ordered(needs: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return all names, each after those that it needs, and else as they come.

    Raises `ComponentError` for a need that is unknown, and for needs in a circle, with their path.
    """
    done: dict[str, None] = {}
    for name in needs:
        _visit(name, needs, done)
    return list(done)


def _visit(first: str, needs: Mapping[str, tuple[str, ...]], done: dict[str, None]) -> None:
    # Without recursion: chains may be longer than the stack.
    path: dict[str, int] = {first: 0}
    while path:
        name, at = path.popitem()
        if name in done:
            continue
        if at == len(needs[name]):
            done[name] = None
            continue
        path[name] = at + 1
        need = needs[name][at]
        if need not in needs:
            raise ComponentError(f"{name} needs {need}, which is no component")
        if need in path:
            circle = [*path][[*path].index(need) :]
            raise ComponentError(f"components need one another: {' -> '.join([*circle, need])}")
        path[need] = 0

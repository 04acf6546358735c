"""Paths with parameters, found part by part."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    Function = Callable[..., Any]  # Any: whatever it returns
    Methods = Mapping[str, tuple[Sequence[str], Function]]

_MOST_PARTS = 64
_NO_METHODS: Methods = {}


class _Place:
    """What may follow some parts of a path, and what is done at its end, by method."""

    __slots__ = ("literal", "methods", "parameter", "rest")

    def __init__(self) -> None:
        self.literal: dict[str, _Place] = {}
        self.parameter: _Place | None = None
        self.rest: _Place | None = None
        self.methods: dict[str, tuple[Sequence[str], Function]] = {}


class Paths:
    """Functions by path and method."""

    __slots__ = ("_top",)

    def __init__(self) -> None:
        self._top = _Place()

    def add(self, method: str, path: str, function: Function) -> None:
        """Take in a function. Raises ValueError for a path that can't be, and for one that has one already."""
        if not path.startswith("/"):
            raise ValueError(f"a path begins with a slash: {path!r} does not")
        place, names = self._top, []
        parts = _parts(path)
        for number, part in enumerate(parts, 1):
            name = part[1:-1].removesuffix("+") if part.startswith("{") and part.endswith("}") else ""
            if not name:
                place = place.literal.setdefault(part, _Place())
                continue
            if not name.isidentifier() or name in names or (part.endswith("+}") and number < len(parts)):
                raise ValueError(f"{part} is no parameter in {path!r}: a name comes once, and one with a plus last")
            names.append(name)
            place = _rest(place) if part.endswith("+}") else _parameter(place)
        if place.methods.setdefault(method, (names, function)) != (names, function):
            raise ValueError(f"there is a function for {method} {path} already")

    def find(self, path: str) -> tuple[Methods, list[str]]:
        """Return what is done at a path, by method, and the values of its parameters; nothing where nothing is."""
        parts = _parts(path)
        if len(parts) > _MOST_PARTS:
            return _NO_METHODS, []
        methods, values = _find(self._top, parts, 0)
        return methods, [_decoded(value) for value in values]


def _parts(path: str) -> list[str]:
    return path.strip("/").split("/") if path.strip("/") else []


def _parameter(place: _Place) -> _Place:
    place.parameter = place.parameter or _Place()
    return place.parameter


def _rest(place: _Place) -> _Place:
    place.rest = place.rest or _Place()
    return place.rest


def _find(place: _Place, parts: Sequence[str], at: int) -> tuple[Methods, list[str]]:
    if at == len(parts):
        return place.methods, []
    following = place.literal.get(parts[at])
    if following is not None:
        methods, values = _find(following, parts, at + 1)
        if methods:
            return methods, values
    if place.parameter is not None and parts[at]:
        methods, values = _find(place.parameter, parts, at + 1)
        if methods:
            return methods, [parts[at], *values]
    if place.rest is not None:
        return place.rest.methods, ["/".join(parts[at:])]
    return _NO_METHODS, []


def _decoded(part: str) -> str:
    if "%" not in part:
        return part
    from urllib.parse import unquote

    return unquote(part)

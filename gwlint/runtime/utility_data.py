"""Data made of dictionaries and lists: what nobody can change, and several made one."""

from __future__ import annotations

from types import MappingProxyType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Literal


def freeze(value: Any) -> Any:  # Any: of another type than it was
    """Return a copy that can't be changed: read-only dictionaries, tuples for lists, frozen sets.

    Raises ValueError for what contains itself. What is none of these is taken as it is.
    """
    return _frozen(value, ())


def _frozen(value: Any, above: tuple[int, ...]) -> Any:  # Any: as freeze
    if not isinstance(value, (dict, MappingProxyType, list, tuple, set, frozenset, bytearray)):
        return value
    if id(value) in above:
        raise ValueError("a value that contains itself can't be frozen")
    above = (*above, id(value))
    if isinstance(value, (dict, MappingProxyType)):
        return MappingProxyType({key: _frozen(part, above) for key, part in value.items()})
    if isinstance(value, (set, frozenset)):
        return frozenset(value)
    if isinstance(value, bytearray):
        return bytes(value)
    return tuple(_frozen(part, above) for part in value)


def deep_merge(
    *values: Mapping[str, Any],  # Any: whatever these hold
    lists: Literal["replace", "append"] = "replace",
) -> dict[str, Any]:  # Any: whatever these hold
    """Return a dictionary of several, which stay as they are: of two values the later one counts.

    Dictionaries that both have are merged in turn. Lists that both have are replaced, or one is appended to the other.
    """
    merged: dict[str, Any] = {}  # Any: whatever these hold
    for value in values:
        for key, new in value.items():
            merged[key] = _merged(merged[key], new, lists) if key in merged else _copy(new)
    return merged


def _merged(old: Any, new: Any, lists: Literal["replace", "append"]) -> Any:  # Any: whatever is merged
    if _is_mapping(old) and _is_mapping(new):
        return deep_merge(old, new, lists=lists)
    if lists == "append" and isinstance(old, list) and isinstance(new, list):
        return [*old, *_copy(new)]
    return _copy(new)


def _copy(value: Any) -> Any:  # Any: whatever is copied
    if _is_mapping(value):
        return {key: _copy(part) for key, part in value.items()}
    return [_copy(part) for part in value] if isinstance(value, list) else value


def _is_mapping(value: object) -> bool:
    return isinstance(value, (dict, MappingProxyType))

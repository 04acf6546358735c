"""JSON: nothing but what every reader understands, or whatever can be made of a value."""

from __future__ import annotations

import json
from math import isfinite

from .errors import Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_SEPARATORS = (",", ":")
_DEEPEST = 200
_LONGEST_REPR = 200


def json_dumps(value: object) -> str:
    """Return the JSON of a value: dictionaries with text as keys, lists, tuples, text, finite numbers, True, None.

    Raises `Invalid` with the path to whatever else there is, to what contains itself or is more than 200 deep.
    """
    _check(value, "$", ())
    return json.dumps(value, separators=_SEPARATORS, allow_nan=False)


def json_dumps_safe(value: object) -> str:
    """Return JSON of whatever there is, without ever raising.

    Numbers that JSON has not are null; keys are made text; dates and the like are as `isoformat` says; bytes are text,
    with what is none escaped; sets are lists; of anything else there is its representation. What contains itself, or
    is more than 200 deep, is left out, and said to be.
    """
    return json.dumps(_plain(value, ()), separators=_SEPARATORS, allow_nan=False)


def _check(value: object, path: str, above: tuple[int, ...]) -> None:
    if value is None or isinstance(value, (str, int)):
        return
    if isinstance(value, float):
        if not isfinite(value):
            raise Invalid(f"{path} is {value}, which JSON has not", path, "number")
        return
    if not isinstance(value, (dict, list, tuple)):
        raise Invalid(f"{path} is of type {type(value).__name__}, which JSON has not", path, "type")
    if id(value) in above or len(above) >= _DEEPEST:
        raise Invalid(f"{path} contains itself, or is too deep", path, "depth")
    for name, part in _parts(value, path):
        _check(part, name, (*above, id(value)))


def _parts(value: dict[object, object] | list[object] | tuple[object, ...], path: str) -> Iterator[tuple[str, object]]:
    if not isinstance(value, dict):
        yield from ((f"{path}[{place}]", part) for place, part in enumerate(value))
        return
    for key, part in value.items():
        if not isinstance(key, str):
            raise Invalid(f"{path} has a key of type {type(key).__name__}, which JSON has not", path, "propertyNames")
        yield f"{path}.{key}", part


def _plain(value: object, above: tuple[int, ...]) -> object:
    # Types as they are: a subclass may have methods that do anything.
    kind = type(value)
    if value is None or kind in (str, int, bool):
        return value
    if isinstance(value, float) and kind is float:
        return value if isfinite(value) else None
    if kind not in (dict, list, tuple, set, frozenset):
        return _shown(value)
    if id(value) in above:
        return "[contains itself]"
    if len(above) >= _DEEPEST:
        return "[too deep]"
    within = (*above, id(value))
    if isinstance(value, dict):
        return {key if type(key) is str else _key(key): _plain(part, within) for key, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(part, within) for part in value]
    return None


def _key(key: object) -> str:
    shown = _shown(key)
    return shown if isinstance(shown, str) else json.dumps(shown)


def _shown(value: object) -> str | int | float | bool | None:
    try:
        if isinstance(value, (bytes, bytearray)):
            return bytes(value).decode("utf-8", "backslashreplace")
        written = value.isoformat() if hasattr(value, "isoformat") else repr(value)
        return str.__str__(written) if isinstance(written, str) and len(written) <= _LONGEST_REPR else _cut(written)
    except Exception:
        return f"[{type(value).__name__}]"


def _cut(written: object) -> str:
    return f"{str(written)[:_LONGEST_REPR]}..."

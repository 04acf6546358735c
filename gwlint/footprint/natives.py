"""What functions of the standard library and methods of known values return, as far as imports depend on them."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping as AbstractMapping
from collections.abc import Sequence

from gwlint.footprint.folding import MOST_ITEMS, any_or_all, as_text, items_of, length_of, on_text, path_of
from gwlint.footprint.values import (
    NOTHING,
    Bulk,
    Collection,
    Known,
    Located,
    Mapping,
    Value,
    plain,
    table_of,
    truth,
    valued,
)

_SILENT = frozenset({"callable", "id", "isinstance", "issubclass", "print", "repr", "type", "warnings.warn"})
_CONTAINERS = frozenset({"frozenset", "iter", "list", "reversed", "set", "sorted", "tuple"})
_SAME_PATH = frozenset({"os.fspath", "os.path.abspath", "os.path.normpath", "os.path.realpath"})
_PATHS = frozenset({"pathlib.Path", "pathlib.PosixPath", "pathlib.PurePath", "str"})
_CHANGING = frozenset({"clear", "discard", "insert", "pop", "popitem", "remove", "setdefault"})


def returned(name: str, arguments: Sequence[Value], keywords: AbstractMapping[str, Value]) -> Value | None:
    """Return what a function returns that nobody need note the call of; `None` for all others."""
    if name in _SILENT:
        return NOTHING
    if name == "range":
        return _range(arguments)
    if name == "platform.system":
        return Known("Linux")
    if name == "platform.python_implementation":
        return Known("CPython")
    if name == "dict" and not arguments:
        return Mapping(table_of(keywords))
    return _of_one(name, arguments[0], arguments[1:], keywords) if arguments else _empty(name)


def _empty(name: str) -> Value | None:
    return Collection(name, []) if name in _CONTAINERS else None


def _of_one(name: str, first: Value, others: Sequence[Value], keywords: AbstractMapping[str, Value]) -> Value | None:
    if isinstance(first, Located):
        return _of_path(name, first, others)
    if name in _CONTAINERS:
        return _contained(name, first)
    match name:
        case "len":
            length = length_of(first)
            return Known(length) if length is not None else NOTHING
        case "bool":
            answer = truth(first)
            return Known(answer) if answer is not None else NOTHING
        case "str":
            text = str(first.value) if isinstance(first, Known) else as_text(first)
            return Known(text) if text is not None else NOTHING
        case "any" | "all":
            return any_or_all(name, items_of(first))
        case "dict":
            return _table(first, keywords)
        case "enumerate":
            items = items_of(first)
            pairs = [Collection("tuple", [Known(place), item]) for place, item in enumerate(items or ())]
            return Collection("list", [*pairs]) if items is not None else NOTHING
        case "typing.cast" if others:
            return others[0]
        case _:
            return None


def _contained(name: str, first: Value) -> Value:
    items = items_of(first)
    if items is not None:
        is_open = isinstance(first, Collection | Mapping) and first.is_open
        return Collection(name, list(items), is_open=is_open)
    return first if isinstance(first, Bulk) else NOTHING


def _table(first: Value, keywords: AbstractMapping[str, Value]) -> Value:
    if isinstance(first, Mapping):
        return Mapping(first.pairs | table_of(keywords), is_open=first.is_open)
    return first if isinstance(first, Bulk) else NOTHING


def _of_path(name: str, path: Located, others: Sequence[Value]) -> Value | None:
    if name in _PATHS:
        return path_of(path.path, others)
    if name in _SAME_PATH:
        return Located(posixpath.normpath(path.path))
    match name:
        case "os.path.dirname":
            return Located(posixpath.dirname(path.path))
        case "os.path.join":
            return path_of(path.path, others)
        case "os.path.basename":
            return Known(posixpath.basename(path.path))
        case "open" | "io.open" | "codecs.open":
            return Located(path.path, is_open=True)
        case _:
            return None


def _range(arguments: Sequence[Value]) -> Value:
    bounds = [one.value for one in arguments if isinstance(one, Known) and isinstance(one.value, int)]
    if len(bounds) != len(arguments) or not 0 < len(bounds) < 4:
        return NOTHING
    try:
        numbers = range(*bounds)
        length = len(numbers)
    except (ValueError, OverflowError):
        return NOTHING
    if length <= MOST_ITEMS:
        return Collection("range", [Known(one) for one in numbers])
    return Bulk("range", length, {})


def method(of: Value, name: str, arguments: Sequence[Value], *, in_doubt: bool) -> Value:
    """Call a method of a known value. What is changed in doubt may be as it was."""
    match of:
        case Known(value=str() as text):
            return on_text(text, name, arguments)
        case Mapping():
            return _of_mapping(of, name, arguments, in_doubt=in_doubt)
        case Collection():
            return _of_collection(of, name, arguments, in_doubt=in_doubt)
        case Located():
            return _of_location(of, name, arguments)
        case _:
            return NOTHING


def _of_mapping(of: Mapping, name: str, arguments: Sequence[Value], *, in_doubt: bool) -> Value:
    if name in _CHANGING:
        of.is_open = True
    match name:
        case "keys":
            return Collection("list", [valued(key) for key in of.pairs], is_open=of.is_open)
        case "values":
            return Collection("list", [*of.pairs.values()], is_open=of.is_open)
        case "items":
            pairs: list[Value] = [Collection("tuple", [valued(key), value]) for key, value in of.pairs.items()]
            return Collection("list", pairs, is_open=of.is_open)
        case "get" if arguments:
            boxed = plain(arguments[0])
            missing = arguments[1] if len(arguments) > 1 else Known(None)
            return of.pairs.get(boxed[0], NOTHING if of.is_open else missing) if boxed is not None else NOTHING
        case "update":
            added = arguments[0] if arguments else NOTHING
            of.is_open = of.is_open or in_doubt or not isinstance(added, Mapping) or added.is_open
            of.pairs.update(added.pairs if isinstance(added, Mapping) else {})
            return Known(None)
        case "copy":
            return Mapping(dict(of.pairs), is_open=of.is_open)
        case _:
            return NOTHING


def _of_collection(of: Collection, name: str, arguments: Sequence[Value], *, in_doubt: bool) -> Value:
    if name in _CHANGING:
        of.is_open = True
    match name:
        case "append" | "add":
            of.items += arguments[:1]
            of.is_open = of.is_open or in_doubt
            return Known(None)
        case "extend" | "update":
            added = items_of(arguments[0]) if arguments else []
            of.items += added or []
            of.is_open = of.is_open or in_doubt or added is None
            return Known(None)
        case "copy":
            return Collection(of.form, list(of.items), is_open=of.is_open)
        case _:
            return NOTHING


def _of_location(of: Located, name: str, arguments: Sequence[Value]) -> Value:
    match name:
        case "joinpath":
            return path_of(of.path, arguments)
        case "with_name" if arguments:
            return path_of(posixpath.dirname(of.path), arguments[:1])
        case "resolve" | "absolute" | "as_posix" | "expanduser":
            return Located(posixpath.normpath(of.path))
        case "open" | "read_text" | "read_bytes" | "read":
            return Located(of.path, is_open=True, is_content=name != "open")
        case _:
            return NOTHING

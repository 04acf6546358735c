"""YAML and JSON as a tree that keeps lines and tags, and in which nothing has been evaluated or copied."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec

MERGED_MAPPINGS = 64
"""How many mappings one look-up goes through: more than anybody writes, and few enough for hostile chains of `<<`."""


class Scalar(msgspec.Struct, frozen=True):
    """A single value. It is `plain` when neither quoted nor tagged; `tag` is None or such as "!Ref"."""

    text: str
    tag: str | None = None
    plain: bool = False


class Sequence(msgspec.Struct, frozen=True):
    """A list, tagged when it is the argument of a function: `!If [...]`."""

    items: tuple["Value", ...]
    tag: str | None = None


class Mapping(msgspec.Struct, frozen=True):
    """Entries by key, and the mappings that `<<` merges into it, which yield to its own entries and earlier ones."""

    entries: dict[str, "Entry"] = {}
    merged: tuple["Mapping", ...] = ()

    def get(self, key: str) -> "Value | None":
        """Return the value of a key, None where there is none or it is null."""
        found = self.entry(key)
        return found.value if found is not None else None

    def entry(self, key: str) -> "Entry | None":
        """Return what stands at a key, None where nothing does or it is null."""
        found = next((entries[key] for entries in self._layers() if key in entries), None)
        return None if found is None or is_null(found.value) else found

    def items(self) -> Iterator[tuple[str, "Entry"]]:
        """Yield every key once, its own ones first, with what `get` would find."""
        seen: set[str] = set()
        for entries in self._layers():
            yield from ((key, entry) for key, entry in entries.items() if key not in seen)
            seen.update(entries)

    def over(self, defaults: "Mapping") -> "Mapping":
        """Return a mapping in which keys that are missing here are looked up in the defaults."""
        return Mapping(self.entries, (*self.merged, defaults))

    def having(self, **values: "Value | Entry | None") -> "Mapping":
        """Return a mapping in which some keys have other values; None leaves a key as it is."""
        entries = {
            key: value if isinstance(value, Entry) else Entry(value)
            for key, value in values.items()
            if value is not None
        }
        return Mapping(entries, (self,))

    def _layers(self) -> Iterator[dict[str, "Entry"]]:
        pending = [self]
        for _ in range(MERGED_MAPPINGS):
            if not pending:
                return
            mapping = pending.pop()
            yield mapping.entries
            pending.extend(reversed(mapping.merged))


Value = Scalar | Sequence | Mapping

NULL = Scalar("", plain=True)
"""The value of a key that might as well not be there."""

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


def is_null(value: Value) -> bool:
    """Tell whether a value is none."""
    return isinstance(value, Scalar) and value.plain and value.text in _NULLS


class Entry(NamedTuple):
    """A value in a mapping, and the line of its key: 0 when the entry is not from the file.

    `path` is the file in which it stands, empty where that is the template itself.
    """

    value: Value
    line: int = 0
    path: str = ""


def value_of(read: object, line: int = 0, path: str = "", text: Callable[[str], str] = str) -> Value:
    """Return what a parser has made of a file as values. `text` says what strings mean, those that are keys, too."""
    if isinstance(read, dict):
        items = ((text(str(key)), value_of(value, line, path, text)) for key, value in read.items())
        return Mapping({key: Entry(value, line, path) for key, value in items})
    if isinstance(read, list):
        return Sequence(tuple(value_of(item, line, path, text) for item in read))
    if read is None:
        return NULL
    if isinstance(read, str):
        return Scalar(text(read))
    return Scalar(str(read).lower() if isinstance(read, bool) else str(read), plain=True)


class Document(NamedTuple):
    """The one document of a file. It is not `complete` when a syntax error or a limit has ended the reading.

    In that case there is everything that stands before the `problem` in the root and the containers right below it,
    but nothing that is itself cut short.
    """

    root: Value | None
    complete: bool
    problem: str | None

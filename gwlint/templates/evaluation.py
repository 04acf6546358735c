"""How the values in one template are worked out."""

from collections.abc import Callable
from typing import NamedTuple

from gwlint.templates.facts import Tool
from gwlint.templates.literals import listed
from gwlint.templates.values import NULL, Entry, Mapping, Value


class Evaluation(NamedTuple):
    """The file at `path`, and how its values are to be understood.

    `resolve` returns what a value comes to: itself where it is literal, or nobody can tell, `NULL` for no value at all.
    Unless the file is `complete`, defaults may be missing: nothing is concluded from what is not there.
    """

    path: str
    tool: Tool
    complete: bool
    resolve: Callable[[Value], Value]

    def entry(self, properties: Mapping, key: str) -> Entry | None:
        """Return what a key has, worked out; None where it has nothing."""
        entry = properties.entry(key)
        if entry is None:
            return None
        value = self.resolve(entry.value)
        return None if value is NULL else entry._replace(value=value)

    def value(self, properties: Mapping, key: str) -> Value | None:
        """Return the value of a key, worked out; None where it has none."""
        entry = self.entry(properties, key)
        return entry.value if entry is not None else None

    def items(self, value: Value | None) -> tuple[Value, ...]:
        """Return the entries of a list, each worked out, those without a value left out."""
        found = (self.resolve(item) for item in listed(value))
        return tuple(item for item in found if item is not NULL)

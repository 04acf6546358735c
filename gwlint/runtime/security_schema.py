"""JSON Schema, a subset of the draft 2020-12, compiled once to functions that call one another."""

from __future__ import annotations

from . import security_combined_keywords, security_keywords, security_object_keywords
from .errors import Invalid
from .security_json_values import Failure, escaped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from .security_json_values import Check
    from .security_keywords import KeywordCompiler

COMPILERS: dict[str, KeywordCompiler] = {
    **security_keywords.COMPILERS,
    **security_object_keywords.COMPILERS,
    **security_combined_keywords.COMPILERS,
}

ANNOTATIONS = frozenset(
    {"$comment", "default", "deprecated", "description", "examples", "readOnly", "title", "writeOnly"}
)
"""Keywords that say nothing about whether data is valid."""

SUPPORTED = frozenset({"$defs", "$ref", "$schema", *ANNOTATIONS, *COMPILERS})
"""All keywords that may be used. A `$ref` leads to a place in the same schema: `#`, or `#/` and a JSON pointer."""

_DRAFT = ("https://json-schema.org/draft/2020-12/schema", "https://json-schema.org/draft/2020-12/schema#")
# A check that asks for little goes first: what is of another type altogether is not looked into.
_FIRST = {"type": 0, "required": 1, "enum": 1, "const": 1}


class Validator:
    """A compiled schema: called with data, it returns them if they are valid."""

    __slots__ = ("_check",)

    def __init__(self, check: Check | None) -> None:
        self._check = check

    def __call__(self, data: Any) -> Any:  # Any: whatever JSON can say
        """Return the data. Raises `Invalid` unless they are valid; its message and path do not quote them."""
        failure = self._failure(data)
        if failure is not None:
            raise Invalid(failure.message, failure.path, failure.keyword)
        return data

    def is_valid(self, data: object) -> bool:
        """Tell whether data are valid."""
        return self._failure(data) is None

    def _failure(self, data: object) -> Failure | None:
        if self._check is None:
            return None
        try:
            return self._check(data)
        except RecursionError:
            return Failure("maxDepth")


class Compiler:
    """What compiles one schema, each place in it once."""

    def __init__(self, schema: object) -> None:
        self._schema = schema
        self._made: dict[str, Check | None] = {}
        self._begun: set[str] = set()
        # Which schema asks which other one about the very same data.
        self._same: dict[str, set[str]] = {}

    def compiled(self) -> Check | None:
        """Return the check of the whole schema. Raises ValueError for what can't be compiled."""
        check = self.at("", self._schema)
        _refuse_loops(self._same)
        return check

    def at(self, pointer: str, schema: object) -> Check | None:
        """Return the check of the schema in a place: None where there is nothing to check."""
        if pointer not in self._begun:
            self._begun.add(pointer)
            self._made[pointer] = self._make(pointer, schema)
        return self._made[pointer] if pointer in self._made else self._later(pointer)

    def same(self, pointer: str, name: str, schema: object) -> Check | None:
        """Return the check of a part that is about the same data."""
        self._same.setdefault(pointer, set()).add(f"{pointer}/{name}")
        return self.at(f"{pointer}/{name}", schema)

    def part(self, pointer: str, name: str, schema: object) -> Check | None:
        """Return the check of a part that is about data within."""
        return self.at(f"{pointer}/{name}", schema)

    def _later(self, pointer: str) -> Check:
        """Return a check that finds its own when it is asked: it is being made."""

        def check(value: object) -> Failure | None:
            made = self._made[pointer]
            return None if made is None else made(value)

        return check

    def _make(self, pointer: str, schema: object) -> Check | None:
        if schema is True:
            return None
        if schema is False:
            return lambda _: Failure("false")
        if not isinstance(schema, dict):
            raise ValueError(f"#{pointer}: a schema is a mapping, true or false")
        unknown = sorted(str(name) for name in schema if name not in SUPPORTED)
        if unknown:
            raise ValueError(f"#{pointer}: keywords that are not supported: {', '.join(unknown)}")
        if schema.get("$schema", _DRAFT[0]) not in _DRAFT:
            raise ValueError(f"#{pointer}: only the draft 2020-12 is supported")
        self._definitions(pointer, schema.get("$defs", {}))
        names = sorted(schema, key=lambda name: _FIRST.get(name, 2))
        checks = [COMPILERS[name](self, pointer, schema) for name in names if name in COMPILERS]
        if "$ref" in schema:
            checks.append(self._reference(pointer, schema["$ref"]))
        return _all([check for check in checks if check is not None])

    def _definitions(self, pointer: str, definitions: object) -> None:
        if not isinstance(definitions, dict):
            raise ValueError(f"#{pointer}/$defs: a mapping is expected")
        for name, schema in definitions.items():
            self.at(f"{pointer}/$defs/{escaped(name)}", schema)

    def _reference(self, pointer: str, reference: object) -> Check | None:
        if not isinstance(reference, str) or not (reference == "#" or reference.startswith("#/")):
            raise ValueError(f"#{pointer}/$ref: only # and #/… are supported")
        from urllib.parse import unquote

        place = unquote(reference[1:])
        self._same.setdefault(pointer, set()).add(place)
        return self.at(place, _found(self._schema, place))


def validate(schema: Mapping[str, object] | bool) -> Validator:
    """Compile a schema. Raises ValueError for keywords that are not supported, and values that they can't have."""
    return Validator(Compiler(schema).compiled())


def _found(schema: object, place: str) -> object:
    for step in place.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(schema, dict) and name in schema:
            schema = schema[name]
        elif isinstance(schema, list) and name.isdecimal() and int(name) < len(schema):
            schema = schema[int(name)]
        else:
            raise ValueError(f"#{place}: there is no such place in the schema")
    return schema


def _all(checks: list[Check]) -> Check | None:
    """Return one check for several."""
    if len(checks) < 2:
        return checks[0] if checks else None
    if len(checks) == 2:
        first, second = checks
        return lambda value: first(value) or second(value)
    several = tuple(checks)

    def check(value: object) -> Failure | None:
        for one in several:
            failure = one(value)
            if failure is not None:
                return failure
        return None

    return check


def _refuse_loops(same: Mapping[str, Iterable[str]]) -> None:
    """Raise ValueError where a schema asks itself about the very same data."""
    done: set[str] = set()
    for begin in same:
        path: list[str] = []
        stack: list[tuple[str, bool]] = [(begin, False)]
        while stack:
            place, is_left = stack.pop()
            if is_left:
                path.pop()
                done.add(place)
            elif place in path:
                raise ValueError(f"#{place}: the schema refers to itself without end")
            elif place not in done:
                path.append(place)
                stack.append((place, True))
                stack.extend((other, False) for other in same.get(place, ()))

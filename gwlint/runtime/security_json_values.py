"""Values of JSON as JSON Schema sees them: their types, when two are equal, what is a multiple, and patterns."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from re import Pattern
    from typing import Any


class Failure:
    """What is not valid: the keyword that says so, and the way to what it says it of. It is always true."""

    __slots__ = ("_way", "keyword")

    def __init__(self, keyword: str) -> None:
        self.keyword = keyword
        self._way: list[str] = []

    def within(self, name: str) -> Failure:
        """Go one step outwards."""
        self._way.append(name)
        return self

    @property
    def path(self) -> str:
        """The way as a JSON pointer; names that only the data has are `*`."""
        return "".join(f"/{escaped(name)}" for name in reversed(self._way))

    @property
    def message(self) -> str:
        """What is wrong, without quoting the data."""
        return f"{self.path or 'the data'}: `{self.keyword}` does not hold"


if TYPE_CHECKING:
    Check = Callable[[object], Failure | None]

UNKNOWN_NAME = "*"


def is_number(value: object) -> bool:
    """Tell whether a value is a number, which true and false are not."""
    kind = type(value)
    return kind is int or kind is float or (isinstance(value, (int, float)) and not isinstance(value, bool))


def is_integer(value: object) -> bool:
    """Tell whether a value is a number without a fraction, however it is written."""
    kind = type(value)
    return kind is int or (
        not isinstance(value, bool)
        and (isinstance(value, int) or (isinstance(value, float) and value == value // 1 and abs(value) != _INFINITY))
    )


TYPES: dict[str, Callable[[object], bool]] = {
    "array": lambda value: isinstance(value, list),
    "boolean": lambda value: value is True or value is False,
    "integer": is_integer,
    "null": lambda value: value is None,
    "number": is_number,
    "object": lambda value: isinstance(value, dict),
    "string": lambda value: isinstance(value, str),
}


def is_equal(one: object, other: object) -> bool:
    """Tell whether two values are the same to JSON: 1 and 1.0 are, 1 and true are not."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(is_equal(*pair) for pair in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_equal(value, other[name]) for name, value in one.items())
    return one == other


def has_doubles(values: Iterable[object]) -> bool:
    """Tell whether two of some values are the same to JSON."""
    seen: set[object] = set()
    for value in values:
        mark = _mark(value)
        if mark in seen:
            return True
        seen.add(mark)
    return False


def is_multiple(value: float, of: float) -> bool:
    """Tell whether a number is another one times a whole number: as they are written, not as floats have it."""
    if isinstance(value, int) and isinstance(of, int):
        return value % of == 0
    if abs(value) == _INFINITY or value != value:
        return False
    (digits, exponent), (other_digits, other_exponent) = _scaled(value), _scaled(of)
    least = min(exponent, other_exponent)
    rest: int = digits * 10 ** (exponent - least) % (other_digits * 10 ** (other_exponent - least))
    return rest == 0


def as_pattern(pattern: str) -> Pattern[str]:
    """Return a regular expression of ECMAScript as Python has it. Raises ValueError for what Python has not."""
    made: list[str] = []
    in_class = False
    place = 0
    while place < len(pattern):
        char = pattern[place]
        if char == "\\":
            made.append(_escape(pattern, place, in_class))
            place += 2
            continue
        if in_class:
            in_class = char != "]"
            made.append("\\[" if char == "[" else char)
        elif char == "[":
            in_class = True
            made.append(char)
            if pattern[place + 1 : place + 2] == "]":
                raise ValueError(f"the pattern {pattern!r} has an empty class")
        elif char == "$":
            # To Python, `$` is also before a line feed at the end.
            made.append(r"\Z")
        elif pattern.startswith("(?", place) and pattern[place + 2 : place + 3] not in (":", "=", "!"):
            raise ValueError(f"the pattern {pattern!r} has a group of a kind that is not supported")
        else:
            made.append(char)
        place += 1
    try:
        return re.compile("".join(made), re.ASCII)
    except (re.error, RecursionError, OverflowError):
        raise ValueError(f"the pattern {pattern!r} is not supported") from None


def compiled_pattern(pointer: str, pattern: object) -> Callable[[str], object]:
    """Return what searches text for a pattern. Raises ValueError for what is none."""
    if not isinstance(pattern, str):
        raise ValueError(f"#{pointer}: a pattern is expected")
    try:
        return as_pattern(pattern).search
    except ValueError as error:
        raise ValueError(f"#{pointer}: {error}") from None


def schema_list(pointer: str, schema: dict[str, Any], keyword: str) -> list[Any]:  # Any: whatever a schema says
    """Return the schemas that a keyword lists. Raises ValueError where it does not."""
    listed = schema[keyword]
    if not isinstance(listed, list) or not listed:
        raise ValueError(f"#{pointer}/{keyword}: a list of schemas is expected")
    return listed


def schema_mapping(pointer: str, schema: dict[str, Any], keyword: str) -> dict[str, Any]:  # Any: see above
    """Return what a keyword says of names. Raises ValueError where it says nothing of the kind."""
    mapped = schema.get(keyword, {})
    if not isinstance(mapped, dict) or not all(isinstance(name, str) for name in mapped):
        raise ValueError(f"#{pointer}/{keyword}: a mapping is expected")
    return mapped


def escaped(name: str) -> str:
    """Return a name as it is written in a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")


_INFINITY = float("inf")
_SPACE = r"\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
# What means the same to both, by escapes; what follows \x and \u is left as it is.
_ESCAPES = frozenset("dDwWbBfnrtvxu^$\\.*+?()[]{}|/-0123456789")


def _escape(pattern: str, place: int, in_class: bool) -> str:
    char = pattern[place + 1 : place + 2]
    if char == "s":
        return _SPACE if in_class else f"[{_SPACE}]"
    if char == "S" and not in_class:
        return f"[^{_SPACE}]"
    if char not in _ESCAPES or not char or pattern.startswith("u{", place + 1):
        raise ValueError(f"the pattern {pattern!r} has an escape that is not supported")
    return "/" if char == "/" else f"\\{char}"


def _scaled(value: float) -> tuple[int, int]:
    """Return digits and the exponent of ten that they are to be multiplied with."""
    if isinstance(value, int):
        return value, 0
    mantissa, _, exponent = repr(float(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    return int(whole + fraction), int(exponent or 0) - len(fraction)


def _mark(value: object) -> object:
    """Return something that is equal for values that are the same to JSON, and can be in a set."""
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, list):
        return ("list", *map(_mark, value))
    if isinstance(value, dict):
        return ("dict", frozenset((name, _mark(one)) for name, one in value.items()))
    return value

"""What can be computed of values without running anything: operators, methods of constants, facts of the target."""

from __future__ import annotations

import builtins
import operator as operators
import posixpath
import re
from collections.abc import Callable, Sequence

from gwlint.footprint.values import (
    NOTHING,
    Bulk,
    ClassValue,
    Collection,
    FunctionValue,
    Instance,
    Known,
    LambdaValue,
    Located,
    Mapping,
    ModuleValue,
    Plain,
    Value,
    plain,
    truth,
    valued,
)

MOST_ITEMS = 400
"""How many items are looked at one by one."""

_LONGEST = 100_000
_MOST_JOINED = 10_000
_LONGEST_NAME = 1_000
_WIDE = re.compile(r"\d{4}|[*]")
"""A field as wide as that is no part of a name, and may be wider than memory."""
_SIZED = (ModuleValue, FunctionValue, ClassValue, Collection, Mapping, LambdaValue, Located)
_METHODS = frozenset(
    {
        "capitalize", "endswith", "format", "isdigit", "isidentifier", "lower", "lstrip", "partition", "removeprefix",
        "removesuffix", "replace", "rpartition", "rsplit", "rstrip", "split", "startswith", "strip", "title", "upper",
    }
)  # fmt: skip
# Operands are of any kind: what does not fit raises.
_OPERATORS: dict[str, Callable[..., object]] = {
    "==": operators.eq, "!=": operators.ne, "<": operators.lt, "<=": operators.le, ">": operators.gt,
    ">=": operators.ge, "%": operators.mod, "-": operators.sub, "/": operators.truediv, "//": operators.floordiv,
    "|": operators.or_,
}  # fmt: skip
_DISTANT_MICRO = 99


def as_text(value: Value) -> str | None:
    """Return a constant or a path as text."""
    match value:
        case Known(value=str() | int() | float() as constant):
            return str(constant)
        case Located(path=path):
            return path
        case _:
            return None


def joined(values: Sequence[Value]) -> Value:
    """Return texts put together."""
    texts = [text for value in values if (text := as_text(value)) is not None]
    return Known("".join(texts)) if len(texts) == len(values) and sum(map(len, texts)) < _LONGEST else NOTHING


def path_of(base: str, parts: Sequence[Value]) -> Value:
    """Return a path below another one."""
    texts = [text for value in parts if (text := as_text(value)) is not None]
    return Located(posixpath.join(base, *texts)) if len(texts) == len(parts) else NOTHING


def items_of(value: Value) -> list[Value] | None:
    """Return what iterating over a value yields, as far as it is known."""
    match value:
        case Collection(items=items) if items or not value.is_open:
            return items
        case Mapping(pairs=pairs) if pairs or not value.is_open:
            return [valued(key) for key in pairs]
        case Known(value=str() as text) if len(text) < MOST_ITEMS:
            return [Known(one) for one in text]
        case _:
            return None


def length_of(value: Value) -> int | None:
    """Return how many items a value has."""
    items = items_of(value)
    if items is not None:
        return len(items)
    return value.length if isinstance(value, Bulk) else None


def catches(kinds: Sequence[str], kind: str) -> bool:
    """Tell whether one of some exceptions, by name, is another one or a base of it."""
    raised = getattr(builtins, kind, None)
    for one in kinds:
        caught = getattr(builtins, one, None)
        if one == kind or caught in (Exception, BaseException):
            return True
        if isinstance(caught, type) and isinstance(raised, type) and issubclass(raised, caught):
            return True
    return False


def of_target(name: str, python: tuple[int, int]) -> Value | None:
    """Return what a name of the standard library is on the target, by what conditions ask for."""
    match name:
        case "sys.version_info":
            return valued((*python, _DISTANT_MICRO, "final", 0))
        case "sys.hexversion":
            return Known(python[0] << 24 | python[1] << 16 | _DISTANT_MICRO << 8)
        case "typing.TYPE_CHECKING" | "typing_extensions.TYPE_CHECKING":
            return Known(False)
        case _:
            return Known(_OF_TARGET[name]) if name in _OF_TARGET else None


_OF_TARGET: dict[str, Plain] = {
    "os.name": "posix", "os.path.sep": "/", "os.sep": "/", "sys.byteorder": "little",
    "sys.implementation.name": "cpython", "sys.maxsize": 2**63 - 1, "sys.maxunicode": 0x10FFFF, "sys.platform": "linux",
}  # fmt: skip


def operated(operator: str, values: Sequence[Value]) -> Value:
    """Return what an operator makes of its operands."""
    match operator:
        case "not":
            return _known(truth(values[0]), opposite=True)
        case "[]":
            return _item(values[0], values[1])
        case "in" | "not in":
            return _known(_contains(values[1], values[0]), opposite=operator == "not in")
        case "is" | "is not":
            return _known(_is_same(values[0], values[1]), opposite=operator == "is not")
        case "+":
            return _sum(values)
        case "*":
            return _product(values)
        case ":":
            return Collection(":", list(values))
        case "/" if isinstance(values[0], Located):
            return path_of(values[0].path, values[1:])
        case _:
            return _computed(operator, values)


def any_or_all(name: str, items: Sequence[Value] | None) -> Value:
    """Return what `any` or `all` says of some items."""
    answers = {truth(item) for item in items} if items is not None else {None}
    decisive = name == "any"
    if decisive in answers:
        return Known(decisive)
    return NOTHING if None in answers else Known(not decisive)


def on_text(text: str, name: str, arguments: Sequence[Value]) -> Value:
    """Return what a method of a string returns."""
    if name == "join" and arguments:
        texts = [as_text(one) for one in items_of(arguments[0]) or [NOTHING]]
        return Known(text.join(one for one in texts if one is not None)) if None not in texts else NOTHING
    boxed = [plain(one) for one in arguments]
    if name not in _METHODS or None in boxed or len(text) > _LONGEST_NAME or _WIDE.search(text):
        return NOTHING
    try:
        made = getattr(text, name)(*(one[0] for one in boxed if one is not None))
    except (TypeError, ValueError, LookupError, AttributeError):
        return NOTHING
    if isinstance(made, list | tuple):
        return Collection("list", [Known(str(one)) for one in made])
    return Known(made) if isinstance(made, str | bool) and (isinstance(made, bool) or len(made) < _LONGEST) else NOTHING


def _known(answer: bool | None, *, opposite: bool) -> Value:
    return NOTHING if answer is None else Known(answer is not opposite)


def _contains(container: Value, item: Value) -> bool | None:
    boxed = plain(item)
    if boxed is None:
        return None
    match container:
        case Mapping(pairs=pairs):
            return True if boxed[0] in pairs else None if container.is_open else False
        case Collection(items=items):
            inner = [plain(one) for one in items]
            return True if boxed in inner else None if None in inner or container.is_open else False
        case Known(value=str() as text) if isinstance(boxed[0], str):
            return boxed[0] in text
        case _:
            return None


def _is_same(one: Value, other: Value) -> bool | None:
    if isinstance(one, Known) and isinstance(other, Known):
        return one.value == other.value
    if one is other and isinstance(one, Instance | FunctionValue | ClassValue):
        return True
    if isinstance(one, ClassValue | FunctionValue) and isinstance(other, ClassValue | FunctionValue):
        return False
    if isinstance(one, ModuleValue) and isinstance(other, ModuleValue):
        return one.space is other.space
    if isinstance(other, Known) and other.value is None and isinstance(one, _SIZED):
        return False
    return None


def _sum(values: Sequence[Value]) -> Value:
    parts = [one for one in values if isinstance(one, Collection)]
    if len(parts) == len(values):
        if sum(len(one.items) for one in parts) > _MOST_JOINED:
            return NOTHING
        items = [item for one in parts for item in one.items]
        return Collection(parts[0].form, items, is_open=any(one.is_open for one in parts))
    if any(isinstance(one, Known) and isinstance(one.value, str) for one in values):
        return joined(values)
    numbers = [one.value for one in values if isinstance(one, Known) and isinstance(one.value, int | float)]
    return Known(sum(numbers)) if len(numbers) == len(values) else NOTHING


def _product(values: Sequence[Value]) -> Value:
    numbers = [one.value for one in values if isinstance(one, Known) and isinstance(one.value, int | float)]
    if len(numbers) == len(values) and all(abs(one) < 2**63 for one in numbers):
        product: int | float = 1
        for number in numbers:
            product = min(max(product * number, -(2**63)), 2**63)
        return Known(product)
    if len(values) == 2 and len(numbers) == 1 and isinstance(numbers[0], int):
        repeated = next(one for one in values if not (isinstance(one, Known) and isinstance(one.value, int | float)))
        return _repeated(repeated, max(numbers[0], 0))
    return NOTHING


def _repeated(value: Value, times: int) -> Value:
    length = length_of(value) if not isinstance(value, Known) else len(as_text(value) or "")
    if length is None:
        return NOTHING
    if isinstance(value, Collection) and length * times <= MOST_ITEMS:
        return Collection(value.form, value.items * times, is_open=value.is_open)
    form = value.form if isinstance(value, Collection | Bulk) else "string"
    kind = "string-bytes" if form == "string" else "element"
    return Bulk(form, length * times, {form: 1, kind: length * times}, is_repetition=True)


def _item(of: Value, key: Value) -> Value:
    boxed = plain(key)
    match of:
        case Collection() if isinstance(key, Collection) and key.form == ":":
            return _slice(of, key)
        case Collection(items=items) if boxed is not None and isinstance(boxed[0], int):
            is_inside = -len(items) <= boxed[0] < len(items)
            return items[boxed[0]] if is_inside and not of.is_open else NOTHING
        case Mapping(pairs=pairs) if boxed is not None:
            return pairs.get(boxed[0], NOTHING)
        case ClassValue():
            # `Base[int]` makes what `Base` does.
            return of
        case _:
            return NOTHING


def _slice(of: Collection, bounds: Collection) -> Value:
    first, last = (plain(one) for one in bounds.items)
    if first is None or last is None or of.is_open:
        return NOTHING
    start, end = first[0], last[0]
    if not isinstance(start, int | None) or not isinstance(end, int | None):
        return NOTHING
    return Collection(of.form, of.items[start:end])


def _computed(operator: str, values: Sequence[Value]) -> Value:
    compute = _OPERATORS.get(operator)
    boxed = [box for value in values if (box := plain(value)) is not None]
    if compute is None or len(boxed) != 2 or len(values) != 2:
        return NOTHING
    if (
        operator == "%"
        and isinstance(boxed[0][0], str)
        and (len(boxed[0][0]) > _LONGEST_NAME or _WIDE.search(boxed[0][0]))
    ):
        return NOTHING
    try:
        made = compute(boxed[0][0], boxed[1][0])
    except (TypeError, ValueError, ArithmeticError, LookupError, MemoryError):
        return NOTHING
    return Known(made) if isinstance(made, str | int | float | bool) else NOTHING

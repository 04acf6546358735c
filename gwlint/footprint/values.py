"""What names stand for while modules load, as far as their source says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from gwlint.steps import Class, Expression, Function, Import

if TYPE_CHECKING:
    from gwlint.footprint.environment import Found

Plain: TypeAlias = "str | int | float | bool | tuple[Plain, ...] | None"
Binding: TypeAlias = Literal["instance", "class", "static"]


@dataclass(slots=True, eq=False)
class Space:
    """A module and the names in it. It `is_open` when it may have names that its source does not show.

    `position` is that of its load; negative for one that could not be found. `lazy` names load something when used.
    """

    name: str
    position: int
    found: Found | None
    names: dict[str, Value] = field(default_factory=dict)
    is_open: bool = False
    is_loaded: bool = False
    lazy: dict[str, Import] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Scope:
    """The names of a module, class or function, and those around it."""

    space: Space
    names: dict[str, Value]
    outer: Scope | None = None
    is_class: bool = False
    shared: dict[str, dict[str, Value]] = field(default_factory=dict)
    prefix: str = ""


@dataclass(slots=True, eq=False)
class Outside:
    """Something that no file at hand says more about. The name is empty when nothing at all is known."""

    name: str


@dataclass(slots=True)
class Known:
    """A constant."""

    value: Plain


@dataclass(slots=True, eq=False)
class ModuleValue:
    """A module."""

    space: Space


@dataclass(slots=True, eq=False)
class FunctionValue:
    """A function, and the scope it was defined in. `binding` is what it is given when it is reached by an object."""

    step: Function
    scope: Scope
    name: str
    defaults: dict[str, Value]
    binding: Binding = "instance"


@dataclass(slots=True, eq=False)
class LambdaValue:
    """A function without a name."""

    parameters: tuple[str, ...]
    body: Expression
    scope: Scope


@dataclass(slots=True, eq=False)
class ClassValue:
    """A class. `ancestors` are the names of its bases, and of theirs, written out."""

    step: Class
    scope: Scope
    name: str
    bases: tuple[Value, ...]
    ancestors: tuple[str, ...]


@dataclass(slots=True, eq=False)
class Instance:
    """What calling something returned."""

    of: Value
    name: str
    attributes: dict[str, Value] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Method:
    """A function with the object that it is called on."""

    function: FunctionValue
    of: Value


@dataclass(slots=True, eq=False)
class Collection:
    """A list, tuple, set or other iterable whose items are known. It `is_open` where it may have others."""

    form: str
    items: list[Value]
    is_open: bool = False


@dataclass(slots=True, eq=False)
class Mapping:
    """A dictionary with known keys. It `is_open` where it may have others."""

    pairs: dict[Plain, Value]
    is_open: bool = False


@dataclass(slots=True, eq=False)
class Bulk:
    """Data of which only the size is known: how many elements it has, and what they are made of."""

    form: str
    length: int
    census: dict[str, int]
    is_repetition: bool = False


@dataclass(slots=True, eq=False)
class Located:
    """A path; `is_open` once it is a file that has been opened, `is_content` once that has been read."""

    path: str
    is_open: bool = False
    is_content: bool = False


@dataclass(slots=True, eq=False)
class Native:
    """Something that is done here rather than read in a source: a method of a known value."""

    name: str
    call: Callable[[Sequence[Value], dict[str, Value]], Value]


Value = (
    Outside
    | Known
    | ModuleValue
    | FunctionValue
    | LambdaValue
    | ClassValue
    | Instance
    | Method
    | Collection
    | Mapping
    | Bulk
    | Located
    | Native
)

NOTHING = Outside("")


def truth(value: Value) -> bool | None:
    """Return whether a value counts as true; `None` when this can't be told."""
    match value:
        case Known(value=plain):
            return bool(plain)
        case Collection(is_open=True) | Mapping(is_open=True):
            return None
        case Collection(items=items):
            return bool(items)
        case Mapping(pairs=pairs):
            return bool(pairs)
        case Bulk(length=length):
            return length > 0
        case Outside() | Instance() | Native():
            return None
        case _:
            return True


def plain(value: Value) -> tuple[Plain] | None:
    """Return a constant, boxed, tuples of constants included; `None` for anything else."""
    if isinstance(value, Known):
        return (value.value,)
    if isinstance(value, Collection) and value.form == "tuple" and not value.is_open:
        parts = [plain(item) for item in value.items]
        return (tuple(part[0] for part in parts if part is not None),) if None not in parts else None
    return None


def valued(constant: Plain) -> Value:
    """Return the value of a constant."""
    if isinstance(constant, tuple):
        return Collection("tuple", [valued(one) for one in constant])
    return Known(constant)


def table_of(named: AbstractMapping[str, Value]) -> dict[Plain, Value]:
    """Return what has names as what a dictionary holds."""
    return dict[Plain, Value](named.items())


def name_of(value: Value) -> str:
    """Return what a value is called, written out; nothing where it has no name."""
    match value:
        case Outside(name=name) | FunctionValue(name=name) | ClassValue(name=name) | Instance(name=name):
            return name
        case ModuleValue(space=space):
            return space.name
        case Method(function=function, of=of):
            return f"{name_of(of)}.{function.step.name}"
        case Native(name=name):
            return name
        case _:
            return ""


def merged(values: Iterable[Value | None]) -> Value | None:
    """Return what a name stands for after arms of which nobody knows which ran: `None` where it may be unbound."""
    distinct: list[Value] = []
    for value in values:
        if value is not None and not any(value is one or _same(value, one) for one in distinct):
            distinct.append(value)
    if not distinct:
        return None
    if len(distinct) == 1:
        return distinct[0]
    if all(isinstance(one, Mapping) for one in distinct):
        return Mapping(
            {k: v for one in distinct if isinstance(one, Mapping) for k, v in one.pairs.items()}, is_open=True
        )
    if all(isinstance(one, Collection) for one in distinct):
        longest = max((one for one in distinct if isinstance(one, Collection)), key=lambda one: len(one.items))
        return Collection(longest.form, longest.items, is_open=True)
    followed = [one for one in distinct if not isinstance(one, Outside | Known)]
    if followed:
        return followed[0]
    named = [one for one in distinct if isinstance(one, Outside) and one.name]
    return named[0] if named and len(named) == len(distinct) else NOTHING


def _same(one: Value, other: Value) -> bool:
    return isinstance(one, Known) and isinstance(other, Known) and (type(one.value), one.value) == (
        type(other.value), other.value
    )  # fmt: skip

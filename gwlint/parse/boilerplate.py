"""What a function is like that looks like others by custom: the traits that speak against comparing it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from gwlint.model import Trait
from gwlint.parse.canonical import Function

_GENERATED = re.compile(
    rb"(?i)\bdo not (?:edit|modify)\b|@generated\b|\b(?:auto(?:matically)?[- ]?generated|generated (?:by|from))\b"
)
_HEAD_LINES = 12
_DECLARING = {
    "overload", "abstractmethod", "abstractproperty", "abstractclassmethod", "abstractstaticmethod",
}  # fmt: skip
_PROPERTIES = {"property", "cached_property", "setter", "getter", "deleter", "hybrid_property", "classproperty"}
_BUILDING = {
    "add_argument", "add_option", "add_parser", "add_subparsers", "add_argument_group", "add_mutually_exclusive_group",
    "set_defaults",
}  # fmt: skip
_MOSTLY = 0.6
_STORING = 0.8


def is_generated(data: bytes) -> bool:
    """Tell whether the comments at the top of a file say that a program has written it."""
    lines = data.split(b"\n", _HEAD_LINES)[:_HEAD_LINES]
    return any(line.lstrip().startswith(b"#") and _GENERATED.search(line) for line in lines)


def is_declared_only(function: Function) -> bool:
    """Tell whether a function only says that there is one: a stub, an overload, an abstract method."""
    return not _DECLARING.isdisjoint(decorators(function)) or all(map(_does_nothing, function.body))


def traits(function: Function, *, is_method: bool, is_local: bool, is_alternative: bool) -> Iterator[Trait]:
    """Yield the traits of a function, in order."""
    name, body = function.name, _without_documentation(function.body)
    if is_alternative:
        yield "alternative"
    if isinstance(function, ast.AsyncFunctionDef):
        yield "async"
    if _share(map(_is_building, body), len(body)) >= _MOSTLY:
        yield "builder"
    if len(body) == 1 and _hands_on(body[0], function.args):
        yield "delegate"
    if name.startswith("__") and name.endswith("__"):
        yield "dunder"
    if (
        name in ("__init__", "__post_init__", "__new__", "__setstate__")
        and _share(map(_is_storing, body), len(body)) >= _STORING
    ):
        yield "initialiser"
    if is_local:
        yield "local"
    if is_method:
        yield "method"
    if not _PROPERTIES.isdisjoint(decorators(function)):
        yield "property"
    if _is_record(body):
        yield "record"
    if name.startswith("test"):
        yield "test"


def decorators(definition: Function | ast.ClassDef) -> list[str]:
    """Return the last names of the decorators of a definition."""
    return [last_name(one.func if isinstance(one, ast.Call) else one) for one in definition.decorator_list]


def last_name(node: ast.expr) -> str:
    """Return the last part of a dotted name, nothing of anything else."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _without_documentation(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    return [one for one in body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]


def _share(holds: Iterator[bool], among: int) -> float:
    return sum(holds) / among if among else 0.0


def _does_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Raise):
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return raised is None or last_name(raised) == "NotImplementedError"
    if isinstance(statement, ast.Return):
        return statement.value is None or _is_fixed(statement.value)
    return isinstance(statement, ast.Pass) or (isinstance(statement, ast.Expr) and _is_fixed(statement.value))


def _is_fixed(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) or (isinstance(value, ast.Name) and value.id == "NotImplemented")


def _is_building(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, ast.Expr | ast.Assign | ast.Return) else None
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in _BUILDING


def _hands_on(statement: ast.stmt, arguments: ast.arguments) -> bool:
    """Tell whether a statement is one call, with nothing but the parameters of the function for arguments."""
    value = statement.value if isinstance(statement, ast.Expr | ast.Return) else None
    value = value.value if isinstance(value, ast.Await) else value
    if not isinstance(value, ast.Call):
        return False
    given = [*value.args, *(keyword.value for keyword in value.keywords)]
    bare = [one.value if isinstance(one, ast.Starred) else one for one in given]
    listed = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    names = {one.arg for one in listed if one is not None}
    return all(isinstance(one, ast.Name) and one.id in names for one in bare)


def _is_storing(statement: ast.stmt) -> bool:
    """Tell whether a statement sets an attribute to something plain, or lets the base class do so."""
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return all(isinstance(one, ast.Attribute) for one in targets) and not _works(statement.value)
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return False
    owner = call.func.value
    is_super = isinstance(owner, ast.Call) and last_name(owner.func) == "super"
    return is_super or call.func.attr == "__init__"


def _works(value: ast.expr | None) -> bool:
    """Tell whether a value takes more than a call with plain arguments, or a default for what is missing."""
    if isinstance(value, ast.Call):
        given = [*value.args, *(keyword.value for keyword in value.keywords)]
        return any(isinstance(one, ast.Call | ast.ListComp | ast.GeneratorExp | ast.DictComp) for one in given)
    if isinstance(value, ast.BoolOp):
        return any(map(_works, value.values))
    if isinstance(value, ast.IfExp):
        return _works(value.body) or _works(value.orelse)
    return not (value is None or isinstance(value, ast.Constant | ast.Name | ast.Attribute | ast.List | ast.Dict))


def _is_record(body: Sequence[ast.stmt]) -> bool:
    """Tell whether a body mostly turns attributes into a mapping, or what is in a mapping into a call."""
    pieces = [piece for one in body for piece in _pieces(one)]
    return (
        len(pieces) >= 2
        and len(body) <= 2 + sum(map(_fills, body))
        and sum(map(_is_access, pieces)) >= (_MOSTLY * len(pieces))
    )


def _fills(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Subscript)


def _pieces(statement: ast.stmt) -> list[ast.expr]:
    """Return the values that a statement puts together in a mapping or a call."""
    if _fills(statement):
        return [statement.value]  # type: ignore[attr-defined]  # what fills is an assignment
    value = statement.value if isinstance(statement, ast.Return | ast.Assign) else None
    if isinstance(value, ast.Dict):
        return value.values
    if isinstance(value, ast.Call):
        return [keyword.value for keyword in value.keywords] or (
            value.args if isinstance(value.func, ast.Name) and value.func.id in ("cls", "dict") else []
        )
    return []


def _is_access(value: ast.expr) -> bool:
    """Tell whether a value is an attribute or an item of something, perhaps converted."""
    while isinstance(value, ast.Call) and (value.args or isinstance(value.func, ast.Attribute)):
        if isinstance(value.func, ast.Attribute) and isinstance(value.func.value, ast.Name | ast.Attribute):
            return True
        if not value.args:
            return False
        value = value.args[0]
    if isinstance(value, ast.IfExp):
        return _is_access(value.body)
    return isinstance(value, ast.Attribute | ast.Subscript)

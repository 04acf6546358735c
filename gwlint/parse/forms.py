"""What the syntax of Python has several words for, as far as one look at a node tells."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Sequence

COMPARISONS: dict[type, str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "is",
    ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
"""How comparisons are written."""

SIMPLE_STATEMENTS = frozenset(
    {
        ast.AnnAssign, ast.Assert, ast.Assign, ast.AugAssign, ast.Break, ast.Continue, ast.Delete, ast.Expr, ast.Global,
        ast.Import, ast.ImportFrom, ast.Nonlocal, ast.Pass, ast.Raise, ast.Return,
    }
)  # fmt: skip
"""What has no statements in it."""

COLLECTING = frozenset({"append", "add"})
"""The methods that put something into a collection."""

_LOG_METHODS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log"})
_MOST_STEPS = 2
_MOST_STATEMENTS = 6
_SIMPLE = (ast.Assign, ast.Expr, ast.Return)
_NEGATIVE = frozenset({"!=", "is not", "not in", "<=", ">="})


def is_text(node: ast.expr) -> bool:
    """Tell whether an expression is a string that is written out."""
    return type(node) is ast.JoinedStr or (type(node) is ast.Constant and type(node.value) is str)


def summands(node: ast.BinOp) -> list[ast.expr]:
    """Return what a chain of additions adds up."""
    parts: list[ast.expr] = []
    left: ast.expr = node
    while isinstance(left, ast.BinOp) and type(left.op) is ast.Add:
        parts.append(left.right)
        left = left.left
    return [left, *reversed(parts)]


def piece(part: ast.expr) -> str:
    """Return what a part of a string says, `{}` where that is not written out."""
    return str(part.value) if isinstance(part, ast.Constant) else "{}"


def is_negative(test: ast.expr) -> bool:
    """Tell whether a condition would rather be put the other way round."""
    if isinstance(test, ast.UnaryOp):
        return type(test.op) is ast.Not and not is_negative(test.operand)
    if isinstance(test, ast.Compare):
        return len(test.ops) == 1 and COMPARISONS[type(test.ops[0])] in _NEGATIVE
    return isinstance(test, ast.BoolOp) and all(map(is_negative, test.values))


def is_same(one: ast.expr, other: ast.expr) -> bool:
    """Tell whether two expressions are the same name or attribute."""
    if isinstance(one, ast.Name) and isinstance(other, ast.Name):
        return one.id == other.id
    if isinstance(one, ast.Attribute) and isinstance(other, ast.Attribute):
        return one.attr == other.attr and is_same(one.value, other.value)
    return False


def is_logging(call: ast.Call) -> bool:
    """Tell whether a call writes to a log."""
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr not in _LOG_METHODS:
        return False
    owner = function.value
    name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
    return "log" in name.lower()


def only_named(body: Sequence[ast.stmt]) -> dict[str, ast.expr]:
    """Return what a body that is one expression in the end gives names to: each for the sake of the next step alone."""
    if len(body) > _MOST_STATEMENTS:
        return {}
    *steps, last = [one for one in body if not (isinstance(one, ast.Expr) and _only_tells(one.value))] or [ast.Pass()]
    if not 0 < len(steps) <= _MOST_STEPS or not isinstance(last, _SIMPLE):
        return {}
    found: dict[str, ast.expr] = {}
    for step in steps:
        target = step.targets[0] if isinstance(step, ast.Assign) and len(step.targets) == 1 else None
        if not isinstance(step, ast.Assign) or not isinstance(target, ast.Name):
            return {}
        found[target.id] = step.value
    used = [Counter(node.id for node in ast.walk(one) if isinstance(node, ast.Name)) for one in (*steps, last)]
    is_chain = all(
        sum(names[name] for names in used) == 2 and following[name] == 1
        for name, following in zip(found, used[1:], strict=False)
    )
    return found if is_chain and len(found) == len(steps) else {}


def _only_tells(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) or (isinstance(value, ast.Call) and is_logging(value))


def is_empty(value: ast.expr) -> bool:
    """Tell whether a value is an empty list, dictionary or set."""
    if isinstance(value, ast.List):
        return not value.elts
    if isinstance(value, ast.Dict):
        return not value.keys
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id in ("list", "dict", "set")
        and not value.args
        and not value.keywords
    )


def collected(loop: ast.For | ast.AsyncFor, name: str) -> tuple[list[ast.comprehension], tuple[ast.expr, ...]] | None:
    """Return the comprehension that a loop is that does nothing but collect into a name."""
    generators: list[ast.comprehension] = []
    statement: ast.stmt = loop
    while True:
        if isinstance(statement, ast.For | ast.AsyncFor) and not statement.orelse and len(statement.body) == 1:
            generators.append(ast.comprehension(statement.target, statement.iter, [], 0))
        elif isinstance(statement, ast.If) and not statement.orelse and len(statement.body) == 1:
            generators[-1].ifs.append(statement.test)
        else:
            break
        statement = statement.body[0]
    added = elements(statement, name)
    return (generators, added) if generators and added else None


def elements(statement: ast.stmt, name: str) -> tuple[ast.expr, ...]:
    """Return what a statement adds to a collection, if that is what it does."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name) and target.value.id == name:
            return target.slice, statement.value
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or call.func.attr not in COLLECTING:
        return ()
    owner = call.func.value
    is_own = isinstance(owner, ast.Name) and owner.id == name and len(call.args) == 1 and not call.keywords
    return tuple(call.args) if is_own else ()

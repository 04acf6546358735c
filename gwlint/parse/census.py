"""The data of a module that is not small, and what it is made of."""

from __future__ import annotations

import ast
import operator
from collections import Counter
from collections.abc import Callable, Iterator

from gwlint.model import Census
from gwlint.parse.boilerplate import last_name
from gwlint.parse.source import Source

_SMALL_BYTES = 4_096
_GREATEST = 2**40
_GREATEST_POWER = 40
_GREATEST_BASE = 2**20
_OPERATIONS: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
}
_DISPLAYS = {ast.List: "list", ast.Tuple: "tuple", ast.Set: "set", ast.Dict: "dict"}


def literals(module: ast.Module, source: Source) -> Iterator[Census]:
    """Yield the literals that code of a module or of a class body binds, the small ones left out, in source order."""
    pending: list[ast.AST] = list(reversed(module.body))
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            yield from _of_assignment(node, source)
        elif isinstance(node, ast.ClassDef | ast.If | ast.Try | ast.With | ast.ExceptHandler):
            inner = [one for one in ast.iter_child_nodes(node) if isinstance(one, ast.stmt | ast.excepthandler)]
            pending += reversed(inner)


def _of_assignment(node: ast.Assign | ast.AnnAssign | ast.AugAssign, source: Source) -> Iterator[Census]:
    value = node.value
    if value is None:
        return
    start, end = _offsets(value, source)
    made = _made(value)
    counts = made or (_counts(value) if end - start >= _SMALL_BYTES else None)
    if counts:
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        name = target.id if isinstance(target, ast.Name) else "?"
        span = source.span(*_offsets(target, source))
        yield Census(name, tuple(sorted(counts.items())), made is None, end - start, span)


def _offsets(node: ast.expr, source: Source) -> tuple[int, int]:
    last = node.end_lineno or node.lineno
    return source.offset(node.lineno) + node.col_offset, source.offset(last) + (node.end_col_offset or 0)


def _counts(value: ast.expr) -> Counter[str]:
    """Count what a literal is made of; nothing where it is no literal in the main."""
    counts: Counter[str] = Counter()
    others = 0
    seen: set[str | bytes] = set()
    for node in ast.walk(value):
        if isinstance(node, ast.Constant):
            _count_constant(node.value, counts, seen)
        elif type(node) in _DISPLAYS:
            _count_display(node, counts)
        elif isinstance(node, ast.Call | ast.Name | ast.comprehension | ast.JoinedStr | ast.Lambda):
            others += 1
    made_of_literals = sum(counts[kind] for kind in ("int", "float", "string", "other"))
    return counts if others <= made_of_literals // 10 else Counter()


def _made(value: ast.expr) -> Counter[str] | None:
    """Count what a repetition is made of, or a comprehension over a range; None where it is neither, or small."""
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult):
        times, repeated = _number(value.right), value.left
        if times is None:
            times, repeated = _number(value.left), value.right
        return _repeated(repeated, times) if times is not None and times >= _SMALL_BYTES else None
    if isinstance(value, ast.ListComp | ast.SetComp | ast.DictComp) and len(value.generators) == 1:
        (generator,) = value.generators
        times = None if generator.ifs else _length(generator.iter)
        return _collected(value, times) if times is not None and times >= _SMALL_BYTES else None
    return None


def _repeated(value: ast.expr, times: int) -> Counter[str] | None:
    if isinstance(value, ast.List | ast.Tuple):
        return Counter({"element": len(value.elts) * times})
    if isinstance(value, ast.Constant) and isinstance(value.value, str | bytes):
        return Counter({"own-string": 1, "string-bytes": len(value.value) * times})
    return None


def _collected(value: ast.ListComp | ast.SetComp | ast.DictComp, times: int) -> Counter[str]:
    if isinstance(value, ast.DictComp):
        kind, parts = "entry", [value.key, value.value]
    else:
        kind, parts = "member" if isinstance(value, ast.SetComp) else "element", [value.elt]
    counts: Counter[str] = Counter({kind: times})
    for part in parts:
        for name, count in _of_one(part).items():
            counts[name] += count * times
    return counts


def _of_one(part: ast.expr) -> Counter[str]:
    """Count what a comprehension makes anew for each element."""
    if isinstance(part, ast.Tuple | ast.List | ast.Set | ast.Dict):
        counts: Counter[str] = Counter()
        _count_display(part, counts)
        for child in ast.iter_child_nodes(part):
            if isinstance(child, ast.expr):
                counts += _of_one(child)
        return counts
    if isinstance(part, ast.Constant):
        return Counter()
    if isinstance(part, ast.JoinedStr) or (
        isinstance(part, ast.Call) and last_name(part.func) in ("str", "hex", "chr")
    ):
        return Counter({"own-string": 1})
    divides = any(isinstance(node, ast.Div) or _is_float(node) for node in ast.walk(part))
    return Counter({"float" if divides else "own-int": 1})


def _is_float(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return last_name(node.func) in ("float", "sqrt", "sin", "cos", "random", "exp", "log")
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


def _length(node: ast.expr) -> int | None:
    """Return how often a loop over a range with constant ends runs."""
    if not isinstance(node, ast.Call) or last_name(node.func) != "range" or not 1 <= len(node.args) <= 3:
        return None
    ends = [_number(one) for one in node.args]
    numbers = [one for one in ends if one is not None]
    if len(numbers) < len(ends) or numbers[2:] == [0]:
        return None
    return len(range(*numbers))


def _number(node: ast.expr) -> int | None:
    """Return the value of a constant expression of whole numbers, if it is one and no astronomical one."""
    if isinstance(node, ast.Constant):
        return node.value if type(node.value) is int and abs(node.value) <= _GREATEST else None
    if not isinstance(node, ast.BinOp):
        return None
    left, right = _number(node.left), _number(node.right)
    if left is None or right is None:
        return None
    grows_fast = type(node.op) in (ast.Pow, ast.LShift)
    if grows_fast and not (0 <= right <= _GREATEST_POWER and abs(left) <= _GREATEST_BASE):
        return None
    compute = _OPERATIONS.get(type(node.op))
    value = _GREATEST if compute is None else compute(left, right)
    return value if abs(value) < _GREATEST else None


def _count_constant(value: object, counts: Counter[str], seen: set[str | bytes]) -> None:
    if isinstance(value, str | bytes):
        counts["string"] += 1
        if value not in seen:
            # Equal strings of a module are mostly one object.
            seen.add(value)
            counts["own-string"] += 1
            counts["string-bytes"] += len(value) * _width(value)
    elif isinstance(value, bool) or value is None or value is Ellipsis:
        counts["other"] += 1
    elif isinstance(value, int):
        counts["int"] += 1
        counts["own-int"] += not -5 <= value <= 256
    else:
        counts["float"] += 1


def _width(value: str | bytes) -> int:
    if isinstance(value, bytes) or value.isascii():
        return 1
    highest = max(value)
    return 1 if highest <= "\xff" else 2 if highest <= "\uffff" else 4


def _count_display(node: ast.AST, counts: Counter[str]) -> None:
    kind = _DISPLAYS[type(node)]
    counts[kind] += 1
    if isinstance(node, ast.Dict):
        counts["entry"] += len(node.keys)
    elif isinstance(node, ast.List | ast.Tuple | ast.Set):
        counts["member" if isinstance(node, ast.Set) else "element"] += len(node.elts)

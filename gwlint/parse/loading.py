"""What one file does when it is loaded: see `gwlint.steps`."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal

from gwlint.parse.fingerprints import at_rest
from gwlint.parse.source import Source
from gwlint.steps import (
    Annotate,
    Attempt,
    Attribute,
    Bind,
    Branch,
    Call,
    Class,
    Constant,
    Declare,
    Dotted,
    Each,
    Evaluate,
    Expression,
    Function,
    Import,
    Items,
    Lambda,
    Large,
    Leave,
    Loading,
    Loop,
    Operation,
    Other,
    Step,
    Table,
    Text,
    Within,
)

_DEEPEST = 40
"""How deep expressions and blocks are followed: what is deeper nobody wrote by hand."""

_MOST_LEAVES = 48
_MOST_NAMES = 4_000
_LONGEST_TEXT = 400
_NOTHING = Other(())
_Definition = ast.FunctionDef | ast.AsyncFunctionDef

_BINARY = {
    ast.Add: "+", ast.Mult: "*", ast.Mod: "%", ast.Div: "/", ast.Sub: "-", ast.BitOr: "|", ast.FloorDiv: "//",
    ast.Pow: "**", ast.LShift: "<<",
}  # fmt: skip
_COMPARED = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "is",
    ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip


def loading(raw: bytes) -> Loading:
    """Return what a file does when it is loaded: if it does not parse, its statements that do. Never raises."""
    source = Source(raw)
    with at_rest():
        try:
            module = ast.parse(source.data.decode())
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return _salvaged(source)
        return Loading(_read(module.body, source.data, 0), source.error)


def _salvaged(source: Source) -> Loading:
    from gwlint.parse.salvage import salvaged

    pieces, error = salvaged(source)
    steps: list[Step] = []
    for piece in pieces:
        if isinstance(piece, Import):
            steps.append(piece)
            continue
        line, text = piece
        steps += _read(ast.parse(text.decode()).body, text, line)
    return Loading(tuple(steps), error)


def _read(body: Sequence[ast.stmt], data: bytes, line: int) -> tuple[Step, ...]:
    reader = _Reader(data, line, postponed=_is_postponed(body))
    return reader.block(body, 0)


def _is_postponed(body: Sequence[ast.stmt]) -> bool:
    """Tell whether a module keeps its annotations as text."""
    return any(
        isinstance(one, ast.ImportFrom)
        and one.module == "__future__"
        and any(alias.name == "annotations" for alias in one.names)
        for one in body[:3]
    )


class _Reader:
    """Turns statements into steps."""

    def __init__(self, data: bytes, line: int, *, postponed: bool) -> None:
        self._line = line
        self._postponed = postponed
        self._starts: list[int] | None = None
        self._data = data
        # Most functions can be told to be no generators by their text alone, without a look at all that they do.
        self._yielding = [number for number, text in enumerate(data.split(b"\n"), 1) if b"yield" in text]

    # Statements.

    def block(self, body: Iterable[ast.stmt], depth: int) -> tuple[Step, ...]:
        """Return the steps of some statements."""
        if depth > _DEEPEST:
            return ()
        return tuple(step for one in body for step in self._steps(one, depth + 1))

    def _steps(self, node: ast.stmt, depth: int) -> Iterator[Step]:
        read = _STATEMENTS.get(type(node))
        if read is not None:
            yield from read(self, node, depth)

    def _import(self, node: ast.Import, _depth: int) -> Iterator[Step]:
        for alias in node.names:
            yield Import(alias.name, 0, (), alias.asname or "", self._at(node))

    def _import_from(self, node: ast.ImportFrom, _depth: int) -> Iterator[Step]:
        names = tuple((alias.name, alias.asname or alias.name) for alias in node.names)
        yield Import(node.module or "", node.level, names, "", self._at(node))

    def _assign(self, node: ast.Assign, depth: int) -> Iterator[Step]:
        targets = tuple(self.expression(target, depth) for target in node.targets)
        yield Bind(targets, self.expression(node.value, depth), "", self._at(node))

    def _annotated(self, node: ast.AnnAssign, depth: int) -> Iterator[Step]:
        annotations = self._annotations([node.annotation])
        if annotations:
            yield Annotate(annotations, self._at(node))
        if node.value is not None:
            yield Bind((self.expression(node.target, depth),), self.expression(node.value, depth), "", self._at(node))

    def _augmented(self, node: ast.AugAssign, depth: int) -> Iterator[Step]:
        operator = _BINARY.get(type(node.op), "?")
        yield Bind((self.expression(node.target, depth),), self.expression(node.value, depth), operator, self._at(node))

    def _expression_statement(self, node: ast.Expr, depth: int) -> Iterator[Step]:
        if not isinstance(node.value, ast.Constant):
            yield Evaluate(self.expression(node.value, depth), self._at(node))

    def _if(self, node: ast.If, depth: int) -> Iterator[Step]:
        arms: list[tuple[Expression | None, tuple[Step, ...]]] = []
        while True:
            arms.append((self.expression(node.test, depth), self.block(node.body, depth)))
            if len(node.orelse) != 1 or not isinstance(node.orelse[0], ast.If):
                break
            node = node.orelse[0]
        if node.orelse:
            arms.append((None, self.block(node.orelse, depth)))
        yield Branch(tuple(arms), self._at(node))

    def _try(self, node: ast.Try, depth: int) -> Iterator[Step]:
        yield Attempt(
            self.block(node.body, depth),
            tuple(
                (self._caught(handler.type, depth), handler.name or "", self.block(handler.body, depth))
                for handler in node.handlers
            ),
            self.block(node.orelse, depth),
            self.block(node.finalbody, depth),
            self._at(node),
        )

    def _caught(self, node: ast.expr | None, depth: int) -> tuple[Expression, ...]:
        if node is None:
            return ()
        return tuple(self.expression(one, depth) for one in (node.elts if isinstance(node, ast.Tuple) else (node,)))

    def _with(self, node: ast.With | ast.AsyncWith, depth: int) -> Iterator[Step]:
        managers = tuple(
            (self.expression(item.context_expr, depth), self._optional(item.optional_vars, depth))
            for item in node.items
        )
        yield Within(managers, self.block(node.body, depth), self._at(node))

    def _for(self, node: ast.For | ast.AsyncFor, depth: int) -> Iterator[Step]:
        yield Loop(
            self.expression(node.target, depth),
            self.expression(node.iter, depth),
            self.block(node.body, depth),
            self.block(node.orelse, depth),
            self._at(node),
        )

    def _while(self, node: ast.While, depth: int) -> Iterator[Step]:
        body, otherwise = self.block(node.body, depth), self.block(node.orelse, depth)
        yield Loop(None, self.expression(node.test, depth), body, otherwise, self._at(node))

    def _match(self, node: ast.Match, depth: int) -> Iterator[Step]:
        yield Evaluate(self.expression(node.subject, depth), self._at(node))
        yield Branch(tuple((_NOTHING, self.block(case.body, depth)) for case in node.cases), self._at(node))

    def _function(self, node: _Definition, depth: int) -> Iterator[Step]:
        taken = node.args
        positional = [*taken.posonlyargs, *taken.args]
        annotated = [*positional, *taken.kwonlyargs, *(one for one in (taken.vararg, taken.kwarg) if one is not None)]
        defaults = [
            *zip(positional[len(positional) - len(taken.defaults) :], taken.defaults, strict=True),
            *zip(taken.kwonlyargs, taken.kw_defaults, strict=True),
        ]
        yield Function(
            name=node.name,
            parameters=tuple(one.arg for one in positional),
            only_keywords=tuple(one.arg for one in taken.kwonlyargs),
            variadic=taken.vararg.arg if taken.vararg else "",
            keywords=taken.kwarg.arg if taken.kwarg else "",
            defaults=tuple((one.arg, self.expression(value, depth)) for one, value in defaults if value is not None),
            decorators=tuple(self.expression(one, depth) for one in node.decorator_list),
            annotations=self._annotations([*(one.annotation for one in annotated), node.returns]),
            is_lazy=isinstance(node, ast.AsyncFunctionDef) or (self._may_yield(node) and _is_generator(node)),
            line=self._at(node),
            body=self.block(node.body, depth),
        )

    def _may_yield(self, node: _Definition) -> bool:
        first = bisect_left(self._yielding, node.lineno)
        return first < len(self._yielding) and self._yielding[first] <= (node.end_lineno or 0)

    def _class(self, node: ast.ClassDef, depth: int) -> Iterator[Step]:
        yield Class(
            name=node.name,
            bases=tuple(self.expression(base, depth) for base in node.bases),
            keywords=tuple((one.arg or "", self.expression(one.value, depth)) for one in node.keywords),
            decorators=tuple(self.expression(one, depth) for one in node.decorator_list),
            fields=sum(map(_is_field, node.body)),
            line=self._at(node),
            body=self.block(node.body, depth),
        )

    def _leave(self, node: ast.Return | ast.Raise | ast.Break | ast.Continue, depth: int) -> Iterator[Step]:
        value = node.value if isinstance(node, ast.Return) else node.exc if isinstance(node, ast.Raise) else None
        yield Leave(_LEAVING[type(node)], self._optional(value, depth), self._at(node))

    def _assert(self, node: ast.Assert, depth: int) -> Iterator[Step]:
        yield Evaluate(Other((self.expression(node.test, depth),)), self._at(node))

    def _declare(self, node: ast.Global | ast.Nonlocal, _depth: int) -> Iterator[Step]:
        yield Declare("global" if isinstance(node, ast.Global) else "nonlocal", tuple(node.names))

    def _delete(self, node: ast.Delete, _depth: int) -> Iterator[Step]:
        yield Declare("del", tuple(one.id for one in node.targets if isinstance(one, ast.Name)))

    def _annotations(self, nodes: Iterable[ast.expr | None]) -> tuple[Expression, ...]:
        """Return the attributes that annotations reach for: only these can load anything."""
        if self._postponed:
            return ()
        dotted = (
            self.expression(inner, _DEEPEST - 1)
            for node in nodes
            if node is not None and not isinstance(node, ast.Name | ast.Constant)
            for inner in ast.walk(node)
            if isinstance(inner, ast.Attribute)
        )
        return tuple(dict.fromkeys(one for one in dotted if isinstance(one, Dotted)))

    def _at(self, node: ast.stmt | ast.expr) -> int:
        return node.lineno + self._line

    # Expressions.

    def expression(self, node: ast.expr, depth: int) -> Expression:
        """Return what is followed of an expression."""
        if depth > _DEEPEST:
            return _NOTHING
        read = _EXPRESSIONS.get(type(node))
        return self._other(node, depth) if read is None else read(self, node, depth + 1)

    def _optional(self, node: ast.expr | None, depth: int) -> Expression | None:
        return None if node is None else self.expression(node, depth)

    def _other(self, node: ast.expr, depth: int) -> Expression:
        inner = (self.expression(one, depth + 1) for one in ast.iter_child_nodes(node) if isinstance(one, ast.expr))
        return _others(inner)

    def _constant(self, node: ast.Constant, _depth: int) -> Expression:
        value = node.value
        if isinstance(value, str | bytes) and len(value) > _LONGEST_TEXT:
            return self._large(node, "string" if isinstance(value, str) else "bytes", len(value), None)
        if isinstance(value, str):
            return Constant(value) if _is_encodable(value) else _NOTHING
        if isinstance(value, bool | float) or value is None or (isinstance(value, int) and -(2**63) <= value < 2**63):
            return Constant(value)
        return _NOTHING

    def _name(self, node: ast.Name, _depth: int) -> Expression:
        return Dotted(node.id)

    def _attribute(self, node: ast.Attribute, depth: int) -> Expression:
        inner = self.expression(node.value, depth)
        if isinstance(inner, Dotted):
            return Dotted(f"{inner.name}.{node.attr}")
        return Attribute(inner, node.attr)

    def _call(self, node: ast.Call, depth: int) -> Expression:
        return Call(
            self.expression(node.func, depth),
            tuple(self.expression(one, depth) for one in node.args),
            tuple((one.arg or "", self.expression(one.value, depth)) for one in node.keywords),
            self._at(node),
        )

    def _starred(self, node: ast.Starred, depth: int) -> Expression:
        return Operation("*_", (self.expression(node.value, depth),))

    def _items(self, node: ast.List | ast.Tuple | ast.Set, depth: int) -> Expression:
        form: Literal["list", "tuple", "set"] = (
            "list" if isinstance(node, ast.List) else "tuple" if isinstance(node, ast.Tuple) else "set"
        )
        if len(node.elts) > 2 and _is_large(node):
            content = Items(form, tuple(self._named(one) for one in node.elts)) if _has_names(node) else None
            return self._large(node, form, len(node.elts), content)
        return Items(form, tuple(self.expression(one, depth) for one in node.elts))

    def _table(self, node: ast.Dict, depth: int) -> Expression:
        if len(node.keys) > 2 and _is_large(node):
            content = self._named(node) if _has_names(node) else None
            return self._large(node, "dict", len(node.keys), content if isinstance(content, Table) else None)
        return Table(
            tuple(
                (self._optional(key, depth), self.expression(value, depth))
                for key, value in zip(node.keys, node.values, strict=True)
            )
        )

    def _named(self, node: ast.expr) -> Expression:
        """Return a literal that holds nothing but short strings as it is."""
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            return Table(tuple((None if key is None else self._named(key), self._named(value)) for key, value in pairs))
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            return Items("tuple", tuple(map(self._named, node.elts)))
        return self.expression(node, _DEEPEST - 2)

    def _large(
        self,
        node: ast.expr,
        form: Literal["list", "tuple", "set", "dict", "string", "bytes"],
        length: int,
        content: Items | Table | None,
    ) -> Expression:
        return Large(form, census(node), length, self._extent(node), self._at(node), content)

    def _extent(self, node: ast.expr) -> int:
        """Return how many bytes of source an expression takes."""
        if self._starts is None:
            self._starts = [0]
            for line in self._data.splitlines(keepends=True):
                self._starts.append(self._starts[-1] + len(line))
        last = len(self._starts) - 1
        start = self._starts[min(node.lineno - 1, last)] + node.col_offset
        end = self._starts[min((node.end_lineno or node.lineno) - 1, last)] + (node.end_col_offset or 0)
        return max(end - start, 0)

    def _text(self, node: ast.JoinedStr, depth: int) -> Expression:
        return Text(
            tuple(
                self.expression(one.value, depth)
                if isinstance(one, ast.FormattedValue) and one.format_spec is None and one.conversion == -1
                else self.expression(one, depth)
                for one in node.values
            )
        )

    def _boolean(self, node: ast.BoolOp, depth: int) -> Expression:
        operator = "and" if isinstance(node.op, ast.And) else "or"
        return Operation(operator, tuple(self.expression(one, depth) for one in node.values))

    def _unary(self, node: ast.UnaryOp, depth: int) -> Expression:
        inner = self.expression(node.operand, depth)
        if isinstance(node.op, ast.Not):
            return Operation("not", (inner,))
        if isinstance(node.op, ast.USub) and isinstance(inner, Constant) and isinstance(inner.value, int | float):
            return Constant(-inner.value)
        return _others([inner])

    def _binary(self, node: ast.BinOp, depth: int) -> Expression:
        operands: list[Expression] = []
        one: ast.expr = node
        # What is chained is nested to the left, as deep as the chain is long.
        while isinstance(one, ast.BinOp) and type(one.op) is type(node.op) and len(operands) < 1_000:
            operands.append(self.expression(one.right, depth))
            one = one.left
        operands.append(self.expression(one, depth))
        operator = _BINARY.get(type(node.op))
        return _others(reversed(operands)) if operator is None else Operation(operator, tuple(reversed(operands)))

    def _compare(self, node: ast.Compare, depth: int) -> Expression:
        sides = [self.expression(one, depth) for one in (node.left, *node.comparators)]
        pairs = zip(node.ops, sides, sides[1:], strict=False)
        parts = tuple(Operation(_COMPARED[type(one)], (left, right)) for one, left, right in pairs)
        return parts[0] if len(parts) == 1 else Operation("and", parts)

    def _choice(self, node: ast.IfExp, depth: int) -> Expression:
        return Operation("if", tuple(self.expression(one, depth) for one in (node.test, node.body, node.orelse)))

    def _subscript(self, node: ast.Subscript, depth: int) -> Expression:
        return Operation("[]", (self.expression(node.value, depth), self.expression(node.slice, depth)))

    def _each(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp, depth: int) -> Expression:
        form: Literal["list", "set", "dict", "generator"]
        if isinstance(node, ast.DictComp):
            form = "dict"
            element: Expression = Items("tuple", (self.expression(node.key, depth), self.expression(node.value, depth)))
        else:
            form = "list" if isinstance(node, ast.ListComp) else "set" if isinstance(node, ast.SetComp) else "generator"
            element = self.expression(node.elt, depth)
        loops = tuple(
            (
                self.expression(one.target, depth),
                self.expression(one.iter, depth),
                tuple(self.expression(test, depth) for test in one.ifs),
            )
            for one in node.generators
        )
        return Each(form, element, loops, self._at(node))

    def _lambda(self, node: ast.Lambda, depth: int) -> Expression:
        taken = [*node.args.posonlyargs, *node.args.args]
        return Lambda(tuple(one.arg for one in taken), self.expression(node.body, depth))

    def _walrus(self, node: ast.NamedExpr, depth: int) -> Expression:
        return Operation(":=", (Dotted(node.target.id), self.expression(node.value, depth)))

    def _slice(self, node: ast.Slice, depth: int) -> Expression:
        bounds = (Constant(None) if one is None else self.expression(one, depth) for one in (node.lower, node.upper))
        return _NOTHING if node.step is not None else Operation(":", tuple(bounds))

    def _inner(self, node: ast.Await | ast.FormattedValue, depth: int) -> Expression:
        return _others([self.expression(node.value, depth)])


def _others(inner: Iterable[Expression]) -> Expression:
    kept = tuple(one for one in inner if not isinstance(one, Constant) and one != _NOTHING)
    return Other(kept) if kept else _NOTHING


def _is_field(node: ast.stmt) -> bool:
    if isinstance(node, ast.AnnAssign):
        return isinstance(node.target, ast.Name)
    return isinstance(node, ast.Assign) and all(isinstance(one, ast.Name) for one in node.targets)


def _is_generator(function: _Definition) -> bool:
    pending: list[ast.AST] = [*function.body]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(node, _Definition | ast.Lambda | ast.ClassDef):
            pending += ast.iter_child_nodes(node)
    return False


def _is_encodable(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= one <= "\udfff" for one in text)


def _is_large(node: ast.expr) -> bool:
    """Tell whether a literal has many leaves, all of them constants, or containers of these."""
    leaves = 0
    pending: list[ast.AST | None] = [node]
    while pending:
        one = pending.pop()
        if isinstance(one, ast.Constant):
            leaves += 1
        elif isinstance(one, ast.List | ast.Tuple | ast.Set):
            pending += one.elts
        elif isinstance(one, ast.Dict):
            pending += one.keys
            pending += one.values
        elif not isinstance(one, ast.UnaryOp) or not isinstance(one.operand, ast.Constant):
            return False
    return leaves > _MOST_LEAVES


def _has_names(node: ast.expr) -> bool:
    """Tell whether all constants of a literal are short strings, and not too many."""
    leaves = [one for one in ast.walk(node) if isinstance(one, ast.Constant)]
    return len(leaves) <= _MOST_NAMES and all(
        isinstance(one.value, str) and len(one.value) <= _MOST_LEAVES and one.value.isascii() for one in leaves
    )


def census(node: ast.AST) -> tuple[tuple[str, int], ...]:
    """Count what a literal is made of, by kind."""
    counts: Counter[str] = Counter()
    pending: list[ast.AST | None] = [node]
    while pending:
        one = pending.pop()
        if isinstance(one, ast.Constant):
            kind = type(one.value).__name__
            counts[_KINDS.get(kind, kind)] += 1
            if isinstance(one.value, str | bytes):
                counts[f"{_KINDS[kind]}-bytes"] += len(one.value)
        elif isinstance(one, ast.List | ast.Tuple | ast.Set):
            counts[type(one).__name__.lower()] += 1
            counts["element"] += len(one.elts)
            pending += one.elts
        elif isinstance(one, ast.Dict):
            counts["dict"] += 1
            counts["entry"] += len(one.keys)
            pending += one.keys
            pending += one.values
        elif isinstance(one, ast.UnaryOp):
            pending.append(one.operand)
    return tuple(sorted(counts.items()))


_KINDS = {"str": "string", "bytes": "bytes", "NoneType": "none", "ellipsis": "none"}
_LEAVING: dict[type[ast.stmt], Literal["return", "raise", "break", "continue"]] = {
    ast.Return: "return", ast.Raise: "raise", ast.Break: "break", ast.Continue: "continue"
}  # fmt: skip
# Each takes the one kind of node that it stands beside.
_STATEMENTS: dict[type[ast.stmt], Callable[..., Iterator[Step]]] = {
    ast.Import: _Reader._import, ast.ImportFrom: _Reader._import_from, ast.Assign: _Reader._assign,
    ast.AnnAssign: _Reader._annotated, ast.AugAssign: _Reader._augmented, ast.Expr: _Reader._expression_statement,
    ast.If: _Reader._if, ast.Try: _Reader._try, ast.With: _Reader._with, ast.AsyncWith: _Reader._with,
    ast.For: _Reader._for, ast.AsyncFor: _Reader._for, ast.While: _Reader._while, ast.Match: _Reader._match,
    ast.FunctionDef: _Reader._function, ast.AsyncFunctionDef: _Reader._function, ast.ClassDef: _Reader._class,
    ast.Return: _Reader._leave, ast.Raise: _Reader._leave, ast.Break: _Reader._leave, ast.Continue: _Reader._leave,
    ast.Assert: _Reader._assert, ast.Global: _Reader._declare, ast.Nonlocal: _Reader._declare,
    ast.Delete: _Reader._delete,
}  # fmt: skip
_EXPRESSIONS: dict[type[ast.expr], Callable[..., Expression]] = {
    ast.Constant: _Reader._constant, ast.Name: _Reader._name, ast.Attribute: _Reader._attribute,
    ast.Call: _Reader._call, ast.Starred: _Reader._starred, ast.List: _Reader._items, ast.Tuple: _Reader._items,
    ast.Set: _Reader._items, ast.Dict: _Reader._table, ast.JoinedStr: _Reader._text, ast.BoolOp: _Reader._boolean,
    ast.UnaryOp: _Reader._unary, ast.BinOp: _Reader._binary, ast.Compare: _Reader._compare, ast.IfExp: _Reader._choice,
    ast.Subscript: _Reader._subscript, ast.ListComp: _Reader._each, ast.SetComp: _Reader._each,
    ast.DictComp: _Reader._each, ast.GeneratorExp: _Reader._each, ast.Lambda: _Reader._lambda,
    ast.NamedExpr: _Reader._walrus, ast.Slice: _Reader._slice, ast.Await: _Reader._inner,
    ast.FormattedValue: _Reader._inner,
}  # fmt: skip
if hasattr(ast, "TryStar"):
    _STATEMENTS[ast.TryStar] = _Reader._try

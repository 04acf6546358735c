"""The canonical form of a function: what is left of its body when layout, names and the choice of words do not count.

A function becomes a list of tokens in an order close to that of evaluation. Literals lose their value, and what the
function binds itself loses its name; attributes, callees, keywords and global names are kept. What can be said in
several ways is said in one: negations move inwards and out of `if` … `else`, nested `if` become one, what follows an
`if` that leaves is its `else`, a conditional expression is an `if`, a loop that only collects is a comprehension,
`x = x + y` is `x += y`, `a > b` is `b < a`, and all ways of formatting a string are one.

Hidden tokens say where a block ends and what was put differently: they tell equal functions from similar ones, and no
similarity counts them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from gwlint.parse.forms import (
    COLLECTING,
    COMPARISONS,
    collected,
    is_empty,
    is_logging,
    is_negative,
    is_same,
    is_text,
    only_named,
    piece,
    summands,
)

HIDDEN = "\x01"
"""What a token begins with that is there only to tell equal functions from similar ones."""

TEXT, BYTES, NUMBER = "'", "b'", "0"
"""The tokens of literals, whose values are listed on their own."""

Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef"

_END, _ELSE, _NOT_IN_ORDER = f"{HIDDEN}end", f"{HIDDEN}else", f"{HIDDEN}otherwise"
_LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_LONGEST = 60
_MOST_BITS = 1000

_OPERATORS: dict[type, str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.MatMult: "@", ast.LShift: "<<", ast.RShift: ">>", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^",
    ast.UAdd: "u+", ast.USub: "u-", ast.Invert: "~",
}  # fmt: skip
_OPPOSITE = {
    "==": "!=", "!=": "==", "is": "is not", "is not": "is", "in": "not in", "not in": "in", "<": ">=", ">=": "<",
    ">": "<=", "<=": ">",
}  # fmt: skip
_TURNED = {">": "<", ">=": "<="}


class Canonical:
    """The tokens of one function, as they are read.

    `tokens` has names as they are written: which of them are `bound` is known at the end. `literals` has a text for
    every literal, `starts` the place of the first token of every statement with its line, `signature` the parameters.
    """

    __slots__ = ("_line", "_passed_on", "bound", "calls", "literals", "logged", "signature", "starts", "tokens")

    def __init__(self, function: Function) -> None:
        """Read a function. Raises `RecursionError` where it is nested too deeply."""
        self.tokens: list[str] = []
        self.literals: list[str] = []
        self.logged: list[str] = []
        self.bound: set[str] = {function.name}
        self.starts: list[tuple[int, int]] = []
        self.calls = 0
        self._line = function.lineno
        self._passed_on = only_named(function.body)
        self._parameters(function.args)
        self.signature, self.tokens = self.tokens, []
        self._block(function.body)

    # Statements

    def _block(self, body: Sequence[ast.stmt]) -> None:
        place, last = 0, len(body)
        while place < last:
            statement = body[place]
            kind = type(statement)
            if kind is ast.If:
                rest = body[place + 1 :]
                if self._if(statement, rest):  # type: ignore[arg-type]  # `kind` says what it is
                    return
            elif kind is ast.Assign and place + 1 < last:
                place += self._pair(statement, body[place + 1])  # type: ignore[arg-type]  # the same
            else:
                self._statement(statement)
            place += 1

    def _statement(self, node: ast.stmt) -> None:
        self._line = node.lineno
        read = _STATEMENTS.get(type(node))
        if read is not None:
            read(self, node)

    def _start(self) -> None:
        self.starts.append((len(self.tokens), self._line))

    def _pair(self, first: ast.Assign, second: ast.stmt) -> int:
        """Read an assignment, and the statement after it where both are one. Return how many more were read."""
        target = first.targets[0]
        if type(target) is ast.Name and self._passed_on.get(target.id) is first.value:
            self._hide("named")
            self.bound.add(target.id)
            return 0
        if type(target) is ast.Name and len(first.targets) == 1:
            if type(second) is ast.Return and type(second.value) is ast.Name and second.value.id == target.id:
                self.bound.add(target.id)
                self._hide("result")
                self._line = first.lineno
                self._return(first.value)
                return 1
            if type(second) in (ast.For, ast.AsyncFor) and is_empty(first.value):
                comprehension = collected(second, target.id)  # type: ignore[arg-type]  # its type was just looked at
                if comprehension is not None:
                    self._line = second.lineno
                    self._start()
                    self._hide("loop")
                    self._comprehension(*comprehension)
                    self._target(target)
                    self.tokens.append("<=>")
                    return 1
        self._statement(first)
        return 0

    def _if(self, node: ast.If, rest: Sequence[ast.stmt]) -> bool:
        """Read an `if`, and the rest of its block where that is its `else`. Return whether it was."""
        self._line = node.lineno
        test, body, orelse = node.test, node.body, node.orelse
        while not orelse and len(body) == 1 and type(body[0]) is ast.If and not body[0].orelse:
            inner = body[0]
            self._hide("nested")
            test, body = ast.BoolOp(ast.And(), [test, inner.test]), inner.body
        if rest and type(body[-1]) in _LEAVING:
            self._hide("guard")
            self._arms(test, body, [*orelse, *rest])
            return True
        self._arms(test, body, orelse)
        return False

    def _arms(self, test: ast.expr, body: Sequence[ast.stmt], orelse: Sequence[ast.stmt]) -> None:
        """Read the arms of an `if`, those of a negative condition in turn."""
        self._start()
        negated = bool(orelse) and is_negative(test)
        if negated:
            self._hide("inverted")
            body, orelse = orelse, body
        self._condition(test, negated)
        self.tokens.append("<if>")
        self._block(body)
        if orelse:
            self.tokens.append(_ELSE)
            self._block(orelse)
        self.tokens.append(_END)

    def _expression_statement(self, node: ast.Expr) -> None:
        value = node.value
        kind = type(value)
        if kind is ast.Constant:
            return
        if kind is ast.Call:
            if is_logging(value):  # type: ignore[arg-type]  # `kind` says what it is
                self._hide("log")
                self.logged.append(ast.dump(value))
                return
            self._start()
            self._call_statement(value)  # type: ignore[arg-type]  # the same
            return
        self._start()
        self._read(value)

    def _call_statement(self, call: ast.Call) -> None:
        function = call.func
        if (
            type(function) is ast.Attribute
            and function.attr in COLLECTING
            and type(function.value) is ast.Name
            and len(call.args) == 1
            and not call.keywords
        ):
            self._read(call.args[0])
            self._read(function.value)
            self.tokens += ("<collect>", f"{HIDDEN}{function.attr}")
            return
        self._call(call)

    def _return_statement(self, node: ast.Return) -> None:
        self._return(node.value)

    def _return(self, value: ast.expr | None) -> None:
        if type(value) is ast.IfExp:
            self._hide("conditional")
            self._arms(value.test, [_at(value, ast.Return(value.body))], [_at(value, ast.Return(value.orelse))])
            return
        self._start()
        if value is None:
            self.tokens.append("None")
        else:
            self._read(value)
        self.tokens.append("<return>")

    def _assign(self, node: ast.Assign) -> None:
        value = node.value
        if type(value) is ast.IfExp:
            self._hide("conditional")
            arms = [_at(node, ast.Assign(node.targets, arm)) for arm in (value.body, value.orelse)]
            self._arms(value.test, [arms[0]], [arms[1]])
            return
        self._start()
        target = node.targets[0]
        if type(value) is ast.BinOp and len(node.targets) == 1 and is_same(value.left, target):
            self._hide("in place")
            self._augment(target, value.op, value.right)
            return
        self._read(value)
        for one in node.targets:
            self._target(one)
        self.tokens.append("<=>")

    def _annotated(self, node: ast.AnnAssign) -> None:
        if node.value is None:
            self._bind(node.target)
            return
        self._assign(_at(node, ast.Assign([node.target], node.value)))

    def _augmented(self, node: ast.AugAssign) -> None:
        self._start()
        self._augment(node.target, node.op, node.value)

    def _augment(self, target: ast.expr, operator: ast.operator, value: ast.expr) -> None:
        self._read(value)
        self._target(target)
        self.tokens += (_OPERATORS[type(operator)], "<=>")

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        self._start()
        self._target(node.target)
        self._read(node.iter)
        self.tokens.append("<for>")
        self._block(node.body)
        self._orelse(node.orelse)
        self.tokens.append(_END)

    def _while(self, node: ast.While) -> None:
        self._start()
        self._condition(node.test, negated=False)
        self.tokens.append("<while>")
        self._block(node.body)
        self._orelse(node.orelse)
        self.tokens.append(_END)

    def _orelse(self, body: Sequence[ast.stmt]) -> None:
        if body:
            self.tokens.append("<else>")
            self._block(body)

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        self._start()
        for item in node.items:
            self._read(item.context_expr)
            if item.optional_vars is not None:
                self._target(item.optional_vars)
        self.tokens.append("<with>")
        self._block(node.body)
        self.tokens.append(_END)

    def _try(self, node: ast.Try) -> None:
        self._start()
        self.tokens.append("<try>")
        self._block(node.body)
        for handler in node.handlers:
            self._line = handler.lineno
            self._start()
            if handler.type is not None:
                self._read(handler.type)
            if handler.name:
                self.bound.add(handler.name)
            self.tokens.append("<except>")
            self._block(handler.body)
        self._orelse(node.orelse)
        if node.finalbody:
            self.tokens.append("<finally>")
            self._block(node.finalbody)
        self.tokens.append(_END)

    def _raise(self, node: ast.Raise) -> None:
        self._start()
        if node.exc is not None:
            self._read(node.exc)
        if node.cause is not None:
            self._read(node.cause)
            self.tokens.append("<from>")
        self.tokens.append("<raise>")

    def _assert(self, node: ast.Assert) -> None:
        self._start()
        self._condition(node.test, negated=False)
        self.tokens.append("<assert>")
        if node.msg is not None:
            self._read(node.msg)

    def _delete(self, node: ast.Delete) -> None:
        self._start()
        for target in node.targets:
            self._read(target)
        self.tokens.append("<del>")

    def _leave(self, node: ast.stmt) -> None:
        self._start()
        self.tokens.append(f"<{type(node).__name__}>")

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        self._start()
        module = getattr(node, "module", None) or ""
        for name in node.names:
            self.tokens.append(f"<import>{module}.{name.name}")

    def _global(self, node: ast.Global | ast.Nonlocal) -> None:
        self._hide(" ".join(node.names))

    def _function(self, node: Function) -> None:
        self._definition(node, node.decorator_list, "<def>")

    def _class(self, node: ast.ClassDef) -> None:
        self._definition(node, node.bases, "<class>")

    def _definition(self, node: Function | ast.ClassDef, read: list[ast.expr], token: str) -> None:
        self._start()
        self.bound.add(node.name)
        for expression in read:
            self._read(expression)
        if not isinstance(node, ast.ClassDef):
            self._parameters(node.args)
        self.tokens.append(token)
        self._block(node.body)
        self.tokens.append(_END)

    def _match(self, node: ast.Match) -> None:
        self._start()
        self._read(node.subject)
        self.tokens.append("<match>")
        for case in node.cases:
            self._line = case.pattern.lineno
            self._start()
            self._read(case.pattern)
            if case.guard is not None:
                self._condition(case.guard, negated=False)
            self.tokens.append("<case>")
            self._block(case.body)
        self.tokens.append(_END)

    def _parameters(self, arguments: ast.arguments) -> None:
        listed = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        for one in (*listed, arguments.vararg, arguments.kwarg):
            if one is not None:
                self.bound.add(one.arg)
                self.tokens.append(f"{HIDDEN}parameter")
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                self._read(default)

    # Expressions

    def _read(self, node: ast.AST) -> None:
        read = _EXPRESSIONS.get(type(node))
        if read is not None:
            read(self, node)
        else:
            self._other(node)

    def _name(self, node: ast.Name) -> None:
        if node.id in self._passed_on:
            self._read(self._passed_on[node.id])
        else:
            self.tokens.append(node.id)

    def _attribute(self, node: ast.Attribute) -> None:
        self._read(node.value)
        self.tokens.append("." + node.attr)

    def _constant(self, node: ast.Constant) -> None:
        value = node.value
        if value is None or value is True or value is False or value is ...:
            self.tokens.append(str(value))
            return
        self.tokens.append(TEXT if type(value) is str else BYTES if type(value) is bytes else NUMBER)
        self.literals.append(_shown(value))

    def _call(self, node: ast.Call) -> None:
        self.calls += 1
        function = node.func
        if type(function) is ast.Attribute and function.attr == "format" and is_text(function.value):
            self._hide("format")
            self._formatted(function.value, [*node.args, *(keyword.value for keyword in node.keywords)])
            return
        self._read(function)
        for argument in node.args:
            self._read(argument)
        for keyword in node.keywords:
            self._read(keyword.value)
            self.tokens.append(f"{keyword.arg}=" if keyword.arg else "**=")
        self.tokens.append("()")

    def _formatted(self, template: ast.expr, values: Sequence[ast.expr]) -> None:
        for value in values:
            self._plain(value)
        self.tokens.append(TEXT)
        self.literals.append(_shown(template.value) if isinstance(template, ast.Constant) else "")

    def _plain(self, value: ast.expr) -> None:
        """Read what is put into a string: `str` around it changes nothing."""
        if (
            type(value) is ast.Call
            and type(value.func) is ast.Name
            and value.func.id == "str"
            and len(value.args) == 1
            and not value.keywords
        ):
            value = value.args[0]
        self._read(value)

    def _joined(self, node: ast.JoinedStr) -> None:
        texts: list[str] = []
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self._plain(part.value)
                texts.append("{}")
            elif isinstance(part, ast.Constant):
                texts.append(str(part.value))
        self.tokens.append(TEXT)
        self._hide("f")
        self.literals.append(_shown("".join(texts)))

    def _binary(self, node: ast.BinOp) -> None:
        operator = type(node.op)
        if operator is ast.Mod and is_text(node.left):
            self._hide("percent")
            values = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
            self._formatted(node.left, values)
            return
        if operator is ast.Add:
            parts = summands(node)
            if any(map(is_text, parts)):
                self._hide("plus")
                for part in parts:
                    if not isinstance(part, ast.Constant):
                        self._plain(part)
                self.tokens.append(TEXT)
                self.literals.append(_shown("".join(piece(part) for part in parts)))
                return
        self._read(node.left)
        self._read(node.right)
        self.tokens.append(_OPERATORS[operator])

    def _unary(self, node: ast.UnaryOp) -> None:
        if type(node.op) is ast.Not:
            self._condition(node, negated=False)
            return
        self._read(node.operand)
        self.tokens.append(_OPERATORS[type(node.op)])

    def _condition(self, node: ast.expr, negated: bool) -> None:
        """Read what is true or false, with negations moved as far inwards as they go."""
        kind = type(node)
        if kind is ast.UnaryOp and type(node.op) is ast.Not:  # type: ignore[attr-defined]  # `kind` says what it is
            self._hide("not")
            self._condition(node.operand, not negated)  # type: ignore[attr-defined]  # the same
        elif kind is ast.BoolOp:
            self._choice(node, negated)  # type: ignore[arg-type]  # the same
        elif kind is ast.Compare:
            self._comparison(node, negated)  # type: ignore[arg-type]  # the same
        else:
            self._read(node)
            if negated:
                self.tokens.append("<not>")

    def _boolean(self, node: ast.BoolOp) -> None:
        self._choice(node, negated=False)

    def _choice(self, node: ast.BoolOp, negated: bool) -> None:
        for value in node.values:
            self._condition(value, negated)
        is_and = (type(node.op) is ast.And) is not negated
        self.tokens.append("<and>" if is_and else "<or>")

    def _compare(self, node: ast.Compare) -> None:
        self._comparison(node, negated=False)

    def _comparison(self, node: ast.Compare, negated: bool) -> None:
        if len(node.ops) > 1:
            self._read(node.left)
            for kind, right in zip(node.ops, node.comparators, strict=True):
                self._read(right)
                self.tokens.append(COMPARISONS[type(kind)])
            if negated:
                self.tokens.append("<not>")
            return
        left, right, operator = node.left, node.comparators[0], COMPARISONS[type(node.ops[0])]
        if negated:
            operator = _OPPOSITE[operator]
        is_turned = operator in _TURNED
        if is_turned:
            operator = _TURNED[operator]
        elif operator in ("==", "!=") and type(left) is ast.Constant:
            is_turned = True
        if is_turned:
            left, right = right, left
            self._hide("turned")
        self._read(left)
        self._read(right)
        self.tokens.append(operator)

    def _conditional(self, node: ast.IfExp) -> None:
        negated = is_negative(node.test)
        first, second = (node.orelse, node.body) if negated else (node.body, node.orelse)
        if negated:
            self._hide("inverted")
        self._condition(node.test, negated)
        self.tokens.append("<if>")
        self._read(first)
        self._read(second)

    def _lambda(self, node: ast.Lambda) -> None:
        self._parameters(node.args)
        self._read(node.body)
        self.tokens.append("<lambda>")

    def _list_comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> None:
        self._comprehension(node.generators, (node.elt,))
        self._hide(type(node).__name__)

    def _dictionary_comprehension(self, node: ast.DictComp) -> None:
        self._comprehension(node.generators, (node.key, node.value))
        self._hide("DictComp")

    def _comprehension(self, generators: Sequence[ast.comprehension], collected: Sequence[ast.expr]) -> None:
        for one in generators:
            self._target(one.target)
            self._read(one.iter)
            self.tokens.append("<for>")
            for condition in one.ifs:
                self._condition(condition, negated=False)
                self.tokens.append("<if>")
        for value in collected:
            self._read(value)
        self.tokens.append("<collect>")

    def _subscript(self, node: ast.Subscript) -> None:
        self._read(node.value)
        self._read(node.slice)
        self.tokens.append("[]")

    def _sequence(self, node: ast.Tuple | ast.List | ast.Set) -> None:
        for one in node.elts:
            self._read(one)
        self.tokens.append(f"<{type(node).__name__}>")

    def _dictionary(self, node: ast.Dict) -> None:
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None:
                self._read(key)
            self._read(value)
        self.tokens.append("<Dict>")

    def _awaited(self, node: ast.Await) -> None:
        self._read(node.value)

    def _named(self, node: ast.NamedExpr) -> None:
        self._read(node.value)
        self._target(node.target)
        self.tokens.append("<=>")

    def _other(self, node: ast.AST) -> None:
        """Read what needs no form of its own: what it consists of, and what it is."""
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.expr_context):
                self._read(child)
        for name in ("name", "rest"):
            bound = getattr(node, name, None)
            if isinstance(bound, str):
                self.bound.add(bound)
                self.tokens.append(bound)
        self.tokens.append(f"<{type(node).__name__}>")

    def _target(self, node: ast.expr) -> None:
        """Read what is assigned to."""
        if type(node) is ast.Name:
            self.bound.add(node.id)
            self.tokens.append(node.id)
        else:
            self._bind(node)
            self._read(node)

    def _bind(self, node: ast.expr) -> None:
        """Note the names that a target binds."""
        pending: list[ast.expr] = [node]
        while pending:
            one = pending.pop()
            if isinstance(one, ast.Name):
                self.bound.add(one.id)
            elif isinstance(one, ast.Tuple | ast.List):
                pending += one.elts
            elif isinstance(one, ast.Starred):
                pending.append(one.value)

    def _hide(self, said: str) -> None:
        self.tokens.append(HIDDEN + said)


Read: TypeAlias = "Callable[[Canonical, Any], None]"  # Any: each takes the kind of node that it is listed under

_STATEMENTS: dict[type, Read] = {
    ast.Expr: Canonical._expression_statement,
    ast.Return: Canonical._return_statement,
    ast.Assign: Canonical._assign,
    ast.AnnAssign: Canonical._annotated,
    ast.AugAssign: Canonical._augmented,
    ast.For: Canonical._for,
    ast.AsyncFor: Canonical._for,
    ast.While: Canonical._while,
    ast.With: Canonical._with,
    ast.AsyncWith: Canonical._with,
    ast.Try: Canonical._try,
    ast.Raise: Canonical._raise,
    ast.Assert: Canonical._assert,
    ast.Delete: Canonical._delete,
    ast.Break: Canonical._leave,
    ast.Continue: Canonical._leave,
    ast.Import: Canonical._import,
    ast.ImportFrom: Canonical._import,
    ast.Global: Canonical._global,
    ast.Nonlocal: Canonical._global,
    ast.FunctionDef: Canonical._function,
    ast.AsyncFunctionDef: Canonical._function,
    ast.ClassDef: Canonical._class,
    ast.Match: Canonical._match,
}
if hasattr(ast, "TryStar"):
    _STATEMENTS[ast.TryStar] = Canonical._try

_EXPRESSIONS: dict[type, Read] = {
    ast.Name: Canonical._name,
    ast.Attribute: Canonical._attribute,
    ast.Constant: Canonical._constant,
    ast.Call: Canonical._call,
    ast.JoinedStr: Canonical._joined,
    ast.BinOp: Canonical._binary,
    ast.UnaryOp: Canonical._unary,
    ast.BoolOp: Canonical._boolean,
    ast.Compare: Canonical._compare,
    ast.IfExp: Canonical._conditional,
    ast.Lambda: Canonical._lambda,
    ast.ListComp: Canonical._list_comprehension,
    ast.SetComp: Canonical._list_comprehension,
    ast.GeneratorExp: Canonical._list_comprehension,
    ast.DictComp: Canonical._dictionary_comprehension,
    ast.Subscript: Canonical._subscript,
    ast.Tuple: Canonical._sequence,
    ast.List: Canonical._sequence,
    ast.Set: Canonical._sequence,
    ast.Dict: Canonical._dictionary,
    ast.Await: Canonical._awaited,
    ast.NamedExpr: Canonical._named,
}


def _at(node: ast.stmt | ast.expr, made: ast.Return | ast.Assign) -> Any:  # Any: what was given, as it was given
    made.lineno = node.lineno
    return made


def _shown(value: object) -> str:
    # An integer may have more digits than Python likes to write.
    text = hex(value) if isinstance(value, int) and value.bit_length() > _MOST_BITS else repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"

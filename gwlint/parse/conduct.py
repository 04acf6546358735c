"""What the functions of one file do when they are called: whom they call, what they keep, and what grows by it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from gwlint.model import (
    NO_DEFINITION,
    Action,
    Argument,
    Conduct,
    Growth,
    Keeping,
    Parameter,
    Procedure,
    Span,
    Variable,
)
from gwlint.parse.boilerplate import decorators
from gwlint.parse.census import literals
from gwlint.parse.fingerprints import at_rest, tree_of
from gwlint.parse.origins import Origin, Origins, dotted, joined
from gwlint.parse.redefinitions import name_span
from gwlint.parse.source import Source

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_LONGEST_TEXT = 80
_UNBOUNDED = -1
_DEFAULT_BOUND = 128
_MEMOS = {
    "functools.cache": _UNBOUNDED,
    "functools.lru_cache": _DEFAULT_BOUND,
    "async_lru.alru_cache": _DEFAULT_BOUND,
    "methodtools.lru_cache": _DEFAULT_BOUND,
}
_KEEPING_WORDS = ("cache", "lazy", "memo", "once", "singleton")
_ROUTES = frozenset(
    {
        "any", "authorizer", "delete", "exception_handler", "get", "head", "lambda_function", "not_found",
        "on_cw_event", "on_dynamodb_record", "on_kinesis_record", "on_message", "on_s3_event", "on_sns_message",
        "on_sqs_message", "options", "patch", "post", "put", "resolver", "route", "schedule", "websocket",
    }
)  # fmt: skip
"""Decorators of routers: what they decorate runs when the event asks for it."""

_CONTAINERS = frozenset(
    {
        "collections.Counter",
        "collections.OrderedDict",
        "collections.defaultdict",
        "collections.deque",
        "dict",
        "list",
        "set",
    }
)
_ADDING = {
    "append": True,
    "appendleft": True,
    "extend": True,
    "insert": True,
    "add": False,
    "setdefault": False,
    "update": False,
}
"""Methods that make a container grow, and whether each call adds something, whatever it is given."""

_STORING = frozenset({*_ADDING, "put", "register", "store"})
_TAKING = frozenset(
    {
        "clear", "difference_update", "discard", "intersection_update", "move_to_end", "pop", "popitem", "popleft",
        "remove",
    }
)  # fmt: skip
_ONLY_READING = frozenset(
    {
        "all", "any", "bool", "dict", "enumerate", "frozenset", "isinstance", "iter", "json.dumps", "len", "list",
        "map", "max", "min", "print", "repr", "set", "sorted", "str", "sum", "tuple", "zip",
    }
)  # fmt: skip
_NOWHERE = Span(0, 0, 0, 0)


def conduct(raw: bytes) -> Conduct:
    """Return what the functions of a file do. Never raises; of a file that does not parse it says nothing."""
    source = Source(raw)
    with at_rest():
        module = tree_of(source.data)
        if module is None:
            return Conduct()
        try:
            return _Reader(module, source).conduct()
        except RecursionError:
            return Conduct()


class _File(NamedTuple):
    """What holds in all functions of a file.

    `imported` has the names that imports bind, written out, `variables` the other names of the module, `definitions`
    those of its functions and classes. `rebound` are the variables that functions bind anew, `filled` the last names of
    what something is put into.
    """

    imported: dict[str, str]
    variables: frozenset[str]
    definitions: frozenset[str]
    rebound: frozenset[str]
    filled: frozenset[str]

    def written_out(self, name: str) -> str:
        """Write a dotted name out through the imports."""
        root, dot, rest = name.partition(".")
        called = root.endswith("()")
        meaning = self.imported.get(root.rstrip("()"))
        return name if meaning is None else f"{meaning}{'()' if called else ''}{dot}{rest}"


class _State(NamedTuple):
    """How statements run: how long what they make is kept, and whether they fill a container that was empty."""

    keeping: Keeping = "no"
    is_filling: bool = False
    is_rare: bool = False
    is_repeated: bool = False


class _Reader:
    """One walk over a module."""

    def __init__(self, module: ast.Module, source: Source) -> None:
        self._module = module
        self._source = source
        self._file = _file(module)
        self._procedures: list[Procedure] = []
        self._actions: list[Action] = []
        self._growths: list[Growth] = []
        self._shrunk: set[str] = set()
        self._variables: dict[tuple[str, str], Variable] = {}
        self._bases: list[tuple[str, tuple[str, ...]]] = []

    def conduct(self) -> Conduct:
        self._block(self._module.body, "")
        return Conduct(
            procedures=tuple(self._procedures),
            actions=tuple(self._actions),
            growths=tuple(self._growths),
            shrunk=tuple(sorted(self._shrunk)),
            variables=tuple(self._variables.values()),
            bases=tuple(self._bases),
            literals=tuple(literals(self._module, self._source)),
        )

    def _block(self, statements: Sequence[ast.stmt], owner: str) -> None:
        """Read what runs when the module is loaded, and the functions defined there."""
        loading = _Body(self._file, owner, None)
        for node in statements:
            if isinstance(node, _Function):
                self._outside(node, loading)
                self._procedure(node, owner)
            elif isinstance(node, ast.ClassDef):
                self._outside(node, loading)
                name = f"{owner}.{node.name}" if owner else node.name
                named = (f"{one.arg}={dotted(one.value)}" for one in node.keywords)
                self._bases.append((name, (*map(dotted, node.bases), *named)))
                self._block(node.body, name)
            elif isinstance(node, ast.If | ast.Try | ast.With | ast.For | ast.While):
                self._block([*_blocks(node)], owner)
                self._take(_Walk(loading, self._source, NO_DEFINITION).of_head(node))
            else:
                self._bound(node, owner)
                self._take(_Walk(loading, self._source, NO_DEFINITION).of_body([node]))

    def _outside(self, node: _Function | ast.ClassDef, loading: _Body) -> None:
        """Read what of a definition runs when the module is loaded: decorators and defaults."""
        given: list[ast.expr] = [*node.decorator_list]
        if isinstance(node, _Function):
            given += [*node.args.defaults, *(one for one in node.args.kw_defaults if one is not None)]
        walk = _Walk(loading, self._source, NO_DEFINITION)
        for one in given:
            walk.expression(one, _State())
        self._take(walk)

    def _procedure(self, node: _Function, owner: str) -> None:
        within = len(self._procedures)
        body = _Body(self._file, owner, node)
        memo, memo_at = self._memo(node)
        self._procedures.append(
            Procedure(
                name=f"{owner}.{node.name}" if owner else node.name,
                owner=owner,
                parameters=tuple(_parameters(node, self._file)),
                memo=memo,
                memo_at=memo_at,
                keeping=_kept_by_decorators(node),
                binding=_binding(node, owner),
                decorators=tuple(name for name in map(_decorator, node.decorator_list) if "?" not in name),
                is_route=any(map(_is_route, node.decorator_list)),
                at=name_span(self._source, node.lineno, node),
            )
        )
        walk = _Walk(body, self._source, within).of_body(node.body)
        self._take(walk)
        for variable in body.attributes(node, self._source):
            self._variables.setdefault((variable.name, variable.local), variable)

    def _take(self, walk: _Walk) -> None:
        self._actions += walk.actions
        self._growths += walk.growths
        self._shrunk |= walk.shrunk

    def _bound(self, node: ast.stmt, owner: str) -> None:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            return
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Name):
                name = f"{owner}.{target.id}" if owner else target.id
                variable = _variable(name, node.value, self._file, self._source)
                self._variables.setdefault((variable.name, variable.local), variable)

    def _memo(self, node: _Function) -> tuple[int, Span]:
        """Return the bound of the cache that a function is decorated with, and where that is said."""
        for one in node.decorator_list:
            callee = self._file.written_out(dotted(one.func if isinstance(one, ast.Call) else one))
            bound = _bound_of(callee, one)
            if bound:
                return bound, _span(self._source, one)
        return 0, _NOWHERE


class _Body:
    """What the names in a function mean; without one, in the code of a module or a class."""

    def __init__(self, file: _File, owner: str, function: _Function | None) -> None:
        self.file = file
        self.owner = owner
        self.rebound: set[str] = set()
        self.meanings: dict[str, str] = {}
        self.kept: dict[str, Keeping] = {}
        self.origins = Origins(self.callee)
        self.is_initialiser = function is not None and function.name == "__init__"
        self._instance = ""
        self._class = ""
        if function is not None:
            self._enter(function)

    def _enter(self, function: _Function) -> None:
        named = [one.arg for one in _arguments(function)]
        binding = _binding(function, self.owner)
        self._instance = named[0] if binding == "instance" else ""
        self._class = named[0] if binding == "class" else ""
        for one in _arguments(function):
            self.origins.parameter(one.arg)
            annotation = _annotated(one.annotation)
            if annotation:
                self.meanings[one.arg] = f"{annotation}()"
        nodes = [*_own_nodes(function)]
        self.rebound = {name for node in nodes if isinstance(node, ast.Global) for name in node.names}
        # What is bound at the end of a loop is used at its beginning.
        for _ in range(2):
            for node in nodes:
                self._learn(node)
        for node in nodes:
            self._learn_keeping(node)

    def _learn(self, node: ast.AST) -> None:
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and node.value is not None:
            origin = self.origins.of(node.value)
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                self._bind(target, origin, node.value)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            self._bind(node.target, self.origins.of(node.iter), None)
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            self._bind(node.optional_vars, self.origins.of(node.context_expr), node.context_expr)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            self.origins.unknown(node.name)
        elif isinstance(node, ast.arg) and node.arg not in self.origins:
            self.origins.unknown(node.arg)

    def _bind(self, target: ast.expr, origin: Origin, value: ast.expr | None) -> None:
        if isinstance(target, ast.Name) and target.id in self.rebound:
            return
        if isinstance(target, ast.Name):
            meaning = "?" if value is None else self.local(value)
            known = self.meanings.get(target.id, meaning)
            self.meanings[target.id] = meaning if known == meaning else "?"
        self.origins.bind(target, origin)

    def _learn_keeping(self, node: ast.AST) -> None:
        """Note the names of values that something keeps."""
        if isinstance(node, ast.Assign):
            keeping = self.keeps(node.targets)
            if keeping != "no":
                self.kept |= {one.id: keeping for one in _names_in(node.value)}
        elif isinstance(node, ast.Call) and self.stores(node):
            self.kept |= {name.id: "kept" for one in node.args for name in _names_in(one)}

    def stores(self, node: ast.Call) -> bool:
        """Tell whether a call puts what it is given into something that outlives the function."""
        function = node.func
        return (
            isinstance(function, ast.Attribute)
            and function.attr in _STORING
            and self._place(function.value) in ("kept", "instance")
        )

    def keeps(self, targets: Sequence[ast.expr]) -> Keeping:
        """Return how long what is bound to some targets is kept."""
        found = {self._kept_in(target) for target in targets}
        return "kept" if "kept" in found else "instance" if "instance" in found else "no"

    def _kept_in(self, target: ast.expr) -> Keeping:
        if isinstance(target, ast.Tuple | ast.List):
            return self.keeps(target.elts)
        if isinstance(target, ast.Name):
            return "kept" if target.id in self.rebound else self.kept.get(target.id, "no")
        if isinstance(target, ast.Attribute | ast.Subscript):
            return self._place(target.value)
        return "no"

    def _place(self, node: ast.expr) -> Keeping:
        """Return how long what is in a container, or an attribute of an object, is kept."""
        local = self.local(node)
        root = local.partition(".")[0]
        if self.owner and root == f"{self.owner}()":
            return "instance"
        is_of_module = root in self.file.variables or root in self.file.definitions or root in self.file.imported
        return "kept" if is_of_module and not root.endswith("()") else "no"

    def once(self, test: ast.expr, *, holds: bool) -> tuple[Keeping, bool]:
        """Return how long what is made under a condition is kept, where that holds once at most: while it is missing.

        Tell, too, whether it holds only while a container is empty.
        """
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            return self.once(test.operand, holds=not holds)
        if isinstance(test, ast.BoolOp):
            found = [self.once(one, holds=holds) for one in test.values]
            return next((one for one in found if one[0] != "no"), ("no", False))
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            return self._once_compared(test, test.ops[0], holds=holds)
        if isinstance(test, ast.Call) and dotted(test.func) == "hasattr" and test.args and not holds:
            return self._place(test.args[0]), True
        if isinstance(test, ast.Name | ast.Attribute) and not holds:
            return self._lazy(test), True
        return "no", False

    def _once_compared(self, test: ast.Compare, operator: ast.cmpop, *, holds: bool) -> tuple[Keeping, bool]:
        missing = isinstance(operator, ast.Is | ast.Eq | ast.NotIn)
        if missing != holds:
            return "no", False
        if isinstance(operator, ast.In | ast.NotIn):
            place = test.comparators[0]
            return (self._place(place) if _last(place) in self.file.filled else "no"), False
        is_none = isinstance(test.comparators[0], ast.Constant) and not test.comparators[0].value
        return (self._lazy(test.left), True) if is_none else ("no", False)

    def _lazy(self, node: ast.expr) -> Keeping:
        """Return how long is kept what is bound to a name when it is first asked for."""
        if isinstance(node, ast.Name):
            if node.id in self.origins:
                return self.kept.get(node.id, "no")
            return "kept" if node.id in self.file.rebound or node.id in self.file.filled else "no"
        return self._place(node.value) if isinstance(node, ast.Attribute) else "no"

    def local(self, node: ast.expr) -> str:
        """Return an expression as names and dots, what is bound to its root put in its place where that is known."""
        return self._meant(dotted(node))

    def callee(self, name: str) -> str:
        """Write a dotted name out, as far as its root is known."""
        return self.file.written_out(self._meant(name))

    def _meant(self, name: str) -> str:
        root, dot, rest = name.partition(".")
        called = "()" if root.endswith("()") else ""
        bare = root.removesuffix("()")
        if bare and bare == self._instance:
            meaning = f"{self.owner}()"
        elif bare and bare == self._class:
            meaning = self.owner
        elif bare in self.meanings:
            meaning = self.meanings[bare]
        else:
            meaning = "?" if bare in self.origins and bare not in self.file.imported else bare
        return f"{meaning}{called}{dot}{rest}"

    def argument(self, name: str, node: ast.expr) -> Argument:
        """Return what is handed over."""
        origin = self.origins.of(node)
        is_short = isinstance(node, ast.Constant | ast.Name | ast.Attribute) or (node.end_lineno == node.lineno)
        text = ast.unparse(node) if is_short else ""
        if isinstance(node, ast.Name | ast.Attribute):
            text = self.local(node)
        return Argument(name, tuple(sorted(origin.names)), origin.is_open, text if len(text) <= _LONGEST_TEXT else "")

    def attributes(self, function: _Function, source: Source) -> Iterator[Variable]:
        """Yield what a method binds to attributes of its object."""
        if not self._instance:
            return
        for node in _own_nodes(function):
            if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
                continue
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                name = self.local(target)
                if isinstance(target, ast.Attribute) and name.count(".") == 1 + self.owner.count("."):
                    variable = _variable(name, node.value, self.file, source)
                    made = self.local(node.value)
                    is_known = made.endswith("()") and "?" not in made
                    yield Variable(
                        name,
                        self.file.written_out(made) if is_known else "",
                        made if is_known else "",
                        variable.is_container and function.name == "__init__",
                        variable.at,
                    )


class _Walk:
    """A walk over statements in the order in which they run."""

    def __init__(self, body: _Body, source: Source, within: int) -> None:
        self.actions: list[Action] = []
        self.growths: list[Growth] = []
        self.shrunk: set[str] = set()
        self._body = body
        self._source = source
        self._within = within

    def of_body(self, statements: Sequence[ast.stmt]) -> _Walk:
        """Walk over the statements of a function, or of a module."""
        self._statements(statements, _State())
        return self

    def of_head(self, node: ast.stmt) -> _Walk:
        """Walk over the expressions at the head of a compound statement."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.expression(child, _State())
            elif isinstance(child, ast.withitem):
                self.expression(child.context_expr, _State())
        return self

    def _statements(self, statements: Sequence[ast.stmt], state: _State) -> None:
        for node in statements:
            self._statement(node, state)
            if isinstance(node, ast.If) and _leaves(node.body) and not node.orelse:
                state = _narrowed(state, self._body.once(node.test, holds=False))

    def _statement(self, node: ast.stmt, state: _State) -> None:
        if isinstance(node, ast.If):
            self.expression(node.test, state)
            self._statements(node.body, _narrowed(state, self._body.once(node.test, holds=True)))
            self._statements(node.orelse, _narrowed(state, self._body.once(node.test, holds=False)))
        elif isinstance(node, ast.For | ast.AsyncFor | ast.While):
            self.expression(node.test if isinstance(node, ast.While) else node.iter, state)
            self._statements(node.body, state._replace(is_repeated=True))
            self._statements(node.orelse, state)
        elif isinstance(node, ast.Try):
            self._statements([*node.body, *node.orelse, *node.finalbody], state)
            for handler in node.handlers:
                self._statements(handler.body, state._replace(is_rare=True))
        elif isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                self.expression(item.context_expr, state)
            self._statements(node.body, state)
        elif isinstance(node, ast.Match):
            self.expression(node.subject, state)
            for case in node.cases:
                self._statements(case.body, state)
        elif isinstance(node, _Function):
            kept: Keeping = "kept" if node.decorator_list else state.keeping
            self._statements(node.body, state._replace(keeping=kept))
        elif isinstance(node, ast.ClassDef):
            self._statements([one for one in node.body if not isinstance(one, _Function)], state)
        else:
            self._simple(node, state)

    def _simple(self, node: ast.stmt, state: _State) -> None:
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            kept = self._body.keeps(targets)
            for target in targets:
                self._assigned(node, target, state)
            state = state if kept == "no" else state._replace(keeping=kept)
        elif isinstance(node, ast.Delete):
            for one in node.targets:
                if isinstance(one, ast.Subscript):
                    self.shrunk.add(self._body.local(one.value))
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.expression(child, state)

    def _assigned(self, node: ast.Assign | ast.AugAssign | ast.AnnAssign, target: ast.expr, state: _State) -> None:
        if self._within == NO_DEFINITION:
            return
        if isinstance(target, ast.Tuple | ast.List):
            for one in target.elts:
                self._assigned(node, one, state)
        elif isinstance(target, ast.Subscript):
            self._stored(node, target, state)
        elif isinstance(target, ast.Name | ast.Attribute):
            name = self._body.local(target) if isinstance(target, ast.Attribute) else target.id
            if isinstance(target, ast.Name) and name not in self._body.rebound:
                return
            if isinstance(node, ast.AugAssign):
                self._grown(name, self._body.argument("", node.value), node, state, is_element=True)
            elif not self._body.is_initialiser or not name.startswith(f"{self._body.owner}()."):
                self.shrunk.add(name)

    def _stored(self, node: ast.stmt, target: ast.Subscript, state: _State) -> None:
        place, keys = _innermost(target)
        name = self._body.local(place)
        if any(isinstance(key, ast.Slice) for key in keys):
            self.shrunk.add(name)
            return
        key = self._body.argument("", keys[-1])
        origin = joined(map(self._body.origins.of, keys))
        key = Argument("", tuple(sorted(origin.names)), origin.is_open, key.text)
        self._grown(name, key, node, state, is_element=False)

    def _grown(self, name: str, key: Argument, node: ast.AST, state: _State, *, is_element: bool) -> None:
        if "?" not in name and not state.is_filling and self._within != NO_DEFINITION:
            self.growths.append(Growth(name, self._within, key, is_element, _span(self._source, node)))

    def expression(self, node: ast.expr, state: _State) -> None:
        """Read the calls of an expression."""
        if isinstance(node, ast.Call):
            self._call(node, state)
            return
        if isinstance(node, ast.Lambda):
            state = state._replace(keeping="kept")
        elif isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            state = state._replace(is_repeated=True)
        elif isinstance(node, ast.NamedExpr):
            kept = self._body.keeps([node.target])
            state = state if kept == "no" else state._replace(keeping=kept)
        elif isinstance(node, ast.Compare):
            self._compared(node)
        elif isinstance(node, ast.IfExp):
            self.expression(node.test, state)
            self.expression(node.body, _narrowed(state, self._body.once(node.test, holds=True)))
            self.expression(node.orelse, _narrowed(state, self._body.once(node.test, holds=False)))
            return
        elif isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            first, *rest = node.values
            self.expression(first, state)
            for one in rest:
                self.expression(one, _narrowed(state, self._body.once(first, holds=False)))
            return
        for child in _expressions(node):
            self.expression(child, state)

    def _compared(self, node: ast.Compare) -> None:
        """Note containers whose length is looked at."""
        for one in (node.left, *node.comparators):
            if isinstance(one, ast.Call) and dotted(one.func) == "len" and len(one.args) == 1:
                self.shrunk.add(self._body.local(one.args[0]))

    def _call(self, node: ast.Call, state: _State) -> None:
        local = self._body.local(node.func)
        callee = self._body.file.written_out(local)
        self._arguments_seen(node, callee)
        if isinstance(node.func, ast.Attribute):
            self._method(node, node.func, state)
        self.actions.append(
            Action(
                callee=callee,
                local=local,
                within=self._within,
                arguments=tuple(self._given(node)),
                keeping=state.keeping,
                is_rare=state.is_rare,
                is_repeated=state.is_repeated,
                at=_span(self._source, node),
            )
        )
        inner = state._replace(keeping="kept") if self._body.stores(node) else state
        for child in (node.func, *node.args, *(keyword.value for keyword in node.keywords)):
            self.expression(child, inner)

    def _method(self, node: ast.Call, function: ast.Attribute, state: _State) -> None:
        owner, _ = _innermost(function.value)
        name = self._body.local(owner)
        if function.attr in _TAKING:
            self.shrunk.add(name)
        elif function.attr in _ADDING and node.args:
            place = 1 if function.attr == "insert" and len(node.args) > 1 else 0
            element = self._body.argument("", node.args[place])
            # What is looked for before is not added twice.
            is_new = _ADDING[function.attr] and state.keeping == "no"
            self._grown(name, element, node, state, is_element=is_new)

    def _arguments_seen(self, node: ast.Call, callee: str) -> None:
        """Note containers that are handed to somebody who may take something out of them."""
        if callee in _ONLY_READING or callee.rpartition(".")[2] in ("dumps", "debug", "info", "warning", "error"):
            return
        for one in (*node.args, *(keyword.value for keyword in node.keywords)):
            if isinstance(one, ast.Name | ast.Attribute):
                self.shrunk.add(self._body.local(one))

    def _given(self, node: ast.Call) -> Iterator[Argument]:
        for place, one in enumerate(node.args):
            if isinstance(one, ast.Starred):
                yield self._body.argument("*", one.value)
            else:
                yield self._body.argument(str(place), one)
        for keyword in node.keywords:
            yield self._body.argument(keyword.arg or "**", keyword.value)


def _file(module: ast.Module) -> _File:
    imported: dict[str, str] = {}
    rebound: set[str] = set()
    filled: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            for alias in node.names:
                root = alias.name.partition(".")[0]
                imported[alias.asname or root] = alias.name if alias.asname else root
        elif isinstance(node, ast.ImportFrom):
            prefix = "." * node.level + (f"{node.module}." if node.module else "")
            imported |= {one.asname or one.name: prefix + one.name for one in node.names}
        elif isinstance(node, ast.Global):
            rebound.update(node.names)
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            filled.add(_last(node.value))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _STORING:
            filled.add(_last(node.func.value))
    definitions: set[str] = set()
    variables: set[str] = set()
    for one in _module_statements(module.body):
        if isinstance(one, ast.ClassDef | _Function):
            definitions.add(one.name)
        elif isinstance(one, ast.Assign | ast.AnnAssign):
            for target in one.targets if isinstance(one, ast.Assign) else [one.target]:
                variables.update(name.id for name in _names_in(target))
    return _File(
        imported, frozenset(variables | rebound), frozenset(definitions), frozenset(rebound), frozenset(filled)
    )


def _last(node: ast.expr) -> str:
    return dotted(node).rpartition(".")[2]


def _module_statements(statements: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    for node in statements:
        yield node
        if isinstance(node, ast.If | ast.Try | ast.With | ast.For | ast.While):
            yield from _module_statements([*_blocks(node)])


def _blocks(node: ast.AST) -> Iterator[ast.stmt]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        elif isinstance(child, ast.ExceptHandler | ast.match_case):
            yield from child.body


def _own_nodes(function: _Function) -> Iterator[ast.AST]:
    """Yield what a function consists of, in source order, its own header apart."""
    pending: list[ast.AST] = [*reversed(function.body)]
    while pending:
        node = pending.pop()
        yield node
        pending += reversed([*ast.iter_child_nodes(node)])


def _expressions(node: ast.AST) -> Iterator[ast.expr]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield child
        elif isinstance(child, ast.comprehension):
            yield child.iter
            yield from child.ifs
        elif not isinstance(child, ast.expr_context | ast.operator | ast.boolop | ast.unaryop | ast.cmpop):
            yield from _expressions(child)


def _names_in(node: ast.expr) -> Iterator[ast.Name]:
    """Yield the names that an expression is, or that it puts together."""
    if isinstance(node, ast.Name):
        yield node
    elif isinstance(node, ast.Tuple | ast.List):
        for one in node.elts:
            yield from _names_in(one)
    elif isinstance(node, ast.Dict):
        for one in node.values:
            yield from _names_in(one)


def _innermost(node: ast.expr) -> tuple[ast.expr, list[ast.expr]]:
    """Return what is subscribed, however often, and the keys from the last to the first."""
    keys: list[ast.expr] = []
    while isinstance(node, ast.Subscript):
        keys.append(node.slice)
        node = node.value
    return node, keys[::-1]


def _leaves(body: Sequence[ast.stmt]) -> bool:
    return isinstance(body[-1], ast.Return)


def _narrowed(state: _State, once: tuple[Keeping, bool]) -> _State:
    keeping, is_filling = once
    if keeping == "no":
        return state
    kept = keeping if state.keeping == "no" else state.keeping
    return state._replace(keeping=kept, is_filling=is_filling or state.is_filling)


def _arguments(function: _Function) -> list[ast.arg]:
    arguments = function.args
    listed = [*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg]
    return [one for one in listed if one is not None]


def _parameters(function: _Function, file: _File) -> Iterator[Parameter]:
    """Yield the parameters in order; those that begin with `*` take the rest, what follows is given by name alone."""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    without = len(positional) - len(arguments.defaults)
    for place, one in enumerate(positional):
        yield _parameter(one.arg, one, file, has_default=place >= without)
    if arguments.vararg is not None:
        yield _parameter(f"*{arguments.vararg.arg}", arguments.vararg, file, has_default=True)
    elif arguments.kwonlyargs:
        yield Parameter("*", "", is_few=True, has_default=True)
    for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield _parameter(one.arg, one, file, has_default=default is not None)
    if arguments.kwarg is not None:
        yield _parameter(f"**{arguments.kwarg.arg}", arguments.kwarg, file, has_default=True)


def _parameter(name: str, node: ast.arg, file: _File, *, has_default: bool) -> Parameter:
    text = "" if node.annotation is None else ast.unparse(node.annotation).strip("'\"")
    alternatives = [one.strip() for one in text.removeprefix("Optional[").split("|")] if text else []
    is_few = bool(alternatives) and all(map(_is_of_few, alternatives))
    annotation = _annotated(node.annotation)
    return Parameter(name, file.written_out(annotation) if annotation else "", is_few, has_default)


def _is_of_few(annotation: str) -> bool:
    return annotation.rstrip("]") in ("bool", "None") or annotation.partition("[")[0].endswith("Literal")


def _annotated(node: ast.expr | None) -> str:
    """Return the class that an annotation names, if that is what it does."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.replace(".", "").isidentifier():
        return node.value
    if isinstance(node, ast.Name | ast.Attribute):
        name = dotted(node)
        return "" if "?" in name or "(" in name else name
    return ""


def _bound_of(callee: str, decorator: ast.expr) -> int:
    if callee == "cachetools.cached" and isinstance(decorator, ast.Call):
        given = [*decorator.args[:1], *(one.value for one in decorator.keywords if one.arg == "cache")]
        return _UNBOUNDED if given and isinstance(given[0], ast.Dict) and not given[0].keys else 0
    bound = _MEMOS.get(callee, 0)
    if not isinstance(decorator, ast.Call) or bound != _DEFAULT_BOUND:
        return bound
    given = [*decorator.args[:1], *(one.value for one in decorator.keywords if one.arg == "maxsize")]
    if not given:
        return bound
    value = given[0].value if isinstance(given[0], ast.Constant) else bound
    return _UNBOUNDED if value is None else value if isinstance(value, int) and value > 0 else bound


def _kept_by_decorators(function: _Function) -> Keeping:
    for name in map(str.lower, decorators(function)):
        if name in ("cached_property", "reify", "lazy_property"):
            return "instance"
        if any(word in name for word in _KEEPING_WORDS):
            return "kept"
    return "no"


def _binding(function: _Function, owner: str) -> Literal["none", "instance", "class"]:
    if not owner or not (function.args.posonlyargs or function.args.args):
        return "none"
    names = decorators(function)
    if "staticmethod" in names:
        return "none"
    return "class" if "classmethod" in names or function.name == "__new__" else "instance"


def _decorator(node: ast.expr) -> str:
    return dotted(node.func if isinstance(node, ast.Call) else node)


def _is_route(decorator: ast.expr) -> bool:
    if not isinstance(decorator, ast.Call):
        return False
    name = _decorator(decorator)
    return "." in name and "?" not in name and name.rpartition(".")[2] in _ROUTES


def _variable(name: str, value: ast.expr, file: _File, source: Source) -> Variable:
    local = dotted(value)
    made = file.written_out(local)
    is_known = "?" not in local
    is_container = isinstance(value, ast.List | ast.Dict | ast.Set) or (
        isinstance(value, ast.Call) and made.removesuffix("()") in _CONTAINERS and not _has_bound(value)
    )
    return Variable(name, made if is_known else "", local if is_known else "", is_container, _span(source, value))


def _has_bound(value: ast.Call) -> bool:
    return len(value.args) > 1 or any(one.arg == "maxlen" for one in value.keywords)


def _span(source: Source, node: ast.AST) -> Span:
    """Return where an expression or a statement is."""
    line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
    end_line, end_column = getattr(node, "end_lineno", line), getattr(node, "end_col_offset", column)
    return source.span(source.offset(line) + column, source.offset(end_line) + end_column)

"""What the values in a function derive from: its parameters, what is fixed, or what nobody knows."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from gwlint.model import EVENT, FRESH


class Origin(NamedTuple):
    """The parameters that a value derives from; it `is_open` where it derives from anything else that may vary."""

    names: frozenset[str] = frozenset()
    is_open: bool = False


FIXED = Origin()
OPEN = Origin(is_open=True)

_FEW = frozenset({"bool", "callable", "hasattr", "isinstance", "issubclass", "len", "type"})
"""Functions that return few different values, whatever they are given."""

_CONVERTING = frozenset(
    {
        "abs", "bytes", "dict", "enumerate", "filter", "float", "format", "frozenset", "getattr", "hash", "int", "iter",
        "json.dumps", "json.loads", "list", "map", "max", "min", "next", "os.environ.get", "os.getenv", "os.path.join",
        "pathlib.Path", "range", "repr", "reversed", "round", "set", "sorted", "str", "sum", "tuple", "zip",
    }
)  # fmt: skip
"""Functions whose result is as fixed as what they are given."""

_CONVERTING_METHODS = frozenset(
    {
        "as_posix", "casefold", "copy", "decode", "digest", "encode", "endswith", "format", "get", "hexdigest", "items",
        "join", "keys", "lower", "lstrip", "partition", "removeprefix", "removesuffix", "replace", "rpartition",
        "rsplit", "rstrip", "split", "splitlines", "startswith", "strip", "title", "upper", "values",
    }
)  # fmt: skip
_FRESH = frozenset(
    {
        "datetime.datetime.now", "datetime.datetime.utcnow", "os.urandom", "random.random", "random.randint",
        "secrets.token_hex", "secrets.token_urlsafe", "time.monotonic", "time.perf_counter", "time.time",
        "time.time_ns", "uuid.uuid1", "uuid.uuid4",
    }
)  # fmt: skip
_OF_THE_EVENT = frozenset({"current_event", "current_request"})
_OF_THE_FUNCTION = frozenset(
    {
        "function_name", "function_version", "invoked_function_arn", "log_group_name", "log_stream_name",
        "memory_limit_in_mb",
    }
)  # fmt: skip
"""What the context of an invocation has that is the same for all of them."""


class Origins:
    """The origins of the names of one function. Names that are bound twice derive from both."""

    def __init__(self, written_out: Callable[[str], str]) -> None:
        """`written_out` writes a dotted name out through the imports of the file."""
        self._written_out = written_out
        self._of: dict[str, Origin] = {}

    def __contains__(self, name: str) -> bool:
        """Tell whether a name is one of the function."""
        return name in self._of

    def parameter(self, name: str) -> None:
        """Note a parameter."""
        self._of[name] = Origin(frozenset({name}))

    def unknown(self, name: str) -> None:
        """Note a name that may be bound to anything."""
        self._of[name] = joined((self._of.get(name, FIXED), OPEN))

    def bind(self, target: ast.expr, origin: Origin) -> None:
        """Note what the names of a target are bound to."""
        for node in ast.walk(target):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self._of[node.id] = joined((self._of.get(node.id, FIXED), origin))

    def of(self, node: ast.expr | None) -> Origin:
        """Return what the value of an expression derives from."""
        if isinstance(node, ast.Name):
            return self._of.get(node.id, FIXED)
        if isinstance(node, ast.Call):
            return self._of_call(node)
        if isinstance(node, ast.Attribute):
            return self._of_attribute(node)
        if isinstance(node, ast.Subscript) and self._is_table(node.value):
            return FIXED
        if node is None or isinstance(node, ast.Constant | ast.Compare | ast.Lambda) or _is_few(node):
            return FIXED
        if isinstance(node, ast.Yield | ast.YieldFrom):
            return OPEN
        return joined(map(self.of, _inner(node)))

    def _of_attribute(self, node: ast.Attribute) -> Origin:
        if node.attr in _OF_THE_EVENT:
            return Origin(frozenset({EVENT}))
        return FIXED if node.attr in _OF_THE_FUNCTION else self.of(node.value)

    def _of_call(self, node: ast.Call) -> Origin:
        callee = self._written_out(dotted(node.func))
        if callee in _FRESH:
            return Origin(frozenset({FRESH}))
        if callee in _FEW:
            return FIXED
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        if isinstance(node.func, ast.Attribute) and node.func.attr == "get" and self._is_table(node.func.value):
            return joined(map(self.of, given[1:]))
        origin = joined(map(self.of, (node.func, *given)))
        converts = callee in _CONVERTING or callee.startswith("hashlib.") or self._is_converting_method(node.func)
        return origin if converts or origin.names else OPEN

    def _is_converting_method(self, function: ast.expr) -> bool:
        if not isinstance(function, ast.Attribute) or function.attr not in _CONVERTING_METHODS:
            return False
        owner = dotted(function.value)
        return self._written_out(owner) == owner

    def _is_table(self, node: ast.expr) -> bool:
        """Tell whether an expression is a constant of the module: what is looked up in it are values that it has."""
        return isinstance(node, ast.Name) and node.id not in self._of and node.id.isupper()


def joined(origins: Iterable[Origin]) -> Origin:
    """Return what a value derives from that is made of values with these origins."""
    names: frozenset[str] = frozenset()
    is_open = False
    for origin in origins:
        names |= origin.names
        is_open |= origin.is_open
    return Origin(names, is_open)


def dotted(node: ast.expr) -> str:
    """Return an expression as names and dots, `()` for a call and `?` for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return f"{dotted(node.func)}()"
    return dotted(node.value) if isinstance(node, ast.Await) else "?"


def _is_few(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Mod) and isinstance(node.right, ast.Constant)
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def _inner(node: ast.AST) -> Iterator[ast.expr]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield child
        elif isinstance(child, ast.comprehension):
            yield child.iter
        elif isinstance(child, ast.keyword):
            yield child.value

"""Definitions that are overwritten in their own scope before anybody can have used them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from gwlint.model import Redefinition, Span
from gwlint.parse.boilerplate import decorators
from gwlint.parse.forms import SIMPLE_STATEMENTS
from gwlint.parse.source import Source

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_HEADER = re.compile(rb"(?:async(?:\s|\\\r?\n)+)?(?:def|class)(?:\s|\\\r?\n)+[\w\x80-\xff]+")
_PASSING = {
    "abstractmethod", "asynccontextmanager", "cache", "cached_property", "classmethod", "contextmanager", "coroutine",
    "dataclass", "final", "fixture", "lru_cache", "override", "parametrize", "patch", "property", "runtime_checkable",
    "skip", "skipif", "staticmethod", "total_ordering", "usefixtures", "wraps", "xfail",
}  # fmt: skip
"""Decorators that give no other name to what they decorate, and put it nowhere."""


def of(module: ast.Module, source: Source) -> Iterator[Redefinition]:
    """Yield the definitions of a module whose first one is lost, in source order."""
    pending: list[tuple[Sequence[ast.stmt], bool]] = [(module.body, False)]
    while pending:
        body, in_class = pending.pop()
        yield from _lost(body, source, in_class)
        compound = (node for node in body if type(node) not in SIMPLE_STATEMENTS)
        inner = [(block, isinstance(node, ast.ClassDef)) for node in compound for block in _blocks(node)]
        pending += reversed(inner)


def name_span(source: Source, line: int, node: _Definition) -> Span:
    """Return where the `def` or `class` of a definition is, with its name."""
    offset = source.offset(line) + node.col_offset
    match = _HEADER.match(source.data, offset)
    return source.span(offset, match.end() if match else offset + 1)


def _blocks(node: ast.stmt) -> Iterator[Sequence[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        block = getattr(node, field, ())
        if block:
            yield block
    for handler in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield handler.body


def _lost(body: Sequence[ast.stmt], source: Source, in_class: bool) -> Iterator[Redefinition]:
    last: dict[str, tuple[int, _Definition]] = {}
    for place, node in enumerate(body):
        if not isinstance(node, _Definition):
            continue
        before = last.get(node.name)
        last[node.name] = place, node
        if before is None or not _is_lost(*before, body[before[0] + 1 : place], node):
            continue
        kind = "class" if isinstance(node, ast.ClassDef) else "method" if in_class else "function"
        first = before[1]
        yield Redefinition(
            kind,  # type: ignore[arg-type]  # one of the three
            node.name,
            name_span(source, first.lineno, first),
            name_span(source, node.lineno, node),
        )


def _is_lost(_place: int, first: _Definition, between: Sequence[ast.stmt], second: _Definition) -> bool:
    if any(one not in _PASSING for one in decorators(first)):
        # Who was handed the function may have kept it: a router, a registry, a generic function.
        return False
    if first.name == "_":
        return False
    return not any(_mentions(node, first.name) for node in (*between, *second.decorator_list, *_bases(second)))


def _bases(node: _Definition) -> Sequence[ast.AST]:
    return [*node.bases, *node.keywords] if isinstance(node, ast.ClassDef) else [node.args]


def _mentions(node: ast.AST, name: str) -> bool:
    """Tell whether code that runs right there uses a name, or takes it away. A function runs later."""
    pending = [node]
    while pending:
        one = pending.pop()
        if isinstance(one, ast.Name) and one.id == name:
            return True
        if isinstance(one, ast.Global | ast.Nonlocal) and name in one.names:
            return True
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
            pending += [*one.decorator_list, one.args]
        elif not isinstance(one, ast.Lambda):
            pending += ast.iter_child_nodes(one)
    return False

"""What a module that is meant to be a pure gateway contains beyond plain declarations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from gwlint.finding import shortened
from gwlint.model import Part, Span
from gwlint.parse import grammar
from gwlint.parse.declarations import (
    IMPORTS,
    MODULE_HOOKS,
    body_of,
    declares,
    decorators_of,
    imports_in,
    is_empty,
    is_plain,
    parts_of,
    text_of,
    undecorated,
)
from gwlint.parse.delegation import callee_of, parameters_of, root_of
from gwlint.parse.grammar import FIELD
from gwlint.parse.source import Source
from gwlint.parse.statements import clauses

_FOR_TYPE_CHECKERS = re.compile(r"(?:\w+\.)?(?:TYPE_CHECKING|MYPY)")
_FOR_SOME_PLATFORM = re.compile(r"\b(?:sys\.version_info|sys\.platform|os\.name|version_info)\b")
_SUPPRESSES_IMPORT_ERROR = re.compile(r"with (?:\w+\.)?suppress\([^)]*\b(?:ImportError|ModuleNotFoundError)\b[^)]*\):")
_CATCHES_IMPORT_ERROR = re.compile(r"\b(?:ImportError|ModuleNotFoundError|AttributeError|Exception)\b")


def parts(raw: bytes) -> tuple[Part, ...]:
    """Return what a module contains beyond plain declarations, in source order. Never raises.

    Of what does not parse nothing is said. Which of the delegations lead to an internal only the imports can tell.
    """
    source = Source(raw)
    root = grammar.tree_of(source.data).root_node
    statements = [*_statements_of(root)]
    return tuple(_Reader(source, statements).parts())


def _statements_of(root: Node) -> Iterator[Node]:
    """Yield the statements at the top of a module, those that only some versions or platforms run included."""
    pending = [*reversed(root.named_children)]
    while pending:
        node = pending.pop()
        if node.type == "comment" or node.is_error:
            continue
        arms = _arms(node)
        if arms is None:
            yield node
        else:
            pending += [child for arm in reversed(arms) for child in reversed(arm.named_children)]


def _arms(node: Node) -> Sequence[Node] | None:
    """Return the blocks of a statement that stands for what is in them, None for any other statement."""
    if node.type == "if_statement":
        return _arms_of_if(node)
    if node.type == "try_statement":
        return _arms_of_try(node)
    if node.type == "with_statement":
        return _arms_of_with(node)
    return None


def _arms_of_if(node: Node) -> Sequence[Node] | None:
    condition = text_of(node.child_by_field_id(FIELD["condition"]))
    first = node.child_by_field_id(FIELD["consequence"])
    branches = node.children_by_field_name("alternative")
    others = [block for branch in branches for block in branch.named_children if block.type == "block"]
    if _FOR_TYPE_CHECKERS.fullmatch(condition):
        return others
    if condition.startswith("not ") and _FOR_TYPE_CHECKERS.fullmatch(condition[4:]):
        return [first] if first is not None else []
    if _FOR_SOME_PLATFORM.search(condition):
        return [first, *others] if first is not None else others
    return None


def _arms_of_try(node: Node) -> Sequence[Node] | None:
    """Return the blocks of a `try` that looks for an import; every other one does something."""
    body = node.child_by_field_id(FIELD["body"])
    handlers = [child for child in parts_of(node) if child != body]
    if body is None or not all(one.type in ("except_clause", "else_clause") for one in handlers):
        return None
    if not any(one.type in IMPORTS for one in body.named_children):
        return None
    catching = [one for one in handlers if one.type == "except_clause"]
    if not catching or not all(_CATCHES_IMPORT_ERROR.search(text_of(one).partition(":")[0]) for one in catching):
        return None
    return [body, *(child for one in handlers for child in one.named_children if child.type == "block")]


def _arms_of_with(node: Node) -> Sequence[Node] | None:
    """Return the block of a `with` that looks for an import."""
    body = node.child_by_field_id(FIELD["body"])
    if body is None or not any(one.type in IMPORTS for one in body.named_children):
        return None
    return [body] if _SUPPRESSES_IMPORT_ERROR.match(text_of(node)) else None


@dataclass(frozen=True, slots=True)
class _Names:
    """What the names of a module stand for: the statements that import them, and what the module defines itself."""

    imported: dict[str, Span]
    defined: frozenset[str]
    star: Span | None


class _Reader:
    """Reads the statements of one module."""

    def __init__(self, source: Source, statements: Sequence[Node]) -> None:
        self._source = source
        self._statements = [one for one in statements if not one.has_error]
        self._names = self._names_of(self._statements)

    def parts(self) -> Iterator[Part]:
        for statement in self._statements:
            definition = undecorated(statement)
            if definition is None:
                if not declares(statement):
                    yield self._statement(statement)
            elif definition.type == "class_definition":
                if not declares(definition):
                    yield self._implementation("class", definition)
            elif not _is_declared_only(statement, definition):
                yield self._function(definition)

    def _function(self, function: Node) -> Part:
        callee = callee_of(function)
        root = root_of(callee) if callee is not None else ""
        name = text_of(function.child_by_field_id(FIELD["name"]))
        if callee is None or not root or root in parameters_of(function):
            return self._implementation("function", function)
        at, what = self._header(function), f"function `{name}`"
        imported_at = self._imported_in(function).get(root) or self._names.imported.get(root)
        if imported_at is None and root in self._names.defined:
            # An attribute of something the module defines is its own state rather than another function.
            if callee.type != "identifier":
                return self._implementation("function", function)
            return Part("own", name, what, at, callee=text_of(callee))
        imported_at = imported_at or (self._names.star if not _is_builtin(root) else None)
        if imported_at is None:
            return self._implementation("function", function)
        return Part("delegation", name, what, at, imported_at, text_of(callee))

    def _implementation(self, kind: str, definition: Node) -> Part:
        name = text_of(definition.child_by_field_id(FIELD["name"]))
        return Part("implementation", name, f"{kind} `{name}`", self._header(definition))

    def _statement(self, statement: Node) -> Part:
        start, end = statement.byte_range
        first = self._source.data.find(b"\n", start, end)
        at = self._source.span(start, end if first < 0 else start + len(self._source.data[start:first].rstrip()))
        name = _target_of(statement)
        return Part("implementation", name, f"the value of `{name}`" if name else _described(statement), at)

    def _header(self, definition: Node) -> Span:
        colon = next((child for child in definition.children if child.type == ":"), None)
        return self._source.span(definition.start_byte, colon.end_byte if colon else definition.end_byte)

    def _names_of(self, statements: Sequence[Node]) -> _Names:
        imported = self._bindings(statements)
        definitions = [one for one in map(undecorated, statements) if one is not None]
        defined = {text_of(one.child_by_field_id(FIELD["name"])) for one in definitions}
        for statement in statements:
            for name, value in _aliases(statement):
                # `get = _core.get`: who calls `get` calls what `_core` has.
                if root_of(value) in imported:
                    imported.setdefault(name, imported[root_of(value)])
                else:
                    defined.add(name)
        stars = [one for one in statements if one.type == "import_from_statement" and text_of(one).endswith("*")]
        star = self._source.span(*stars[0].byte_range) if stars else None
        return _Names(imported, frozenset(defined), star)

    def _imported_in(self, function: Node) -> dict[str, Span]:
        """Return what is imported anywhere in a function."""
        return self._bindings(imports_in(body_of(function)))

    def _bindings(self, statements: Iterable[Node]) -> dict[str, Span]:
        """Return the statement that binds each imported name: the first one, for the others are fallbacks."""
        bound: dict[str, Span] = {}
        for node in statements:
            if node.type in IMPORTS:
                at = self._source.span(*node.byte_range)
                for clause in clauses(self._source.text(*node.byte_range)):
                    for name, _ in clause.bindings:
                        bound.setdefault(name, at)
        return bound


def _is_declared_only(statement: Node, function: Node) -> bool:
    name = text_of(function.child_by_field_id(FIELD["name"]))
    is_overload = any(one.rpartition(".")[2] == "overload" for one in decorators_of(statement))
    return name in MODULE_HOOKS or (is_overload and is_empty(function))


def _aliases(statement: Node) -> Iterator[tuple[str, Node]]:
    """Yield the names that a statement assigns something plain to."""
    for node in statement.named_children if statement.type == "expression_statement" else ():
        if node.type == "assignment":
            left, right = (node.child_by_field_id(FIELD[side]) for side in ("left", "right"))
            if left is not None and right is not None and left.type == "identifier" and is_plain(right):
                yield text_of(left), right


def _target_of(statement: Node) -> str:
    first = statement.named_children[0] if statement.named_children else None
    if statement.type != "expression_statement" or first is None or first.type != "assignment":
        return ""
    left = first.child_by_field_id(FIELD["left"])
    return text_of(left) if left is not None and left.type == "identifier" else ""


def _described(statement: Node) -> str:
    """Say in words what a statement is."""
    first = statement.named_children[0] if statement.named_children else None
    if statement.type == "expression_statement":
        kind = first.type if first is not None else ""
        if kind == "call" and first is not None:
            return f"the call of `{shortened(text_of(first.child_by_field_id(FIELD['function'])))}`"
        return "an assignment" if kind.endswith("assignment") else "an expression"
    word = statement.type.removesuffix("_statement")
    return f"{'an' if word[0] in 'aeiou' else 'a'} `{word}` statement"


def _is_builtin(name: str) -> bool:
    import builtins

    return hasattr(builtins, name)

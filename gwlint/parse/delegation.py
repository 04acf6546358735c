"""Functions that do nothing but call another one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tree_sitter import Node

from gwlint.parse.declarations import IMPORTS, body_of, is_blank, is_plain, parts_of, text_of
from gwlint.parse.grammar import FIELD

_DECIDING = {
    "conditional_expression", "dictionary_comprehension", "generator_expression", "lambda", "list_comprehension",
    "named_expression", "set_comprehension", "yield",
}  # fmt: skip
"""What makes an argument more than a value that is passed on: it decides, loops or binds."""

_PARAMETER = re.compile(r"\**\s*([^\W\d]\w*)")
_SAYS_ENABLED = re.compile(r"(?i)\w*(?:en|dis)abled\w*")
_CASTS = ("cast", "typing.cast", "t.cast")
_LOG_METHODS = {"debug", "info", "warning", "error", "exception", "critical", "log"}


def callee_of(function: Node) -> Node | None:
    """Return what a function calls when it does nothing else, else None.

    That is one `return`, `await`, `yield from` or expression statement with one call, after a docstring and imports,
    optionally behind one check whether it is enabled and inside one `try` that only reports or raises again. What is
    handed out as it is, without a call, counts, too. Arguments may call others, but not decide or loop.
    """
    return _delegated(_without_imports(body_of(function)), parameters_of(function), checks=1, tries=1)


def root_of(callee: Node) -> str:
    """Return the name that a callee begins with: `_core` of `_core.store().get`."""
    node = callee
    while node.type in ("attribute", "call", "subscript"):
        node = node.named_children[0]
    return text_of(node) if node.type == "identifier" else ""


def parameters_of(function: Node) -> set[str]:
    """Return the names of a function's parameters."""
    parameters = function.child_by_field_id(FIELD["parameters"])
    matches = [_PARAMETER.match(text_of(one)) for one in parts_of(parameters)] if parameters is not None else []
    return {match[1] for match in matches if match}


def _without_imports(statements: Sequence[Node]) -> list[Node]:
    return [one for one in statements if one.type not in IMPORTS]


def _delegated(statements: Sequence[Node], parameters: set[str], *, checks: int, tries: int) -> Node | None:
    if not statements:
        return None
    first, rest = statements[0], statements[1:]
    if first.type == "if_statement" and checks:
        return _behind_check(first, rest, parameters, tries)
    if first.type == "try_statement" and tries:
        # What follows is what a handler that only reports comes to.
        return _inside_try(first, parameters, checks) if _gives_up(rest) or not rest else None
    return _called(first) if not rest else None


def _behind_check(check: Node, rest: Sequence[Node], parameters: set[str], tries: int) -> Node | None:
    condition = check.child_by_field_id(FIELD["condition"])
    if condition is None or not _asks_whether_enabled(condition, parameters):
        return None
    arms = [_statements(check.child_by_field_id(FIELD["consequence"]))]
    for alternative in check.children_by_field_name("alternative"):
        if alternative.type != "else_clause" or rest:
            return None
        arms.append(_statements(alternative.child_by_field_id(FIELD["body"])))
    if rest:
        arms.append(list(rest))
    idle = [arm for arm in arms if _gives_up(arm)]
    active = [arm for arm in arms if not _gives_up(arm)]
    if len(active) != 1 or len(idle) > 1:
        return None
    return _delegated(active[0], parameters, checks=0, tries=tries)


def _inside_try(node: Node, parameters: set[str], checks: int) -> Node | None:
    body = node.child_by_field_id(FIELD["body"])
    handlers = [child for child in parts_of(node) if child != body]
    if not handlers or not all(handler.type == "except_clause" and _only_reports(handler) for handler in handlers):
        return None
    return _delegated(_statements(body), parameters, checks=checks, tries=0)


def _only_reports(handler: Node) -> bool:
    block = next((child for child in reversed(handler.named_children) if child.type == "block"), None)
    return all(_gives_up([one]) or _logs(one) for one in _statements(block))


def _logs(statement: Node) -> bool:
    call = _called(statement)
    return call is not None and text_of(call).rpartition(".")[2] in _LOG_METHODS


def _gives_up(statements: Sequence[Node]) -> bool:
    """Tell whether there is nothing but a `return` of a literal or a name, or an exception."""
    if len(statements) != 1:
        return False
    (only,) = statements
    if is_blank(only) or only.type == "raise_statement":
        return True
    return only.type == "return_statement" and all(_is_fixed(value) for value in parts_of(only))


def _is_fixed(value: Node) -> bool:
    return value.type != "attribute" and is_plain(value)


def _asks_whether_enabled(condition: Node, parameters: set[str]) -> bool:
    """Tell whether a condition is about the settings, not about what the function was given."""
    pending = [condition]
    while pending:
        node = pending.pop()
        if node.type in _DECIDING or node.type == "await":
            return False
        if node.type == "identifier" and text_of(node) in parameters and not _SAYS_ENABLED.fullmatch(text_of(node)):
            return False
        pending += node.named_children
    return True


def _statements(block: Node | None) -> list[Node]:
    return _without_imports(parts_of(block)) if block is not None else []


def _called(statement: Node) -> Node | None:
    """Return what a statement calls, or hands out, if that is all it does."""
    if statement.type not in ("return_statement", "expression_statement"):
        return None
    values = parts_of(statement)
    if len(values) != 1:
        return None
    node = _bare(values[0])
    while node.type == "call" and text_of(node.child_by_field_id(FIELD["function"])) in _CASTS:
        arguments = _arguments(node)
        if len(arguments) != 2:
            return None
        node = _bare(arguments[1])
    if node.type == "attribute" and statement.type == "return_statement":
        return node
    if node.type != "call" or any(map(_decides, _arguments(node))):
        return None
    return node.child_by_field_id(FIELD["function"])


def _bare(node: Node) -> Node:
    """Return an expression without `await`, `yield from` and parentheses around it."""
    while node.named_child_count == 1 and (
        node.type in ("await", "parenthesized_expression")
        or (node.type == "yield" and any(child.type == "from" for child in node.children))
    ):
        node = node.named_children[0]
    return node


def _arguments(call: Node) -> list[Node]:
    arguments = call.child_by_field_id(FIELD["arguments"])
    if arguments is None:
        return []
    return [arguments] if arguments.type in _DECIDING else parts_of(arguments)


def _decides(argument: Node) -> bool:
    pending = [argument]
    while pending:
        node = pending.pop()
        if node.type in _DECIDING:
            return True
        pending += node.named_children
    return False

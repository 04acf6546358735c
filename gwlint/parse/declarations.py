"""What only declares: values, type definitions and statements that do nothing of their own when they run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tree_sitter import Node

from gwlint.parse.grammar import FIELD

_RUNNING = {
    "await", "conditional_expression", "dictionary_comprehension", "generator_expression", "lambda",
    "list_comprehension", "named_expression", "set_comprehension", "yield",
}  # fmt: skip
_MAKES_VALUE = {"frozenset", "MappingProxyType", "object", "set", "dict", "list", "tuple", "Decimal", "partial"}
_MAKES_TYPE = {
    "Enum", "Flag", "IntEnum", "IntFlag", "NamedTuple", "NewType", "ParamSpec", "StrEnum", "TypeAliasType", "TypeVar",
    "TypeVarTuple", "TypedDict", "namedtuple",
}  # fmt: skip
_MAKES_FIELD = {"field", "Field", "attrib", "ib", "auto"}
_CONSTRUCTORS = frozenset(_MAKES_VALUE | _MAKES_TYPE)
_CONSTRUCTORS_IN_CLASS = _CONSTRUCTORS | _MAKES_FIELD
_MAKES_LOGGER = re.compile(r"(?i)(?:get_?|make_?|create_?)?\w*logger")
_IS_LOGGER = re.compile(r"(?i)_*log(?:ger)?")
_LISTS_EXPORTS = re.compile(r"__all__\.(?:append|extend|remove)")
_SILENCES_LOGGER = re.compile(r"(?s).*\.addHandler\(\s*(?:\w+\.)?NullHandler\(\)\s*\)")
_RAISES_NOT_IMPLEMENTED = re.compile(r"raise\s+NotImplementedError\b")

MODULE_HOOKS = frozenset({"__all__", "__dir__", "__getattr__"})
"""What a module says about its names, in whatever form."""

IMPORTS = {"import_statement", "import_from_statement", "future_import_statement"}


def declares(statement: Node, *, in_class: bool = False) -> bool:
    """Tell whether a simple statement, or a class, only declares something."""
    match statement.type:
        case "pass_statement" | "delete_statement" | "type_alias_statement" | "comment":
            return True
        case "expression_statement":
            return all(_expression_declares(child, in_class) for child in parts_of(statement))
        case "class_definition":
            return _class_declares(statement)
        case kind:
            return kind in IMPORTS


def imports_in(nodes: Iterable[Node]) -> list[Node]:
    """Return the import statements in some nodes, those of functions and classes below these left out."""
    found, pending = [], [*nodes]
    while pending:
        node = pending.pop()
        if node.type in IMPORTS:
            found.append(node)
        elif node.type.endswith(("_statement", "_clause", "block", "module")):
            pending += node.named_children
    return sorted(found, key=lambda node: node.start_byte)


def is_plain(value: Node, constructors: frozenset[str] = _CONSTRUCTORS) -> bool:
    """Tell whether an expression is made of literals and names, and calls nothing but what makes constants of them."""
    pending = [value]
    while pending:
        node = pending.pop()
        if node.type in _RUNNING:
            return False
        if node.type == "call" and _last_name(node) not in constructors:
            return False
        pending += node.named_children
    return True


def body_of(definition: Node) -> list[Node]:
    """Return the statements of a function or a class, without comments and the docstring."""
    body = definition.child_by_field_id(FIELD["body"])
    statements = parts_of(body) if body is not None else []
    return statements[1:] if statements and _is_string(statements[0]) else statements


def parts_of(node: Node) -> list[Node]:
    """Return what a node consists of, comments left out."""
    return [child for child in node.named_children if child.type != "comment"]


def is_blank(statement: Node) -> bool:
    """Tell whether a statement is `pass` or `...`."""
    return statement.type == "pass_statement" or (
        statement.type == "expression_statement" and statement.text in (b"...", b"Ellipsis")
    )


def text_of(node: Node | None) -> str:
    """Return the source of a node on one line."""
    return " ".join((node.text or b"").decode().split()) if node is not None else ""


def _expression_declares(node: Node, in_class: bool) -> bool:
    match node.type:
        case "string" | "concatenated_string" | "ellipsis":
            return True
        case "assignment":
            return _assignment_declares(node, in_class)
        case "augmented_assignment":
            return text_of(node.child_by_field_id(FIELD["left"])) == "__all__"
        case "call":
            called = text_of(node.child_by_field_id(FIELD["function"]))
            return _LISTS_EXPORTS.fullmatch(called) is not None or _SILENCES_LOGGER.fullmatch(text_of(node)) is not None
        case _:
            return False


def _assignment_declares(node: Node, in_class: bool) -> bool:
    targets, value = _targets_and_value(node)
    if value is None or not MODULE_HOOKS.isdisjoint(targets):
        return True
    if value.type == "call" and _makes_logger(value, targets):
        return True
    if not all(re.fullmatch(r"[\w\s,()*]+", target) for target in targets):
        # To set an attribute or an item is to change something that others see.
        return False
    return is_plain(value, _CONSTRUCTORS_IN_CLASS if in_class else _CONSTRUCTORS)


def _targets_and_value(node: Node) -> tuple[list[str], Node | None]:
    """Return what `a = b = value` assigns to, and the value."""
    targets, value = [], node
    while value is not None and value.type == "assignment":
        targets.append(text_of(value.child_by_field_id(FIELD["left"])))
        following = value.child_by_field_id(FIELD["right"])
        if following is None:
            return targets, None
        value = following
    return targets, value


def _makes_logger(call: Node, targets: list[str]) -> bool:
    name = _last_name(call)
    return name == "getLogger" or (
        _MAKES_LOGGER.fullmatch(name) is not None and all(map(_IS_LOGGER.fullmatch, targets))
    )


def _last_name(call: Node) -> str:
    return text_of(call.child_by_field_id(FIELD["function"])).rpartition(".")[2]


def _class_declares(definition: Node) -> bool:
    """Tell whether a class has no behaviour: neither methods that do something nor code that runs."""
    pending = [definition]
    while pending:
        for statement in body_of(pending.pop()):
            inner = undecorated(statement)
            if inner is not None and inner.type == "class_definition":
                pending.append(inner)
            elif inner is not None and inner.type == "function_definition":
                if not is_empty(inner):
                    return False
            elif not declares(statement, in_class=True):
                return False
    return True


def undecorated(statement: Node) -> Node | None:
    """Return the definition that a statement is, without its decorators, or None if it is none."""
    if statement.type == "decorated_definition":
        return statement.child_by_field_id(FIELD["definition"])
    return statement if statement.type in ("class_definition", "function_definition") else None


def decorators_of(statement: Node) -> Iterator[str]:
    """Yield the decorators of a statement, as they are written after the `@`."""
    if statement.type == "decorated_definition":
        yield from (text_of(one).lstrip("@ ") for one in statement.named_children if one.type == "decorator")


def is_empty(function: Node) -> bool:
    """Tell whether a function only says that somebody else implements it."""
    return all(is_blank(one) or _RAISES_NOT_IMPLEMENTED.match(text_of(one)) for one in body_of(function))


def _is_string(statement: Node) -> bool:
    parts = parts_of(statement) if statement.type == "expression_statement" else []
    return len(parts) == 1 and parts[0].type in ("string", "concatenated_string")

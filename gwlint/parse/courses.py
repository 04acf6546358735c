"""What the functions of a file do whenever they are called, and what they do only then and when."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tree_sitter import Node

from gwlint.model import Bound, Course, Span
from gwlint.parse import grammar
from gwlint.parse.declarations import IMPORTS, body_of, imports_in, parts_of, text_of, undecorated
from gwlint.parse.grammar import FIELD
from gwlint.parse.regions import arms
from gwlint.parse.source import Source
from gwlint.parse.statements import clauses

_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_PARAMETER = re.compile(r"\**\s*([^\W\d]\w*)")
_BATCH = re.compile(r"""[^\W\d]\w*\[["']Records["']\]""")
_NOT_YET = re.compile(r"(?:not )?([^\W\d]\w*)(?: is None)?")
_ELSEWHERE = {"function_definition", "class_definition", "decorated_definition", "lambda"}
_DEEPEST = 50
"""How many blocks inside of one another are looked into: more than anybody can read."""

_OWN_NAME = {"attribute": "attribute", "keyword_argument": "name"}
_PERHAPS = {
    "boolean_operator", "conditional_expression", "dictionary_comprehension", "generator_expression",
    "list_comprehension", "set_comprehension",
}  # fmt: skip
"""What evaluates only some of its parts, or evaluates them as often as there is something to go through."""


def courses(raw: bytes) -> tuple[Course, ...]:
    """Return the functions and methods of a file, and before them what the file does by itself. Never raises.

    Functions inside of functions are part of these. Of what does not parse nothing is said.
    """
    source = Source(raw)
    root = grammar.tree_of(source.data).root_node
    found = [_of_module(source, root)]
    for definition, prefix in _definitions(root):
        found.append(_of_function(source, definition, prefix))
    return tuple(found)


def _definitions(root: Node) -> Iterator[tuple[Node, str]]:
    """Yield the functions of a file, in source order, each with what comes before its name."""
    pending = [(child, "") for child in reversed(root.named_children)]
    while pending:
        node, prefix = pending.pop()
        definition = undecorated(node)
        if definition is None:
            if node.type.endswith(("_statement", "_clause", "block")):
                pending += [(child, prefix) for child in reversed(node.named_children)]
        elif definition.type == "function_definition":
            yield definition, prefix
        else:
            inside = f"{prefix}{text_of(definition.child_by_field_id(FIELD['name']))}."
            pending += [(child, inside) for child in reversed(body_of(definition))]


def _of_module(source: Source, root: Node) -> Course:
    """Return what runs when a file is loaded: all but the bodies of functions."""
    mentions = {name for node in _outside_of_functions(root) for name in _mentioned([node], ())}
    at = source.span(0, 0)
    return Course(
        "", at, (), is_decorated=False, bound=_bound(source, imports_in([root])), mentions=tuple(sorted(mentions))
    )


def _outside_of_functions(root: Node) -> Iterator[Node]:
    """Yield what a file evaluates when it is loaded, piece by piece; of functions that is what is said of them."""
    pending = [root]
    while pending:
        node = pending.pop()
        if node.type in IMPORTS:
            continue
        if node.type == "function_definition":
            parameters = node.child_by_field_id(FIELD["parameters"])
            said = [one for parameter in parts_of(parameters) for one in _said_of(parameter)] if parameters else []
            yield from [*said, *node.children_by_field_name("return_type")]
        elif node.type == "class_definition":
            yield from node.children_by_field_name("superclasses")
            pending += node.children_by_field_name("body")
        elif node.type == "decorator" or not _has_definitions(node):
            yield node
        else:
            pending += node.named_children


def _said_of(parameter: Node) -> list[Node]:
    return [*parameter.children_by_field_name("type"), *parameter.children_by_field_name("value")]


def _has_definitions(node: Node) -> bool:
    return node.type.endswith(("_statement", "_clause", "_definition", "block", "module")) and (
        node.type != "expression_statement"
    )


def _of_function(source: Source, definition: Node, prefix: str) -> Course:
    block = definition.child_by_field_id(FIELD["body"])
    body = _statements(block)
    follower = _Follower(_globals_of(body))
    follower.follow(body)
    choices = [arms for arms in _choices(body) if len(arms) > 1]
    inside = {arm.id for arms in choices for arm in arms}
    return Course(
        name=prefix + text_of(definition.child_by_field_id(FIELD["name"])),
        at=_header(source, definition),
        parameters=tuple(_parameters(definition)),
        is_decorated=definition.parent is not None and definition.parent.type == "decorated_definition",
        imports=tuple(source.span(*one.byte_range) for one in follower.imports),
        calls=tuple(follower.calls),
        bound=_bound(source, imports_in(body)),
        mentions=_mentioned(body, inside),
        choices=tuple(tuple(_mentioned([arm], ()) for arm in arms) for arms in choices),
    )


@dataclass(slots=True)
class _Follower:
    """Follows the statements of a function as long as nothing decides otherwise.

    An exception is an exception: what may be raised decides nothing. What waits for a global to be set runs the first
    time. `stores` are the names that the function declares as global.
    """

    stores: frozenset[str]
    depth: int = 0
    imports: list[Node] = field(default_factory=list)
    calls: dict[str, None] = field(default_factory=dict)

    def follow(self, statements: Sequence[Node]) -> bool:
        """Follow statements up to one that leaves, and tell whether what comes after them runs in any case."""
        if self.depth > _DEEPEST:
            return False
        self.depth += 1
        goes_on = all(map(self._goes_on, statements))
        self.depth -= 1
        return goes_on

    def _goes_on(self, node: Node) -> bool:
        match node.type:
            case "import_statement" | "import_from_statement":
                self.imports.append(node)
                return True
            case "function_definition" | "class_definition" | "decorated_definition":
                return True
            case "if_statement":
                return self._decides(node)
            case "try_statement":
                return self._tries(node)
            case "with_statement":
                self._evaluate(child for child in parts_of(node) if child.type != "block")
                return self.follow(_statements(node.child_by_field_id(FIELD["body"])))
            case "for_statement" | "while_statement" | "match_statement":
                return self._repeats_or_matches(node)
            case "return_statement" | "raise_statement" | "break_statement" | "continue_statement":
                self._evaluate(parts_of(node))
                return False
            case _:
                self._evaluate([node])
                return True

    def _decides(self, node: Node) -> bool:
        condition = node.child_by_field_id(FIELD["condition"])
        consequence = _statements(node.child_by_field_id(FIELD["consequence"]))
        alternatives = node.children_by_field_name("alternative")
        if condition is not None:
            self._evaluate([condition])
            awaited = _NOT_YET.fullmatch(text_of(condition))
            if awaited and awaited[1] in self.stores and not alternatives and text_of(condition) != awaited[1]:
                return self.follow(consequence)
        return not _may_return([node])

    def _tries(self, node: Node) -> bool:
        goes_on = self.follow(_statements(node.child_by_field_id(FIELD["body"])))
        for clause in parts_of(node):
            if clause.type == "else_clause" and goes_on:
                goes_on = self.follow(_statements(clause.child_by_field_id(FIELD["body"])))
            elif clause.type == "finally_clause":
                self.follow([one for block in parts_of(clause) for one in _statements(block)])
        return goes_on and not _may_return([node])

    def _repeats_or_matches(self, node: Node) -> bool:
        for name in ("right", "condition", "subject"):
            one = node.child_by_field_name(name)
            if one is not None:
                self._evaluate([one])
        right = node.child_by_field_id(FIELD["right"]) if node.type == "for_statement" else None
        # A batch that a function is invoked with is never empty.
        if right is not None and _BATCH.fullmatch(text_of(right)):
            self.follow(_statements(node.child_by_field_id(FIELD["body"])))
        return not _may_return([node])

    def _evaluate(self, expressions: Iterable[Node]) -> None:
        """Note what is called whenever expressions are evaluated."""
        pending = [*expressions]
        while pending:
            node = pending.pop()
            if node.type in _ELSEWHERE:
                continue
            if node.type in _PERHAPS:
                pending += _evaluated_first(node)
                continue
            if node.type == "call":
                called = text_of(node.child_by_field_id(FIELD["function"]))
                if _DOTTED.fullmatch(called):
                    self.calls.setdefault(called)
            pending += node.named_children


def _evaluated_first(node: Node) -> list[Node]:
    """Return the part of an expression that is evaluated whatever becomes of the others."""
    parts = parts_of(node)
    if node.type == "conditional_expression":
        return parts[1:2]
    if node.type == "boolean_operator":
        return parts[:1]
    clause = next((one for one in parts if one.type == "for_in_clause"), None)
    right = clause.child_by_field_id(FIELD["right"]) if clause is not None else None
    return [right] if right is not None else []


def _compared(condition: Node | None) -> Iterator[str]:
    """Yield what a condition compares with strings."""
    if condition is None:
        return
    parts = parts_of(condition)
    if condition.type == "boolean_operator" and any(child.type == "and" for child in condition.children):
        for part in parts:
            yield from _compared(part)
    elif condition.type == "comparison_operator" and any(child.type in ("==", "in") for child in condition.children):
        named = [one for one in parts if one.type in ("string", "tuple", "set", "list")]
        yield from (text_of(one) for one in parts if named and one not in named)


def _cases(node: Node) -> list[Node]:
    body = node.child_by_field_id(FIELD["body"])
    return [one for one in parts_of(body) if one.type == "case_clause"] if body is not None else []


def _choices(statements: Sequence[Node]) -> Iterator[list[Node]]:
    """Yield the choices by name among statements, however deep: the arms of each.

    A choice by name is a `match`, or several arms that compare something with strings, of one `if` or of several that
    follow one another.
    """
    pending = [[*statements]]
    while pending:
        block = pending.pop()
        yield from _choices_by_subject(block)
        for one in block:
            if one.type == "match_statement":
                yield _cases(one)
            pending += _blocks_in(one)


def _choices_by_subject(statements: Sequence[Node]) -> Iterator[list[Node]]:
    """Yield the arms of `if` statements, those together that ask for the same thing."""
    found: dict[tuple[str, ...], list[Node]] = {}
    for one in statements:
        for condition, block in arms(one) if one.type == "if_statement" else ():
            subjects = tuple(sorted(_compared(condition)))
            if subjects:
                found.setdefault(subjects, []).append(block)
    yield from found.values()


def _blocks_in(statement: Node) -> Iterator[list[Node]]:
    """Yield the blocks right below a statement."""
    pending = [] if statement.type in _ELSEWHERE else [statement]
    while pending:
        for child in pending.pop().named_children:
            if child.type == "block":
                yield parts_of(child)
            elif child.type.endswith("_clause"):
                pending.append(child)


def _may_return(nodes: Sequence[Node]) -> bool:
    """Tell whether a function may be left in some statements, other than by an exception."""
    return any(node.type == "return_statement" for node in _of_this_call(nodes))


def _of_this_call(nodes: Sequence[Node]) -> Iterator[Node]:
    """Yield all that is below some nodes, themselves included, but not what only defines something."""
    pending = [*nodes]
    while pending:
        node = pending.pop()
        if node.type not in _ELSEWHERE:
            yield node
            pending += node.named_children


def _globals_of(statements: Sequence[Node]) -> frozenset[str]:
    names = (text_of(one) for node in statements if node.type == "global_statement" for one in parts_of(node))
    return frozenset(names)


def _mentioned(nodes: Iterable[Node], but: Collection[int]) -> tuple[str, ...]:
    """Return the names in some nodes, apart from those below nodes with one of the numbers."""
    found: set[str] = set()
    pending = [*nodes]
    while pending:
        node = pending.pop()
        if node.id in but or node.type in IMPORTS:
            continue
        if node.type == "identifier":
            found.add(text_of(node))
        # The names of attributes and of arguments are the business of somebody else.
        name = _OWN_NAME.get(node.type)
        own = node.child_by_field_name(name) if name is not None else None
        pending += [child for child in node.named_children if child != own]
    return tuple(sorted(found))


def _bound(source: Source, statements: Iterable[Node]) -> tuple[Bound, ...]:
    return tuple(
        Bound(name, meaning, source.span(*node.byte_range))
        for node in statements
        for clause in clauses(source.text(*node.byte_range))
        for name, meaning in clause.bindings
    )


def _parameters(definition: Node) -> Iterator[str]:
    parameters = definition.child_by_field_id(FIELD["parameters"])
    for one in parts_of(parameters) if parameters is not None else ():
        match = _PARAMETER.match(text_of(one))
        if match:
            yield match[1]


def _header(source: Source, definition: Node) -> Span:
    colon = next((child for child in definition.children if child.type == ":"), None)
    return source.span(definition.start_byte, colon.end_byte if colon else definition.end_byte)


def _statements(block: Node | None) -> list[Node]:
    return parts_of(block) if block is not None else []

"""When a piece of code runs: at load, when a function is called, or never."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tree_sitter import Node

from gwlint.parse.grammar import FIELD

_MAY_MATTER = (b"TYPE_CHECKING", b"MYPY", b"__main__", b"if False", b"if 0", b"if True", b"if 1", b"suppress")
_TYPE_CHECKING = {"TYPE_CHECKING", "MYPY"}
_TYPE_CHECKING_MEANINGS = {"typing.TYPE_CHECKING", "typing_extensions.TYPE_CHECKING"}
_CATCHES_IMPORT_ERROR = re.compile(r"\b(?:ImportError|ModuleNotFoundError|Exception|BaseException)\b")
_SUPPRESSES_IMPORT_ERROR = re.compile(r"\bsuppress\s*\([^)]*\b(?:ImportError|ModuleNotFoundError|Exception)\b")
_IS_MAIN = re.compile(r"""__name__\s*==\s*['"]__main__['"]|['"]__main__['"]\s*==\s*__name__""")


class Effect(NamedTuple):
    """What a stretch of source does to the imports inside it, beyond what surrounds it."""

    start: int
    end: int
    deferred: bool = False
    type_only: bool = False
    guarded: bool = False


def matter(data: bytes) -> bool:
    """Tell whether any `if` or `with` of a source can change when its imports run."""
    return any(sign in data for sign in _MAY_MATTER)


def of_tries(tries: Iterable[Node]) -> Iterator[Effect]:
    """Yield what is guarded by `except ImportError`: the body, and the fallback in the handler itself."""
    for node in tries:
        handlers = [child for child in node.named_children if child.type == "except_clause"]
        catching = [handler for handler in handlers if _catches_import_error(handler)]
        body = node.child_by_field_id(FIELD["body"])
        if body is None:
            continue
        for guarded in [body, *catching] if catching else ():
            yield Effect(guarded.start_byte, guarded.end_byte, guarded=True)


def _catches_import_error(handler: Node) -> bool:
    caught = [child for child in handler.named_children if child.type not in ("block", "comment")]
    return not caught or any(_CATCHES_IMPORT_ERROR.search(_text(child)) for child in caught)


def of_withs(withs: Iterable[Node]) -> Iterator[Effect]:
    """Yield what stands under `with contextlib.suppress(ImportError)`."""
    for node in withs:
        body = node.child_by_field_id(FIELD["body"])
        if body is not None and _SUPPRESSES_IMPORT_ERROR.search(_text(node, before=body)):
            yield Effect(body.start_byte, body.end_byte, guarded=True)


def of_ifs(ifs: Iterable[Node], meanings: dict[str, str]) -> Iterator[Effect]:
    """Yield the arms of `if` statements that never run, and those that run only in a script.

    `meanings` are the imported names of the file, wherever they are imported.
    """
    for node in ifs:
        reachable = True
        for condition, arm in arms(node):
            value = None if condition is None else _value(condition, meanings)
            if not reachable or value is False:
                yield Effect(arm.start_byte, arm.end_byte, type_only=True)
            elif condition is not None and _IS_MAIN.search(_text(condition)):
                yield Effect(arm.start_byte, arm.end_byte, deferred=True)
            reachable = reachable and value is not True


def arms(node: Node) -> Iterator[tuple[Node | None, Node]]:
    """Yield every arm of an `if` with its condition, None for `else`."""
    for part in [node, *node.children_by_field_name("alternative")]:
        arm = part.child_by_field_id(FIELD["body" if part.type == "else_clause" else "consequence"])
        if arm is not None:
            yield part.child_by_field_id(FIELD["condition"]), arm


def _value(condition: Node, meanings: dict[str, str]) -> bool | None:
    """Fold a condition for a running program, in which nothing is being type-checked."""
    match condition.type:
        case "false":
            return False
        case "true":
            return True
        case "integer":
            return _text(condition) != "0"
        case "identifier" | "attribute":
            return False if _asks_for_type_checking(_text(condition), meanings) else None
        case "parenthesized_expression":
            return _value(condition.named_children[0], meanings) if condition.named_children else None
        case "not_operator":
            operand = _value(condition.named_children[0], meanings) if condition.named_children else None
            return None if operand is None else not operand
        case "boolean_operator":
            return _fold(condition, meanings)
        case _:
            return None


def _fold(condition: Node, meanings: dict[str, str]) -> bool | None:
    left, right = (_value(side, meanings) for side in (condition.named_children[0], condition.named_children[-1]))
    decisive = any(child.type == "or" for child in condition.children)
    if decisive in (left, right):
        return decisive
    return None if None in (left, right) else not decisive


def _asks_for_type_checking(dotted: str, meanings: dict[str, str]) -> bool:
    root, dot, rest = dotted.partition(".")
    return dotted in _TYPE_CHECKING or f"{meanings.get(root, root)}{dot}{rest}" in _TYPE_CHECKING_MEANINGS


def _text(node: Node, before: Node | None = None) -> str:
    text = node.text or b""
    return (text[: before.start_byte - node.start_byte] if before else text).decode()

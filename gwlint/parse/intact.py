"""The functions of a file that does not parse, as far as nothing is wrong inside of them."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gwlint.parse import grammar
from gwlint.parse.grammar import FIELD
from gwlint.parse.source import Source

_DEEPEST = 200


def intact(source: Source) -> Iterator[tuple[str, bool, int, bytes]]:
    """Yield the outermost functions without an error in them, as text that parses alone.

    With each comes the prefix of its name, whether it is a method, and what to add to its lines.
    """
    pending: list[tuple[Node, str, bool, int]] = [(grammar.tree_of(source.data).root_node, "", False, 0)]
    while pending:
        node, prefix, in_class, depth = pending.pop()
        if node.type == "function_definition" and not node.has_error:
            start, _ = source.line_at(node.start_byte)
            row = node.start_point[0]
            indent = source.data[start : node.start_byte]
            if not indent.strip():
                # Under an `if`, every indentation will do.
                head = b"if 1:\n" if indent else b"\n"
                yield prefix, in_class, row - 1, head + source.data[start : node.end_byte]
            continue
        if depth < _DEEPEST:
            if node.type == "class_definition":
                name = node.child_by_field_id(FIELD["name"])
                prefix, in_class = f"{prefix}{(name.text or b'').decode() if name is not None else ''}.", True
            pending += [(child, prefix, in_class, depth + 1) for child in reversed(node.named_children)]

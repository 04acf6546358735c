"""tree-sitter's Python grammar, and the one question put to every tree."""

import tree_sitter_python
from tree_sitter import Language, Node, Parser, Query, QueryCursor, Tree

_LANGUAGE = Language(tree_sitter_python.language())

_EVERYWHERE = Query(
    _LANGUAGE,
    """
    [(import_statement) (import_from_statement) (future_import_statement)] @import
    (decorated_definition) @decorated
    (function_definition) @function
    (class_definition) @class
    (lambda) @lambda
    [(list_comprehension) (set_comprehension) (dictionary_comprehension) (generator_expression)] @comprehension
    (try_statement) @try
    (call function: [(identifier) (attribute)]) @call
    (attribute object: (identifier) @root)
    (assignment) @assignment
    (named_expression name: (identifier) @target)
    [(for_statement left: (_) @target) (for_in_clause left: (_) @target)]
    (as_pattern_target) @target
    (ERROR) @error
    """,
)
_LARGEST_ERROR = 5_000
_CONDITIONS = Query(_LANGUAGE, "(if_statement) @if (with_statement) @with")
_COMMENTS = Query(_LANGUAGE, "(comment) @comment")


class _Fields(dict[str, int]):
    """Fields of the grammar by name: looking one up in a node by its number takes half the time."""

    def __missing__(self, name: str) -> int:
        number = _LANGUAGE.field_id_for_name(name)
        if number is None:
            raise KeyError(name)
        self[name] = number
        return number


FIELD = _Fields()
Captures = dict[str, list[Node]]


def tree_of(data: bytes) -> Tree:
    """Return the concrete syntax tree of a source in UTF-8, errors and all."""
    return Parser(_LANGUAGE).parse(data)


def structure(tree: Tree) -> Captures:
    """Return the nodes that every file is asked for. Their order is not the source's.

    Of a file that is one huge error only that is returned: queries take quadratic time in the children of a node.
    """
    root = tree.root_node
    if root.has_error and _largest_error(root) > _LARGEST_ERROR:
        return {"error": [root]}
    return QueryCursor(_EVERYWHERE).captures(root)


def _largest_error(root: Node) -> int:
    return max((node.child_count for node in (root, *root.children) if node.is_error), default=0)


def conditions(tree: Tree) -> Captures:
    """Return the `if` and `with` statements, which are many and seldom matter."""
    return QueryCursor(_CONDITIONS).captures(tree.root_node)


def comments(tree: Tree) -> list[Node]:
    """Return the real comments in source order."""
    found = QueryCursor(_COMMENTS).captures(tree.root_node).get("comment", [])
    return sorted(found, key=lambda node: node.start_byte)

"""What can still be read of a file that does not parse: its statements one by one, and imports as text."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from gwlint import syntax
from gwlint.model import SourceError
from gwlint.parse import grammar
from gwlint.parse.grammar import Captures
from gwlint.parse.recover import statements
from gwlint.parse.source import Source
from gwlint.parse.statements import Clause
from gwlint.steps import Import

Piece = Import | tuple[int, bytes]
"""An import, or statements that parse with what to add to their lines."""


def salvaged(source: Source) -> tuple[list[Piece], SourceError | None]:
    """Return the pieces of a file in order, and what is wrong with it: nothing if it is only newer than we are."""
    error = source.error or syntax.check(source.data)
    tree = grammar.tree_of(source.data)
    root = tree.root_node
    if error == syntax.TOO_DEEP:
        return [*_imports(source, {"error": [root]}, [(0, len(source.data))], valid=False)], error
    pieces: list[Piece] = []
    broken: list[tuple[int, int]] = []
    for node in root.children:
        start, end = node.byte_range
        if node.start_point[1] == 0 and not node.is_error and _parses(source.data[start:end]):
            pieces.append((node.start_point[0], source.data[start:end]))
        else:
            broken.append((start, end))
    pieces += _imports(source, grammar.structure(tree), broken, valid=error is None)
    return sorted(pieces, key=_line), error


def _line(piece: Piece) -> int:
    return piece.line if isinstance(piece, Import) else piece[0] + 1


def _parses(text: bytes) -> bool:
    try:
        ast.parse(text.decode())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _imports(source: Source, captures: Captures, ranges: Sequence[tuple[int, int]], *, valid: bool) -> Iterator[Import]:
    """Yield the imports in some stretches that stand in no function, and are not lazy."""
    functions = [node.byte_range for node in captures.get("function", ())]
    for one in statements(source, captures.get("import", ()), captures.get("error", ()), valid=valid):
        if not one.deferred and _is_in(one.start, ranges) and not _is_in(one.start, functions):
            line, _ = source.position(one.start)
            yield from (_step(clause, line) for clause in one.clauses)


def _is_in(offset: int, ranges: Sequence[tuple[int, int]]) -> bool:
    return any(start <= offset < end for start, end in ranges)


def _step(clause: Clause, line: int) -> Import:
    names = [name for name, _ in clause.bindings]
    if not clause.names:
        bound = names[0] if names and names[0] != clause.module.partition(".")[0] else ""
        return Import(clause.module, clause.level, (), bound, line)
    pairs = (("*", "*"),) if "*" in clause.names else tuple(zip(clause.names, names, strict=False))
    return Import(clause.module, clause.level, pairs, "", line)

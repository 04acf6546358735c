"""Comments that ask for silence, with the lines they speak for. Only real comments count."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node, Tree

from gwlint.model import Suppression
from gwlint.parse import grammar
from gwlint.parse.source import Source

_SIGNS = (b"gwlint:", b"noqa")
_OURS = re.compile(
    r"gwlint:\s*(?P<form>ignore(?:-file)?)\b"
    r"(?:\s*\[(?P<codes>[^\]#]*)\]?|[\s:=(]+(?P<unbracketed>GW\d+(?:[\s,]+GW\d+)*)\b\)?)?(?P<rest>[^#]*)",
    re.IGNORECASE,
)
"""Codes without their brackets are codes all the same: read as a reason, they would silence every rule."""
_NOQA = re.compile(
    r"#\s*noqa\b(?:\s*:\s*(?P<codes>[A-Za-z]+\d+(?:[\s,]+[A-Za-z]+\d+)*))?(?P<rest>[^#]*)", re.IGNORECASE
)
_UNTIL = re.compile(r"\buntil\s*=\s*(?P<until>\S*)")
_COMPOUND = {
    "class_definition", "decorated_definition", "elif_clause", "else_clause", "except_clause", "finally_clause",
    "for_statement", "function_definition", "if_statement", "match_statement", "try_statement", "while_statement",
    "with_statement", "case_clause",
}  # fmt: skip
_BLOCKS = {"block", "module"}


def suppressions(source: Source, tree: Tree) -> Iterator[Suppression]:
    """Yield the suppressions of a file in source order."""
    lowered = source.data.lower()
    if not any(sign in lowered for sign in _SIGNS):
        return
    head = _end_of_head(tree)
    whole = (1, source.lines + 1)
    for comment in grammar.comments(tree):
        text = source.text(*comment.byte_range)
        for match in _OURS.finditer(text):
            form = match["form"].lower()
            # What stands too late for a whole file speaks for no line at all.
            file = whole if comment.start_byte < head else (0, 0)
            lines = file if form == "ignore-file" else _lines(source, comment)
            yield _suppression(source, comment, match, form, lines)
        noqa = _NOQA.search(text)
        if noqa:
            yield _suppression(source, comment, noqa, "noqa", _lines(source, comment))


def _end_of_head(tree: Tree) -> int:
    """Return where the first statement starts; a docstring is none."""
    for node in tree.root_node.children:
        is_docstring = node.type == "expression_statement" and node.named_child_count == 1
        if node.type == "comment" or (is_docstring and node.named_children[0].type == "string"):
            continue
        return node.start_byte
    return tree.root_node.end_byte + 1


def _suppression(source: Source, comment: Node, match: re.Match[str], form: str, lines: tuple[int, int]) -> Suppression:
    rest = match["rest"]
    until = _UNTIL.search(rest)
    reason = _UNTIL.sub("", rest).strip(" \t\r-–—:,")  # noqa: RUF001  people write all three
    start = comment.start_byte + len(match.string[: match.start()].encode())
    return Suppression(
        form=form,  # type: ignore[arg-type]  # the pattern admits no other
        codes=_codes(match["codes"] if form == "noqa" else match["unbracketed"] or match["codes"]),
        reason=reason,
        until=until["until"].rstrip(",;.:)") if until else None,
        first_line=lines[0],
        last_line=lines[1],
        at=source.span(start, start + len(match[0].rstrip().encode())),
    )


def _codes(written: str | None) -> tuple[str, ...]:
    """Return codes as rules have them. Brackets without any don't mean every code: they are one that no rule has."""
    codes = tuple(code.upper() for code in re.split(r"[\s,]+", written or "") if code)
    return codes if codes or written is None else ("[]",)


def _lines(source: Source, comment: Node) -> tuple[int, int]:
    """Return the lines of the statement, or of the header of the definition, that a comment stands in or ends."""
    line = source.position(comment.start_byte)[0]
    statement = _statement_around(comment) or _statement_before(comment, line)
    if statement is None:
        return line, line
    first = source.position(statement.start_byte)[0]
    last = source.position(_end_of_header(statement))[0]
    return (first, max(last, line)) if first <= line else (line, line)


def _statement_around(comment: Node) -> Node | None:
    node = comment.parent
    while node is not None and node.type not in _BLOCKS:
        above = node.parent
        if above is None or above.type in _BLOCKS or node.type in _COMPOUND:
            return node
        node = above
    return None


def _statement_before(comment: Node, line: int) -> Node | None:
    before = comment.prev_named_sibling
    if before is None or before.end_point[0] + 1 != line or before.type in _COMPOUND:
        return None
    return before


def _end_of_header(statement: Node) -> int:
    if statement.type == "decorated_definition":
        return _end_of_header(statement.named_children[-1])
    if statement.type not in _COMPOUND:
        return statement.end_byte
    body = statement.child_by_field_name("body") or statement.child_by_field_name("consequence")
    previous = body.prev_sibling if body is not None else None
    return previous.end_byte if previous is not None else statement.start_byte

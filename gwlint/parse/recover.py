"""The import statements of a file, those in regions that do not parse included.

Where the grammar gives up, it guesses: of `from lambda import x` it makes an error and `import x`. So a
statement counts as read only where it begins its line, and the lines around errors are read once more, as text.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from tree_sitter import Node

from gwlint.parse.outline import Statement
from gwlint.parse.source import Source
from gwlint.parse.statements import clauses
from gwlint.syntax import LITERAL

_NAME = r"[A-Za-z_\x80-\xff][\w\x80-\xff]*"
_DOTTED = rf"{_NAME}(?:[ \t]*\.[ \t]*{_NAME})*"
_ALIAS = rf"(?:[ \t]+as[ \t]+{_NAME})?"
_ITEM = rf"{_NAME}{_ALIAS}"
_STATEMENT = re.compile(
    rf"""(?:^|[;:])[ \t]*
    (?P<statement>
        (?P<lazy>lazy[ \t]+)?
        (?: from[ \t]*(?:\.[. \t]*(?:{_DOTTED})?|{_DOTTED})[ \t]*\bimport\b[ \t]*
            (?: \*
            |   \(\s*{_ITEM}(?:\s*,\s*{_ITEM})*\s*,?\s*\)
            |   \(?[ \t]*(?:{_ITEM}(?:[ \t]*,[ \t]*{_ITEM})*[ \t]*,?)?
            )
        |   import[ \t]+{_DOTTED}{_ALIAS}(?:[ \t]*,[ \t]*{_DOTTED}{_ALIAS})*
        )
    )
    [ \t]*(?=$|;|\r)""".replace("#", r"\#").encode("latin-1"),
    re.MULTILINE | re.VERBOSE,
)
_INDENT = re.compile(rb"[ \t\f]*")
_DEFINES_FUNCTION = re.compile(rb"[ \t\f]*(?:async[ \t]+)?def\b")


def statements(source: Source, imports: Iterable[Node], errors: Sequence[Node], *, valid: bool) -> list[Statement]:
    """Return the import statements of a file, in no particular order.

    `valid` says that the file is Python and only too new for the grammar: then nothing counts as recovered.
    """
    clean: list[Node] = []
    broken = list(errors)
    for node in imports:
        (clean if _is_clean(source, node) else broken).append(node)
    read = [Statement(node.start_byte, node.end_byte, clauses(_text(source, node))) for node in clean]
    return [*read, *_reread(source, read, broken, valid=valid)] if broken else read


def _is_clean(source: Source, node: Node) -> bool:
    start, _ = source.line_at(node.start_byte)
    before = source.data[start : node.start_byte].rstrip()
    return (not before or before[-1:] in b";:") and not node.has_error


def _reread(source: Source, read: Sequence[Statement], broken: Iterable[Node], *, valid: bool) -> Iterator[Statement]:
    code = LITERAL.sub(lambda match: b" " * len(match[0]), source.data)
    taken = {statement.start for statement in read}
    ranges = _merged(_lines_of(source, node) for node in broken)
    firsts = [first for first, _ in ranges]
    for match in _STATEMENT.finditer(code):
        start, end = match.span("statement")
        place = bisect_right(firsts, start) - 1
        if start not in taken and place >= 0 and start < ranges[place][1]:
            deferred = match["lazy"] is not None or _is_in_function(code, start)
            yield Statement(start, end, clauses(source.text(start, end)), deferred, recovered=not valid)


def _lines_of(source: Source, node: Node) -> tuple[int, int]:
    return source.line_at(node.start_byte)[0], source.line_at(node.end_byte)[1]


def _merged(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the ranges in order, those put together that overlap."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if merged and first < merged[-1][1]:
            first, last = merged[-1][0], max(last, merged.pop()[1])
        merged.append((first, last))
    return merged


def _is_in_function(code: bytes, offset: int) -> bool:
    """Read from the indentation what the broken tree can't tell."""
    start = code.rfind(b"\n", 0, offset) + 1
    indent = len(_INDENT.match(code, start)[0])  # type: ignore[index]  # the pattern matches anywhere
    while indent and start:
        start = code.rfind(b"\n", 0, start - 1) + 1
        end = code.find(b"\n", start)
        here = len(_INDENT.match(code, start)[0])  # type: ignore[index]  # the same
        if here < indent and code[start:end].strip():
            if _DEFINES_FUNCTION.match(code, start):
                return True
            indent = here
    return False


def _text(source: Source, node: Node) -> str:
    return source.text(node.start_byte, node.end_byte)

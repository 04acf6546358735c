"""A line of source with carets below a piece of it, as both look on a terminal: wide, narrow, or not to be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gwlint.finding import FIRST_LINE
from gwlint.model import Span
from gwlint.reporters.cells import width
from gwlint.reporters.controls import harmless

_TAB = "    "
_MORE = "…"
_WIDEST = 160
"""How many cells of a line are shown: who generates code writes lines without end."""

_LEAD = 40
"""How many characters before the piece are shown of a line that is too wide."""


class Frame(NamedTuple):
    """The line, what stands below it up to the first caret, and the carets."""

    source: str
    indent: str
    carets: str


def frame(lines: Sequence[str], at: Span) -> Frame | None:
    """Return the first line of a piece of source; nothing for a whole file, or where the file has no such line.

    The carets end in an ellipsis where the piece goes on below.
    """
    if at == FIRST_LINE or not 0 < at.line <= len(lines):
        return None
    line = lines[at.line - 1]
    goes_on = at.end_line > at.line
    first = min(at.column - 1, len(line))
    last = len(line.rstrip()) if goes_on else min(at.end_column - 1, len(line))
    start, end = _window(line, first)
    indent = _cells(line[start:first]) + (start > 0)
    carets = max(_cells(line[first : min(last, end)]), 1)
    source = f"{_MORE if start else ''}{_shown(line[start:end])}{_MORE if end < len(line) else ''}"
    return Frame(source.rstrip(), " " * indent, "^" * carets + (_MORE if goes_on or last > end else ""))


def _window(line: str, first: int) -> tuple[int, int]:
    """Return from where to where a line is shown."""
    # No character takes more cells than a control character that is spelled out.
    if len(line) * len("\\u2028") <= _WIDEST or _cells(line) <= _WIDEST:
        return 0, len(line)
    start = max(first - _LEAD, 0)
    end, cells = start, 0
    while end < len(line) and cells < _WIDEST:
        cells += _cells(line[end])
        end += 1
    return start, end


def _shown(text: str) -> str:
    return harmless(text.replace("\t", _TAB))


def _cells(text: str) -> int:
    return width(_shown(text))

"""Copies of functions for people: where they are, and two of them side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from gwlint.reporters.controls import harmless
from gwlint.reporters.copies import Copies, Copy
from gwlint.reporters.paint import Paint, plain

Lines = Callable[[str], Sequence[str]]
"""Gives the lines of a file of the project, without their ends; none where it can't be read."""

_NARROWEST = 30
_TAB = "    "
_MORE = "…"
_KINDS = {"exact": "the same", "renamed": "the same but for names and values", "near": "{similarity} alike"}


def render(found: Iterable[Copies], lines: Lines, width: int | None, paint: Paint = plain) -> Iterator[str]:
    """Yield lines, each class followed by an empty one. Without a width, nothing is shown side by side."""
    shown = list(found)
    for one in shown:
        yield from _class(one, paint)
        if width is not None:
            yield from _side_by_side(one.functions[0], one.functions[1], lines, width, paint)
        yield ""
    yield _summary(shown)


def _class(one: Copies, paint: Paint) -> Iterator[str]:
    # What differs is never quite the same.
    how = _KINDS[one.kind].format(similarity=f"{min(int(one.similarity * 100), 99)}%")
    instead = f"; call `{harmless(one.instead)}`" if one.instead else ""
    count = len(one.functions)
    yield f"{paint(one.rule, 'name')} {count} functions, {how}: {_counted(one.lines, 'line')} could go{instead}"
    for copy in one.functions:
        place = harmless(f"{copy.path}:{copy.line}:")
        yield f"  {paint(place, 'place')} {harmless(copy.name)}, {_counted(copy.end_line - copy.line + 1, 'line')}"


def _summary(shown: Sequence[Copies]) -> str:
    if not shown:
        return "no copies of functions"
    functions = sum(len(one.functions) for one in shown)
    classes = "1 class" if len(shown) == 1 else f"{len(shown)} classes"
    lines = _counted(sum(one.lines for one in shown), "line")
    return f"{classes} of copies, {functions} functions: {lines} could go"


def _side_by_side(one: Copy, other: Copy, lines: Lines, width: int, paint: Paint) -> Iterator[str]:
    from difflib import SequenceMatcher

    left, right = (_source(copy, lines) for copy in (one, other))
    column = max((width - 7) // 2, _NARROWEST)
    one_bare, other_bare = ([line.strip() for line in side] for side in (left, right))
    for tag, first, first_end, second, second_end in SequenceMatcher(
        None, one_bare, other_bare, autojunk=False
    ).get_opcodes():
        sign = " " if tag == "equal" else "|" if tag == "replace" else "<" if tag == "delete" else ">"
        for place in range(max(first_end - first, second_end - second)):
            mine = left[first + place] if first + place < first_end else ""
            its = right[second + place] if second + place < second_end else ""
            row = f"    {_fitted(mine, column)} {sign} {_fitted(its, column)}".rstrip()
            yield row if tag == "equal" else paint(row, "note")


def _source(copy: Copy, lines: Lines) -> list[str]:
    """Return the lines of a function, without the indentation that all of them have."""
    own = [line.replace("\t", _TAB).rstrip() for line in lines(copy.path)[copy.line - 1 : copy.end_line]]
    indent = min((len(line) - len(line.lstrip()) for line in own if line), default=0)
    return [harmless(line[indent:]) for line in own]


def _fitted(line: str, width: int) -> str:
    return f"{line[: width - 1]}{_MORE}" if len(line) > width else line.ljust(width)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"

"""Tables in Markdown that are readable as they stand."""

from collections.abc import Iterable, Iterator, Sequence


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table: the first column to the left, the others to the right."""
    content = [heads, *rows]
    widths = [max(map(len, column)) for column in zip(*content, strict=True)]
    rule = ["-" * width for width in widths[:1]] + ["-" * (width - 1) + ":" for width in widths[1:]]
    return "\n".join(f"| {' | '.join(_padded(row, widths))} |" for row in (heads, rule, *content[1:]))


def _padded(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    yield row[0].ljust(widths[0])
    yield from (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))

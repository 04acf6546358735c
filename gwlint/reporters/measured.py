"""What was measured, held against what was estimated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from gwlint.footprint.estimates import Amount, Estimate
from gwlint.reporters.bars import Marks
from gwlint.reporters.budget_figures import Row
from gwlint.reporters.cells import fitted, padded, width
from gwlint.reporters.controls import harmless
from gwlint.reporters.paint import Paint, plain
from gwlint.reporters.wording import number

_LONGEST_NAME = 40


class Measured(NamedTuple):
    """What importing the module of a handler added to a bare interpreter, or the error it ended with instead."""

    memory_mb: float
    cpu_ms: float
    error: str = ""


def render(rows: Sequence[Row], measured: Mapping[int, Measured], marks: Marks, paint: Paint = plain) -> Iterator[str]:
    """Yield lines: what importing each handler took, what was estimated, and how far off that was."""
    lines = [("import of the handler's module", "", "measured", "estimated", "error", "")]
    for place, row in enumerate(rows):
        lines += _lines(row, measured.get(place), marks)
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        name, what, *shown, said = line
        cells = (text.rjust(cells) for text, cells in zip(shown, widths[2:-1], strict=True))
        text = "  ".join((padded(name, widths[0]), padded(what, widths[1]), *cells, said)).rstrip()
        yield paint(text, "name") if line is lines[0] else text


def error_of(measured: Measured, estimate: Estimate, marks: Marks) -> str:
    """Say in a line what importing a handler took, and how far off the estimate was."""
    if measured.error:
        return f"not measured: {measured.error}"
    memory = _held(measured.memory_mb, estimate.memory_mb, marks)
    cpu = _held(measured.cpu_ms, estimate.init_ms, marks)
    return (
        f"import: {memory[0]} MiB, estimated {memory[1]} ({memory[2]}, {memory[3]});"
        f" {cpu[0]} ms, estimated {cpu[1]} ({cpu[2]}, {cpu[3]})"
    )


def _lines(row: Row, measured: Measured | None, marks: Marks) -> Iterator[tuple[str, str, str, str, str, str]]:
    name = fitted(harmless(row.function.name), _LONGEST_NAME, marks.more)
    estimate = row.function.estimate
    if measured is None or estimate is None:
        yield name, "", "", "", "", "not measured: its module is not at hand"
    elif measured.error:
        yield name, "", "", "", "", f"not measured: {harmless(measured.error)}"
    else:
        yield name, "memory, MiB", *_held(measured.memory_mb, estimate.memory_mb, marks)
        yield "", "CPU, ms", *_held(measured.cpu_ms, estimate.init_ms, marks)


def _held(measured: float, amount: Amount, marks: Marks) -> tuple[str, str, str, str]:
    """Return what was measured, what was estimated, the error of that, and whether the interval holds the truth."""
    low, estimate, high = (max(one - amount.base, 0.0) for one in (amount.low, amount.estimate, amount.high))
    error = f"{(estimate - measured) / measured * 100:+.0f} %" if measured > 0 else ""
    inside = low <= measured <= high
    said = f"{'inside' if inside else 'outside'} of {number(low)}{marks.to}{number(high)}"
    return number(measured), number(estimate), error, said

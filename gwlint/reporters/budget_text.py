"""What functions take, for people: a table, with bars where there is room for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from gwlint.prices import FREE_GB_SECONDS, FREE_REQUESTS, Use, bill
from gwlint.reporters.bars import Marks, bar
from gwlint.reporters.budget_figures import Figure, Row, Verdict, verdict_of
from gwlint.reporters.cells import fitted, padded, width
from gwlint.reporters.controls import harmless
from gwlint.reporters.paint import Paint, Style, plain
from gwlint.reporters.wording import counted, dollars, number

HEADINGS = ("memory, MiB", "init, ms", "package, MiB")
"""What the figures of a function are, and in which units."""

_UNKNOWN = "unknown"
_GAP = "  "
_LONGEST_NAME = 40
_LEAST_BAR, _MOST_BAR = 6, 24
_STACKED_BAR = 30
_SIGNS: dict[Verdict, str] = {"over": "!", "near": "~"}
_STYLES: dict[Verdict, Style] = {"over": "error", "near": "warning", "within": "good"}


def render(rows: Sequence[Row], use: Use, columns: int, marks: Marks, paint: Paint = plain) -> Iterator[str]:
    """Yield lines: a row for each function, and what there is to know of the figures."""
    if not rows:
        yield from nothing()
        return
    table = list(_table(rows, columns, marks, paint))
    if width(table[0]) <= columns:
        yield from (paint(line, "name") if line is table[0] else line for line in table)
    else:
        yield from _stack(rows, marks, paint)
    yield ""
    yield from _legend(rows, use)


def nothing() -> Iterator[str]:
    """Say that there is no function, and what to do."""
    yield "no Lambda functions found"
    yield "declare them in a template (SAM, CloudFormation, Serverless Framework), or in the settings:"
    yield ""
    yield "  [tool.gwlint.functions.NAME]"
    yield '  handler = "module.function"'


def painted(text: str, verdict: Verdict, paint: Paint) -> str:
    """Return a text in the colour of what is to be said of it."""
    return paint(text, _STYLES[verdict]) if verdict in _STYLES else text


def interval(figure: Figure | None, marks: Marks) -> str:
    """Return a figure in words: the estimate, and from where to where it may be."""
    if figure is None:
        return _UNKNOWN
    estimate, low, high = (number(one) for one in (figure.estimate, figure.low, figure.high))
    return estimate if low == high else f"{estimate} ({low}{marks.to}{high})"


def figures(row: Row, marks: Marks, paint: Paint) -> Iterator[str]:
    """Yield the figures of a function, each on a line of its own, with a long bar."""
    estimate = row.function.estimate
    remarks = ("", "", "")
    if estimate is not None:
        remarks = (
            f"; runtime alone: {number(estimate.memory_mb.runtime)}",
            f"; on top of the runtime's own {number(estimate.init_ms.runtime)}",
            "",
        )
    longest = max(map(len, HEADINGS))
    for name, figure, remark in zip(HEADINGS, row.figures, remarks, strict=True):
        yield f"  {name:<{longest}}  {_figure(figure, marks, paint)}{remark}"


def summary(rows: Sequence[Row], signs: Mapping[Verdict, str]) -> str:
    """Say how many functions there are, and what is to be said of them: in words, and by which sign, if any."""
    words: tuple[tuple[Verdict, str], ...] = (
        ("over", "over a limit"),
        ("near", "near one, which lies inside of the interval"),
        ("unknown", "unknown"),
    )
    counts = ((verdict, sum(row.verdict == verdict for row in rows), text) for verdict, text in words)
    said = (
        f"{count} {text}{f' ({signs[verdict]})' if verdict in signs else ''}"
        for verdict, count, text in counts
        if count
    )
    return f"{counted(len(rows), 'function')}: {'; '.join(said) or 'none over a limit'}"


def assumed(rows: Sequence[Row], use: Use) -> Iterator[str]:
    """Say in a line each what the costs rest on, and what is left of them in the free tier."""
    costs = [row.cost for row in rows if row.cost is not None]
    if not costs:
        return
    yield (
        f"a month is {counted(use.invocations, 'invocation')} of {use.duration_ms:,} ms each, at the configured"
        " memory size and list prices"
    )
    total = dollars(sum(one.usd for one in costs))
    yield (
        f"all together {total}, and {dollars(bill(costs))} after the free tier"
        f" ({FREE_REQUESTS:,} requests, {FREE_GB_SECONDS:,} GB-s)"
    )


def _figure(figure: Figure | None, marks: Marks, paint: Paint) -> str:
    if figure is None:
        return _UNKNOWN
    limit = f" of {number(figure.limit)}" if figure.limit is not None else ""
    drawn = painted(bar(figure, _STACKED_BAR, marks), figure.verdict, paint)
    return f"{drawn} {interval(figure, marks)}{limit}: {painted(figure.verdict, figure.verdict, paint)}"


def _stack(rows: Sequence[Row], marks: Marks, paint: Paint) -> Iterator[str]:
    for row in rows:
        cost = f"{dollars(row.cost.usd)} a month" if row.cost is not None else "unknown cost"
        yield f"{paint(harmless(row.function.name), 'name')}, {cost}"
        yield from figures(row, marks, paint)


def _table(rows: Sequence[Row], columns: int, marks: Marks, paint: Paint) -> Iterator[str]:
    names = [fitted(harmless(row.function.name), _LONGEST_NAME, marks.more) for row in rows]
    texts = [_column([row.figures[place] for row in rows], marks) for place in range(len(HEADINGS))]
    costs = [dollars(row.cost.usd) if row.cost is not None else _UNKNOWN for row in rows]
    name_width = max(map(width, ("function", *names)))
    cost_width = max(map(width, ("a month", *costs)))
    text_widths = [max(map(width, column)) for column in texts]
    fixed = name_width + cost_width + sum(text_widths) + (len(HEADINGS) + 1) * len(_GAP)
    bar_width = min((columns - fixed) // len(HEADINGS) - 1, _MOST_BAR)
    bars = bar_width if bar_width >= _LEAST_BAR else 0
    widths = [
        max(text + (bars + 1 if bars else 0), len(heading)) for text, heading in zip(text_widths, HEADINGS, strict=True)
    ]
    headings = (padded(heading, cells) for heading, cells in zip(HEADINGS, widths, strict=True))
    yield _GAP.join([padded("function", name_width), *headings, "a month".rjust(cost_width)])
    for number_, row in enumerate(rows):
        cells = (
            _cell(figure, texts[place][number_], bars, widths[place], marks, paint)
            for place, figure in enumerate(row.figures)
        )
        yield _GAP.join([padded(names[number_], name_width), *cells, costs[number_].rjust(cost_width)])


def _column(figures: Sequence[Figure | None], marks: Marks) -> list[str]:
    """Return the figures of a column in words, one below the other."""
    said = [interval(one, marks).partition(" ") for one in figures]
    longest = max(len(estimate) for estimate, _, _ in said)
    parts = (
        [estimate.rjust(longest) for estimate, _, _ in said],
        [between for _, _, between in said],
        [f"of {number(one.limit)}" if one is not None and one.limit is not None else "" for one in figures],
        [_SIGNS.get(verdict_of(one), "") for one in figures],
    )
    filled = [part for part in parts if any(part)]
    widths = [max(map(width, part)) for part in filled]
    return [" ".join(map(padded, row, widths)).rstrip() for row in zip(*filled, strict=True)]


def _cell(figure: Figure | None, text: str, bars: int, cells: int, marks: Marks, paint: Paint) -> str:
    verdict = verdict_of(figure)
    drawn = "" if not bars else f"{_bar(figure, bars, marks, paint)} "
    blank = " " * (cells - (bars + 1 if bars else 0) - width(text))
    return drawn + painted(text, verdict, paint) + blank


def _bar(figure: Figure | None, cells: int, marks: Marks, paint: Paint) -> str:
    return " " * cells if figure is None else painted(bar(figure, cells, marks), figure.verdict, paint)


def _legend(rows: Sequence[Row], use: Use) -> Iterator[str]:
    yield summary(rows, _SIGNS)
    if any(row.init is not None for row in rows):
        yield "init is what loading a handler adds to the start of its runtime, in ms of CPU"
    yield from assumed(rows, use)
    yield from (
        f"{harmless(row.function.name)}: {dollars(row.smaller.cost.usd)} a month with {row.smaller.memory_size_mb:,} MB"
        f" instead of {row.function.memory_size_mb:,}, if it takes as long"
        for row in rows
        if row.smaller is not None and row.function.memory_size_mb is not None
    )
    yield from _of_the_unknown(rows)
    yield "`gwlint budget FUNCTION` shows what a function loads, and why"


def _of_the_unknown(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        if row.function.estimate is None:
            name = harmless(row.function.name)
            notes = row.notes or ("the module of its handler is not at hand",)
            yield from (f"{name}: {harmless(note)}" for note in notes)

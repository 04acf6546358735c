"""Bars of characters that show an interval and a limit."""

from __future__ import annotations

from typing import NamedTuple

from gwlint.reporters.budget_figures import Figure

_BEFORE_LIMIT = 0.75
"""How much of a bar stands for what is below the limit: that is in the same place in all bars of one width."""


class Marks(NamedTuple):
    """The characters that stand for parts of a bar, of ranges and of trees."""

    low: str
    estimate: str
    high: str
    limit: str
    beyond: str
    to: str
    arrow: str
    more: str
    branch: str
    last: str
    trunk: str


UNICODE = Marks("█", "▓", "░", "│", "▶", "–", "→", "…", "├─ ", "└─ ", "│  ")  # noqa: RUF001  a dash between numbers
ASCII = Marks("#", "=", "-", "|", ">", "-", "->", "...", "+- ", "`- ", "|  ")
"""For terminals that lack the others."""


def bar(figure: Figure, width: int, marks: Marks) -> str:
    """Return a bar: filled to the lower end of the interval, shaded to the estimate, and lightly to the upper end.

    What is over the limit takes at least one character beyond its mark, and nothing else does.
    """
    before = round((width - 1) * _BEFORE_LIMIT)
    if figure.limit is None:
        return _below(figure, figure.high, width - 1, marks).ljust(width)
    after = width - 1 - before
    beyond = _beyond(figure, figure.limit, before, marks)
    if len(beyond) > after:
        beyond = beyond[: after - 1] + marks.beyond
    return _below(figure, figure.limit, before, marks).ljust(before) + marks.limit + beyond.ljust(after)


def _below(figure: Figure, limit: float, cells: int, marks: Marks) -> str:
    low, estimate, high = (_cells(min(value, limit), limit, cells) for value in figure[:3])
    return _filled(low, estimate, high, marks)


def _beyond(figure: Figure, limit: float, cells: int, marks: Marks) -> str:
    low, estimate, high = (max(_cells(value - limit, limit, cells), 1) if value > limit else 0 for value in figure[:3])
    return _filled(low, estimate, high, marks)


def _cells(value: float, limit: float, cells: int) -> int:
    return round(value / limit * cells) if limit else cells * (value > 0)


def _filled(low: int, estimate: int, high: int, marks: Marks) -> str:
    return marks.low * low + marks.estimate * (estimate - low) + marks.high * (high - estimate)

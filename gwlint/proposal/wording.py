"""How comments put it: on one line of bearable length, whatever things are called."""

from collections.abc import Iterable

from gwlint.config.wording import quoted

_SHORT = 5


def several(names: Iterable[str]) -> str:
    """Name a few, and say how many more there are."""
    every = [*map(plain, names)]
    more = len(every) - _SHORT
    return ", ".join(every[:_SHORT]) + (f" and {more} more" if more > 0 else "") or "none"


def plain(said: str) -> str:
    """Return what may stand in a comment, where nothing but the end of the line ends it."""
    return quoted(said)[1:-1]

"""Colours, for those who look at a terminal that has them."""

from collections.abc import Callable
from typing import Literal

from gwlint.finding import Severity

Style = Literal[Severity, "good", "place", "name", "gutter"]
Paint = Callable[[str, Style], str]
"""Gives a text the looks of what it is."""

_CODES: dict[Style, str] = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "good": "32",
    "place": "1",
    "name": "1",
    "gutter": "34",
}


def plain(text: str, style: Style) -> str:  # noqa: ARG001  what a paint takes
    """Leave a text as it is."""
    return text


def coloured(text: str, style: Style) -> str:
    """Return a text between what switches its style on and off on a terminal."""
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m"

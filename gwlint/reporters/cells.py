"""How many cells of a terminal a text takes."""

import unicodedata


def width(text: str) -> int:
    """Return the number of cells of a text without control characters."""
    return len(text) if text.isascii() else sum(map(_width, text))


def padded(text: str, cells: int) -> str:
    """Return a text with blanks after it, to fill some cells."""
    return text + " " * (cells - width(text))


def fitted(text: str, cells: int, more: str = "…") -> str:
    """Return a text that takes no more than some cells: its end gives way to `more`."""
    if width(text) <= cells:
        return text
    kept, room = "", cells - width(more)
    for character in text:
        room -= _width(character)
        if room < 0:
            break
        kept += character
    return kept + more


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf") or "\u1160" <= character <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1

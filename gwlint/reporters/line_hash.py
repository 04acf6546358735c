"""The hash by which GitHub knows the line of an alert again when it has moved."""

from __future__ import annotations

import re
import struct
from collections import Counter
from itertools import accumulate

_LINE_END = re.compile(r"\r\n?")
_BLANKS = {ord(" "): None, ord("\t"): None}
_END_OF_LINE = "\n".encode("utf-16-le")
_END_OF_FILE = b"\xff\xff"
_WINDOW = struct.Struct("<100H")
"""What a line is known by: so many UTF-16 units from its first one on, wherever the line ends."""

_BASE = 37
_MODULUS = 1 << 64


def line_hashes(content: bytes | None) -> LineHashes:
    """Return the value of `primaryLocationLineHash` for every line of a file.

    The file is taken for UTF-8 whatever it is, and a byte order mark for a part of its first line. Blanks and tabs
    don't count, and all ends of lines are alike. A file that can't be read has no lines.
    """
    if content is None:
        return LineHashes([])
    text = _LINE_END.sub("\n", content.decode("utf-8", "replace")).translate(_BLANKS)
    lines = [line.encode("utf-16-le") for line in text.split("\n")]
    units = _END_OF_LINE.join(lines) + _END_OF_FILE + bytes(_WINDOW.size)
    starts = accumulate((len(line) + len(_END_OF_LINE) for line in lines[:-1]), initial=0)
    return LineHashes([units[start : start + _WINDOW.size] for start in starts])


class LineHashes:
    """The hashes of the lines of one file."""

    def __init__(self, windows: list[bytes]) -> None:
        """Take what each line is known by."""
        self._windows = windows
        self._times: list[int] = []
        seen: Counter[bytes] = Counter()
        for window in windows:
            seen[window] += 1
            self._times.append(seen[window])

    def of(self, line: int) -> str | None:
        """Return the hash of a line, with how many lines up to it have the same; nothing if there is no such line."""
        if not 0 < line <= len(self._windows):
            return None
        value = 0
        for unit in _WINDOW.unpack(self._windows[line - 1]):
            value = (value * _BASE + unit) % _MODULUS
        return f"{value:x}:{self._times[line - 1]}"

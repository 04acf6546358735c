"""The files of a project as reports quote them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from gwlint.cli.target import Target
from gwlint.discover.files import TOP


class Sources:
    """Reads files as they were when they were parsed, each once. Paths begin with the way to the project."""

    def __init__(self, target: Target, folder: str = TOP) -> None:
        """Take what is checked, and the way from where paths start to the project."""
        self._root = target.root
        self._overlay = target.overlay or {}
        self._folder = "" if folder == TOP else f"{folder}/"
        self.content = cache(self._content)
        self.lines = cache(self._lines)

    def _content(self, path: str) -> bytes | None:
        """Return the bytes of a file; nothing where it can't be read."""
        inside = path.removeprefix(self._folder)
        if inside in self._overlay:
            return self._overlay[inside]
        file = self._root / inside
        try:
            # Nobody waits for what a FIFO may have to say.
            return file.read_bytes() if file.is_file() else None
        except OSError:
            return None

    def _lines(self, path: str) -> Sequence[str]:
        """Return the lines of a file, without their ends; none where it can't be read."""
        # It takes the grammar with it, which is loaded anyway unless nothing has changed since the last run.
        from gwlint.parse.source import Source

        content = self.content(path)
        # What ends no line for Python, such as U+2028, ends none here.
        return () if content is None else re.split(r"\r\n|\n", Source(content).data.decode())

"""The pages of the rules as the tests read them: sections, and examples that are projects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

Place = tuple[str, int]

_FENCE = re.compile(r"(`{3,})\w*\s*")
_PATH = re.compile(r"`([^`\s]+)`(?:, `(# error: GW\d{3})` on lines? (\d+(?:, \d+)*))?\s*")
_HEADING = re.compile(r"(#{1,3}) (.+?)\s*")
_MARK = re.compile(r"# error: (GW\d{3}(?:, GW\d{3})*)\s*$")


class Example(NamedTuple):
    """A small project. The title is empty unless its section has several.

    `beside` has the lines that are marked outside of their files, with their marks.
    """

    title: str
    files: dict[str, str]
    beside: dict[Place, str]

    def marked(self, code: str) -> set[Place]:
        """The lines that a rule is to report."""
        return {
            (path, number)
            for path, content in self.files.items()
            for number, line in enumerate(content.split("\n"), 1)
            if code in marks(line) | marks(self.beside.get((path, number), ""))
        }


class Page(NamedTuple):
    title: str
    summary: str
    sections: tuple[str, ...]
    bad: tuple[Example, ...]
    good: tuple[Example, ...]


class _Piece(NamedTuple):
    """A heading, a path, a paragraph or the content of a fence; `level` is that of a heading.

    The lines of a file that are marked beside its path have a `mark`.
    """

    kind: str
    text: str
    level: int = 0
    mark: str = ""
    lines: tuple[int, ...] = ()


def marks(line: str) -> set[str]:
    """The codes of the rules that are to report a line."""
    found = _MARK.search(line)
    return set(found[1].split(", ")) if found else set()


def parsed(text: str) -> Page:
    """Read a page. Raises `ValueError` where it is no page."""
    pieces = [*_pieces(text)]
    if [piece.kind for piece in pieces[:2]] != ["heading", "paragraph"] or pieces[0].level != 1:
        raise ValueError("a page begins with its title and a paragraph")
    sections = tuple(piece.text for piece in pieces if piece.level == 2)
    return Page(pieces[0].text, pieces[1].text, sections, _examples(pieces, "Bad"), _examples(pieces, "Good"))


def _pieces(text: str) -> Iterator[_Piece]:
    lines = iter(text.splitlines())
    paragraph: list[str] = []
    for line in lines:
        fence, path, heading = (pattern.fullmatch(line) for pattern in (_FENCE, _PATH, _HEADING))
        if paragraph and (fence or path or heading or not line.strip()):
            yield _Piece("paragraph", " ".join(paragraph))
            paragraph = []
        if fence:
            yield _Piece("code", _fenced(lines, fence[1]))
        elif path:
            lines_marked = tuple(map(int, path[3].split(", "))) if path[3] else ()
            yield _Piece("path", path[1], mark=path[2] or "", lines=lines_marked)
        elif heading:
            yield _Piece("heading", heading[2], len(heading[1]))
        elif line.strip():
            paragraph.append(line.strip())
    if paragraph:
        yield _Piece("paragraph", " ".join(paragraph))


def _fenced(lines: Iterator[str], fence: str) -> str:
    content: list[str] = []
    for line in lines:
        if line.rstrip() == fence:
            return "".join(f"{line}\n" for line in content)
        content.append(line)
    raise ValueError(f"{fence} is never closed")


def _examples(pieces: list[_Piece], section: str) -> tuple[Example, ...]:
    examples: list[Example] = []
    inside, path = False, ""
    for piece in pieces:
        if piece.level == 2:
            inside = piece.text == section
        if not inside:
            continue
        if piece.kind == "heading":
            examples.append(Example("" if piece.level == 2 else piece.text, {}, {}))
        elif piece.kind == "path":
            path = piece.text
            examples[-1].beside.update({(path, line): piece.mark for line in piece.lines})
        elif piece.kind == "code":
            if not path or path in examples[-1].files:
                raise ValueError(f"a fence of {section} has no path of its own")
            examples[-1].files[path], path = piece.text, ""
    return tuple(example for example in examples if example.files)

"""The text of one file, as the grammar wants it, and its positions, as people count them."""

import io
import re
import tokenize
from bisect import bisect_left, bisect_right

from gwlint.model import SourceError, Span

_BOM = b"\xef\xbb\xbf"
_LF = re.compile(rb"\n")
_LONE_CR = re.compile(rb"\r(?!\n)")
_CONTINUATION_BYTE = re.compile(rb"[\x80-\xbf]")
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")


class Source:
    """UTF-8 without a byte order mark, every line ended by LF or CRLF.

    tree-sitter counts lines by LF alone and columns in bytes; a lone CR is turned into LF, which keeps every
    offset, and columns are counted again in code points.
    """

    __slots__ = ("_continuation_bytes", "_line_starts", "data", "error")

    def __init__(self, raw: bytes) -> None:
        """Decode `raw` as Python would; what can't be decoded is replaced and told in `error`."""
        self.data, self.error = _utf8(raw)
        if b"\r" in self.data:
            self.data = _LONE_CR.sub(b"\n", self.data)
        self._line_starts = [0, *(match.end() for match in _LF.finditer(self.data))]
        self._continuation_bytes = (
            [] if self.data.isascii() else [match.start() for match in _CONTINUATION_BYTE.finditer(self.data)]
        )

    @property
    def lines(self) -> int:
        """How many lines there are, the last one counted whether it is ended or not."""
        return len(self._line_starts) - (self._line_starts[-1] == len(self.data))

    def text(self, start: int, end: int) -> str:
        """Return the characters between two byte offsets."""
        return self.data[start:end].decode()

    def span(self, start: int, end: int) -> Span:
        """Return the span between two byte offsets."""
        return Span(*self.position(start), *self.position(end))

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and the column of a byte offset."""
        line = bisect_right(self._line_starts, offset)
        start = self._line_starts[line - 1]
        if self._continuation_bytes:
            inside = self._continuation_bytes
            start += bisect_left(inside, offset) - bisect_left(inside, start)
        return line, offset - start + 1

    def offset(self, line: int) -> int:
        """Return where a line begins."""
        return self._line_starts[line - 1]

    def line_at(self, offset: int) -> tuple[int, int]:
        """Return where the line of an offset begins and ends, its line end included."""
        line = bisect_right(self._line_starts, offset)
        last = line == len(self._line_starts)
        return self._line_starts[line - 1], len(self.data) if last else self._line_starts[line]


def _utf8(raw: bytes) -> tuple[bytes, SourceError | None]:
    body = raw[3:] if raw.startswith(_BOM) else raw
    if _has_cookie(body):
        return _recode(raw, body)
    if body.isascii():
        return body, None
    try:
        body.decode()
    except UnicodeDecodeError as error:
        return _replaced(body, "utf-8", error.start)
    return body, None


def _has_cookie(body: bytes) -> bool:
    return any(_COOKIE.match(line) for line in body[:400].replace(b"\r", b"\n").split(b"\n", 2)[:2])


def _recode(raw: bytes, body: bytes) -> tuple[bytes, SourceError | None]:
    try:
        # The interpreter looks for the cookie when line ends are all the same; `tokenize` knows LF alone.
        encoding, _ = tokenize.detect_encoding(io.BytesIO(_LONE_CR.sub(b"\n", raw)).readline)
    except SyntaxError as error:
        return body.decode("utf-8", "replace").encode(), SourceError("decode", str(error.msg), 1, 1)
    try:
        return body.decode(encoding).encode(), None
    except LookupError:
        # `rot13`, for one, is a codec, but none of text.
        message = f"unknown encoding: {encoding}"
        return body.decode("utf-8", "replace").encode(), SourceError("decode", message, 1, 1)
    except UnicodeError as error:
        return _replaced(body, encoding, error.start if isinstance(error, UnicodeDecodeError) else 0)


def _replaced(body: bytes, encoding: str, start: int) -> tuple[bytes, SourceError]:
    before = body[:start].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    message = f"byte 0x{body[start]:02x} is not valid {encoding}"
    return body.decode("utf-8", "replace").encode(), SourceError("decode", message, line, column)

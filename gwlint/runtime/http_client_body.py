"""Bodies of answers: where they end, and what they are when unpacked, a bounded piece at a time."""

from __future__ import annotations

import re

from .errors import HttpError
from .http_client_errors import TransportError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedIOBase

    from .http_client_headers import Headers
    from .http_client_limits import Limits

_PIECE = 65_536
_LONGEST_LINE = 4096
_MOST_TRAILERS = 100
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n")
_LENGTH = re.compile(r"[0-9]{1,18}")
_GZIP = 16 + 15


class Body:
    """The bytes of one body as they come, until `is_complete`. It can be read once."""

    __slots__ = ("_left", "_limits", "_reader", "is_complete", "length")

    def __init__(self, reader: BufferedIOBase, limits: Limits, method: str, status: int, headers: Headers) -> None:
        """Raise `HttpError` where nobody can tell where it ends, or some would say otherwise."""
        self._reader = reader
        self._limits = limits
        self.length = _length(method, status, headers)
        self.is_complete = self.length == 0

    def pieces(self) -> Iterator[bytes]:
        """Yield what there is. Raises `TransportError` where that is not all."""
        if self.is_complete:
            return
        if self.length is None:
            yield from self._until_closed()
        elif self.length < 0:
            yield from self._chunked()
        else:
            yield from self._exactly(self.length)
        self.is_complete = True

    def _exactly(self, length: int) -> Iterator[bytes]:
        while length:
            self._limits.begin("read")
            piece = self._reader.read1(min(length, _PIECE))
            if not piece:
                raise TransportError(f"the answer ends {length} bytes early")
            length -= len(piece)
            yield piece

    def _until_closed(self) -> Iterator[bytes]:
        self._limits.begin("read")
        while piece := self._reader.read1(_PIECE):
            yield piece
            self._limits.begin("read")

    def _chunked(self) -> Iterator[bytes]:
        while size := self._size():
            yield from self._exactly(size)
            if self._line() not in (b"\r\n", b"\n"):
                raise HttpError("a part of the answer does not end where it says")
        for _ in range(_MOST_TRAILERS):
            if self._line() in (b"\r\n", b"\n"):
                return
        raise HttpError(f"the answer has more than {_MOST_TRAILERS} headers after its end")

    def _size(self) -> int:
        line = self._line()
        match = _SIZE.fullmatch(line)
        if match is None:
            raise HttpError(f"a part of the answer has no size: {line!r:.60}")
        return int(match[1], 16)

    def _line(self) -> bytes:
        self._limits.begin("read")
        line = self._reader.readline(_LONGEST_LINE)
        if not line.endswith(b"\n"):
            raise TransportError("the answer ends early, or has too long a line in it")
        return line


def _length(method: str, status: int, headers: Headers) -> int | None:
    """Return how long a body is: -1 where it comes in chunks, None where only the end of the connection ends it."""
    lengths = {one.strip() for value in headers.get_all("content-length") for one in value.split(",")}
    transfer = [one.strip().lower() for value in headers.get_all("transfer-encoding") for one in value.split(",")]
    if len(lengths) > 1 or (transfer and lengths) or not all(_LENGTH.fullmatch(one) for one in lengths):
        raise HttpError("the answer says in several ways how long it is, or in none that makes sense")
    if transfer not in ([], ["chunked"]):
        raise HttpError(f"the answer is transferred as {', '.join(transfer)!r:.60}")
    if method == "HEAD" or status in (204, 304):
        return 0
    if transfer:
        return -1
    return int(lengths.pop()) if lengths else None


def unpacked(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Yield what was packed, in pieces of at most 64 KiB: however much there is, no more of it is unpacked at once.

    Raises `HttpError` for an encoding that was not asked for, and for what is broken.
    """
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        yield from pieces
    elif encoding in ("gzip", "x-gzip"):
        yield from _inflated(pieces)
    else:
        raise HttpError(f"the answer is packed as {encoding!r:.60}, which was not asked for")


def _inflated(pieces: Iterator[bytes]) -> Iterator[bytes]:
    import zlib

    inflate, is_within = zlib.decompressobj(_GZIP), False
    try:
        for piece in pieces:
            data = piece
            while data:
                is_within = True
                out = inflate.decompress(data, _PIECE)
                if out:
                    yield out
                data = inflate.unconsumed_tail
                while not data and len(out) == _PIECE:
                    # There may be more of it inside already.
                    out = inflate.decompress(b"", _PIECE)
                    if out:
                        yield out
                if inflate.eof:
                    # Files of this kind may follow one another.
                    data, inflate, is_within = inflate.unused_data, zlib.decompressobj(_GZIP), False
    except zlib.error as error:
        raise HttpError(f"the answer can't be unpacked: {error}") from None
    if is_within:
        raise HttpError("the answer ends before all of it could be unpacked")

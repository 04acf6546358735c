"""What a file of a store says: each key with its value, its version and its ends, under a checksum."""

from __future__ import annotations

import json
import zlib
from binascii import a2b_base64, b2a_base64

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_SEAL_BYTES = 8


class Record:
    """A value, or the digits of a number. Its ends are by the monotonic and the wall clock, None for neither."""

    __slots__ = ("is_number", "key", "mono_end", "value", "version", "wall_end")

    def __init__(
        self,
        key: str,
        value: bytes,
        version: str,
        is_number: bool,
        mono_end: float | None,
        wall_end: float | None,
    ) -> None:
        self.key = key
        self.value = value
        self.version = version
        self.is_number = is_number
        self.mono_end = mono_end
        self.wall_end = wall_end

    def is_over(self, mono: float, wall: float) -> bool:
        """Tell whether its end is reached by either clock."""
        return (self.mono_end is not None and mono >= self.mono_end) or (
            self.wall_end is not None and wall >= self.wall_end
        )


def sealed(records: Iterable[Record]) -> bytes:
    """Return the content of a file."""
    rows = [
        (one.key, b2a_base64(one.value, newline=False).decode(), one.version, one.is_number, one.mono_end, one.wall_end)
        for one in records
    ]
    content = json.dumps(rows, separators=(",", ":")).encode()
    return b"%08x" % zlib.crc32(content) + content


def opened(content: bytes) -> list[Record]:
    """Return what was sealed; nothing where something has happened to it since."""
    body = content[_SEAL_BYTES:]
    if content[:_SEAL_BYTES] != b"%08x" % zlib.crc32(body):
        return []
    return [
        Record(key, a2b_base64(value), version, is_number, mono_end, wall_end)
        for key, value, version, is_number, mono_end, wall_end in json.loads(body)
    ]

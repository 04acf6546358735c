"""State in files of this machine, as of `/tmp`, which the processes on it share."""

from __future__ import annotations

import os
import zlib
from threading import get_ident

from .clock import CLOCK, Clock
from .errors import StoreError
from .store import ANY, checked_key, checked_number, checked_ttl, new_version
from .store_file_lock import FolderLock, Totals
from .store_file_records import Record, opened, sealed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .store import Version

_SUFFIX = ".kept"
_LOCK = "lock"
_SWEEP_EVERY = 1.0


class FileStore:
    """A store in a folder. What has outlived its time by either clock, or is broken, is not there.

    Who writes has the folder for themselves, by a lock that ends with their process; who can't get it within `timeout`
    seconds is told so by a `StoreError`. Whoever reads sees the state before a change, or after it. The files have at
    most `max_bytes` bytes in all; a store that is full raises `StoreError`.
    """

    def __init__(
        self,
        folder: str = "/tmp/gateway-store",
        *,
        max_bytes: int = 32 * 1024 * 1024,
        timeout: float = 2.0,
        clock: Clock = CLOCK,
    ) -> None:
        """Make the folder. Raises `StoreError` where that can't be done, and for a folder of somebody else."""
        self._folder = folder
        self._max_bytes = max_bytes
        self._timeout = timeout
        self._clock = clock
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            owner = os.lstat(folder).st_uid
        except OSError as error:
            raise StoreError(f"{folder}: {error.strerror}") from error
        if owner != os.geteuid():
            raise StoreError(f"{folder}: belongs to somebody else")

    def get(self, key: str) -> tuple[bytes, Version] | None:
        """Return what is there, and its version."""
        record = self._records(self._path(key)).get(key)
        return None if record is None else (record.value, record.version)

    def put_if(self, key: str, value: bytes, version: Version | None, ttl: float | None = None) -> Version | None:
        """Put something in place of a version, and return the one that it got; None where something else is there."""
        path, ttl = self._path(key), checked_ttl(ttl)
        with self._locked() as totals:
            records = self._records(path)
            before = records.get(key)
            if version != ANY and version != (None if before is None else before.version):
                return None
            record = Record(key, bytes(value), new_version(), False, *self._ends(ttl))
            self._write(path, {**records, key: record}, totals)
        return record.version

    def incr(self, key: str, n: int = 1, ttl: float | None = None) -> int:
        """Add to a number, from 0 on, and return it."""
        path, ttl = self._path(key), checked_ttl(ttl)
        with self._locked() as totals:
            records = self._records(path)
            before = records.get(key)
            if before is None:
                before = Record(key, b"0", "", True, *self._ends(ttl))
            if not before.is_number:
                raise StoreError(f"{key!r} is not a number")
            number = checked_number(int(before.value) + n)
            record = Record(key, b"%d" % number, new_version(), True, before.mono_end, before.wall_end)
            self._write(path, {**records, key: record}, totals)
        return number

    def delete(self, key: str) -> None:
        """Remove what is there, if anything is."""
        path = self._path(key)
        with self._locked() as totals:
            records = self._records(path)
            if records.pop(key, None) is not None:
                self._write(path, records, totals)

    def now(self) -> float:
        """Return the time of this machine, in seconds since 1970."""
        return self._clock.wall()

    # Files. Each has all records whose keys have one checksum: two of these are rare, but they do happen.

    def _path(self, key: str) -> str:
        return os.path.join(self._folder, f"{zlib.crc32(checked_key(key).encode()):08x}{_SUFFIX}")

    def _records(self, path: str) -> dict[str, Record]:
        """Return what is alive in a file."""
        try:
            with open(path, "rb") as stream:
                content = stream.read()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise StoreError(f"{path}: {error.strerror}") from error
        mono, wall = self._clock.mono(), self._clock.wall()
        return {record.key: record for record in opened(content) if not record.is_over(mono, wall)}

    def _write(self, path: str, records: dict[str, Record], totals: Totals) -> None:
        content = sealed(records.values()) if records else b""
        growth = len(content) - _size(path)
        if growth > 0 and totals.bytes + growth > self._max_bytes:
            self._sweep(totals)
            growth = len(content) - _size(path)
            if totals.bytes + growth > self._max_bytes:
                raise StoreError(f"{self._folder}: the store is full")
        if records:
            draft = f"{path}.{os.getpid()}.{get_ident()}"
            with open(draft, "wb") as stream:
                stream.write(content)
            os.replace(draft, path)
        else:
            _unlink(path)
        totals.bytes += growth

    def _sweep(self, totals: Totals) -> None:
        """Remove files of which nothing is alive, and those that were never finished, and count what is left."""
        if abs(self._clock.wall() - totals.swept) < _SWEEP_EVERY:
            return
        totals.bytes, totals.swept = 0, self._clock.wall()
        with os.scandir(self._folder) as entries:
            paths = [entry.path for entry in entries if _SUFFIX in entry.name]
        for path in paths:
            # Nobody else writes just now: a draft is one of a process that has died.
            if not path.endswith(_SUFFIX) or not self._records(path):
                _unlink(path)
            totals.bytes += _size(path)

    def _ends(self, ttl: float | None) -> tuple[float | None, float | None]:
        # The monotonic clock is that of the machine. After it was started anew it says less, never more.
        return (None, None) if ttl is None else (self._clock.mono() + ttl, self._clock.wall() + ttl)

    def _locked(self) -> FolderLock:
        return FolderLock(os.path.join(self._folder, _LOCK), self._timeout, self._clock)


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        return 0


def _unlink(path: str) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return

"""A folder that one thread of one process on this machine has for itself."""

from __future__ import annotations

import os

from .clock import Clock, Until
from .errors import StoreError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

_SHORTEST_WAIT, _LONGEST_WAIT = 0.0005, 0.01
_LONGEST = 100


class Totals:
    """How many bytes the files of a folder have, and when they were last counted, by the wall clock."""

    __slots__ = ("bytes", "swept")

    def __init__(self, size: int, swept: float) -> None:
        self.bytes = size
        self.swept = swept


class FolderLock:
    """A lock in a file. Its content is the totals of the folder, for whoever has it.

    The file is opened anew each time: such a lock is one of an open file, so that it holds between threads, too.
    """

    __slots__ = ("_clock", "_descriptor", "_path", "_said", "_timeout", "_totals")

    def __init__(self, path: str, timeout: float, clock: Clock) -> None:
        self._path = path
        self._timeout = timeout
        self._clock = clock
        self._descriptor = -1
        self._said = b""
        self._totals = Totals(0, 0.0)

    def __enter__(self) -> Totals:
        try:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(f"{self._path}: {error.strerror}") from error
        try:
            self._lock()
            self._said = os.pread(self._descriptor, _LONGEST, 0)
            self._totals = _read(self._said)
        except BaseException:
            os.close(self._descriptor)
            raise
        return self._totals

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        import fcntl

        try:
            says = b"%d %r" % (self._totals.bytes, self._totals.swept)
            if says != self._said:
                os.pwrite(self._descriptor, says.ljust(len(self._said)), 0)
        except OSError as failure:
            if error is None:
                raise StoreError(f"{self._path}: {failure.strerror}") from failure
        finally:
            # By a word, not by closing it alone: a process that was forked meanwhile has it open, too.
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
            os.close(self._descriptor)
        if isinstance(error, OSError):
            raise StoreError(f"{self._path}: {error.strerror}") from error

    def _lock(self) -> None:
        try:
            import fcntl
        except ImportError:
            raise StoreError("a store in files takes the module fcntl, which this system has not") from None
        until, wait = Until(self._clock, self._timeout), _SHORTEST_WAIT
        while True:
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except OSError:
                if until.is_over():
                    raise StoreError(f"{self._path}: others have had it for {self._timeout:g} seconds") from None
            self._clock.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)


def _read(content: bytes) -> Totals:
    """Return what is said; where that is broken, so much that it has to be counted anew."""
    try:
        size, swept = content.split()
        return Totals(int(size), float(swept))
    except ValueError:
        return Totals(0 if not content else 2**63, 0.0)

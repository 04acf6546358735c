"""Where lines go: each in one write, or counted instead where it repeats another, or has no place in a budget."""

from __future__ import annotations

import os
import sys
import time
from json.encoder import encode_basestring_ascii
from threading import Lock
from weakref import WeakSet

from .clock import Clock, Until

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .logging_budget import Budget

    Parts = tuple[str, str]

_MOST_REPEATED = 256
_LONGEST_REPEATED = 4096


class Sink:
    """Where the lines of some loggers go. What can't be written is counted in `lost`."""

    __slots__ = (
        "__weakref__",
        "_budget",
        "_clock",
        "_dedup",
        "_has_z",
        "_repeated",
        "_second",
        "_write",
        "lock",
        "lost",
    )

    def __init__(
        self,
        write: Callable[[str], object] | None,
        budget: Budget | None,
        dedup: float,
        has_z: bool,
        clock: Clock,
    ) -> None:
        self._write = write or _to_stdout
        self._budget = budget
        self._dedup = dedup
        self._has_z = has_z
        self._clock = clock
        self.lock = Lock()
        self._second = (-1, "")
        self._repeated: dict[Parts, _Repeated] = {}
        self.lost = 0
        _everywhere.add(self)

    def put(self, level: int, parts: Parts, tell: Callable[[dict[str, int]], Parts]) -> None:
        """Write a line, unless it is to be counted instead. `tell` makes a line of what a budget has shed."""
        if self._dedup and self._is_repeated(parts):
            return
        line = self.stamped(parts)
        if self._budget is not None:
            has_room, news = self._budget.admit(level, len(line) if line.isascii() else len(line.encode()))
            if news is not None:
                self.out(self.stamped(tell(news)))
            if not has_room:
                return
        self.out(line)

    def out(self, line: str) -> None:
        """Write a line in one write, whatever becomes of it."""
        try:
            self._write(line)
        except UnicodeError:
            # What it goes to knows fewer characters.
            self._last_try("".join(one if one.isascii() else encode_basestring_ascii(one)[1:-1] for one in line))
        except Exception:
            self.lost += 1

    def stamped(self, parts: Parts, now: float | None = None) -> str:
        """Return a line with the time of day, which is now unless it is given."""
        if now is None:
            now = self._clock.wall()
        second = int(now)
        known, text = self._second
        if known != second:
            text = time.strftime("%Y-%m-%dT%H:%M:%S." if self._has_z else "%Y-%m-%d %H:%M:%S,", time.gmtime(second))
            self._second = (second, text)
        prefix, rest = parts
        return f"{prefix}{text}{int((now - second) * 1000):03d}{'Z' if self._has_z else '+0000'}{rest}"

    def flush(self) -> None:
        """Write how often lines have repeated so far."""
        with self.lock:
            entries, self._repeated = self._repeated, {}
        self._tell_repeated(list(entries.items()))

    def _last_try(self, line: str) -> None:
        try:
            self._write(line)
        except Exception:
            self.lost += 1

    def _is_repeated(self, parts: Parts) -> bool:
        """Count a line that is there already, and write how often those have repeated whose time is over."""
        if len(parts[1]) > _LONGEST_REPEATED:
            return False
        over = []
        with self.lock:
            # They have been put there in the order in which their time is over.
            while self._repeated:
                first = next(iter(self._repeated))
                if len(self._repeated) < _MOST_REPEATED and not self._repeated[first].until.is_over():
                    break
                over.append((first, self._repeated.pop(first)))
            known = self._repeated.get(parts)
            if known is None:
                self._repeated[parts] = _Repeated(Until(self._clock, self._dedup))
            else:
                known.times += 1
        self._tell_repeated(over)
        return known is not None

    def _tell_repeated(self, entries: list[tuple[Parts, _Repeated]]) -> None:
        for (prefix, rest), repeated in entries:
            if repeated.times:
                self.out(self.stamped((prefix, _with_times(rest, repeated.times))))

    def _after_fork(self) -> None:
        self.lock = Lock()


class _Repeated:
    """How many times a line was not written, and until when it won't be."""

    __slots__ = ("times", "until")

    def __init__(self, until: Until) -> None:
        self.times = 0
        self.until = until


def flush() -> None:
    """Write what any logger holds back of repeated lines. It belongs at the end of an invocation."""
    for sink in list(_everywhere):
        sink.flush()


def _to_stdout(line: str) -> None:
    # Whatever it is by now: the runtime puts something else in its place.
    sys.stdout.write(line)
    sys.stdout.flush()


def _with_times(rest: str, times: int) -> str:
    """Return the end of a line with one more member: of its object, or of one that it gets."""
    if rest.endswith("}\n"):
        return f'{rest[:-2]},"repeated":{times}}}\n'
    return f'{rest[:-1]}\t{{"repeated":{times}}}\n'


def _after_fork() -> None:
    for sink in list(_everywhere):
        sink._after_fork()


_everywhere: WeakSet[Sink] = WeakSet()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)

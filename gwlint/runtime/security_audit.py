"""A trail of what was decided, by whom and why: each event holds the hash of the one before, so that changes show.

An event is one line of JSON. A trail is what one environment has written; several may be mixed in one stream.
"""

from __future__ import annotations

import json
import os
import sys
from collections import deque
from threading import Lock
from weakref import WeakSet

from .clock import CLOCK, Clock
from .context import current
from .errors import GatewayError
from .security_detectors import DETECTORS
from .security_redaction import Redactor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

_MOST_PENDING = 1000


class Audit:
    """One trail. `write` is given each line with its end, one after the other, while no lock is held.

    Without a `key`, who can write the stream can also make up a whole trail: with one, nobody can who has not got it.
    A line that can't be written waits for the next one, up to a thousand of them. `redact` is asked about whatever may
    come from outside; unless said otherwise, it leaves addresses as they are: a trail has to tell who it was.
    """

    def __init__(
        self,
        write: Callable[[str], object] | None = None,
        *,
        key: bytes | None = None,
        redact: Callable[[Any], Any] | None = None,  # Any: whatever an event tells
        clock: Clock = CLOCK,
    ) -> None:
        self._write = write
        self._key = key
        self._redact = redact or Redactor(detectors=DETECTORS - {"email", "ip"})
        self._clock = clock
        self.trail = self._head = ""
        self._count = 0
        self._is_writing = False
        self._pending: deque[str] = deque()
        self._begin()
        _everywhere.add(self)

    def __repr__(self) -> str:
        return f"Audit(trail={self.trail!r}, events={self._count})"

    def restart(self) -> None:
        """Begin another trail, as after a snapshot was restored: what was copied must not go on as if it were one."""
        self._begin()

    @property
    def head(self) -> str:
        """The hash of the last event: kept elsewhere, it shows whether later ones were removed."""
        return self._head

    def record(
        self,
        who: str,
        what: str,
        *,
        decision: str,
        on: str = "",
        rule: str = "",
        reason: str = "",
        request_id: str | None = None,
        details: Mapping[str, object] | None = None,
    ) -> None:
        """Write an event, without what has to be left out of it. Raises `GatewayError` where it can't be written."""
        if request_id is None:
            request_id = current().request_id
        outside: dict[str, object] = {"who": who, "on": on, "reason": reason, "request_id": request_id}
        if details:
            outside["details"] = dict(details)
        shown = self._redact(outside)
        event = shown if isinstance(shown, dict) else {"details": shown}
        event.update(what=what, decision=decision, rule=rule)
        event["time"] = self._clock.wall()
        with self._lock:
            if len(self._pending) >= _MOST_PENDING:
                raise GatewayError("the audit trail can't be written, and too much is waiting for it")
            event.update(trail=self.trail, number=self._count, previous=self._head)
            self._head = event["hash"] = _hash(event, self._key)
            self._count += 1
            self._pending.append(_encoded({"audit": event}) + "\n")
        self._drain()

    def _drain(self) -> None:
        """Write what is waiting, unless somebody does that already: lines keep their order, whoever comes between."""
        while self._pending:
            with self._lock:
                if self._is_writing or not self._pending:
                    return
                self._is_writing = True
            try:
                while self._pending:
                    (self._write or sys.stdout.write)(self._pending[0])
                    self._pending.popleft()
            except Exception as error:
                raise GatewayError(f"the audit trail can't be written: {type(error).__name__}") from None
            finally:
                self._is_writing = False

    def _begin(self) -> None:
        self._lock = Lock()
        self.trail = os.urandom(8).hex()
        self._head = ""
        self._count = 0
        self._is_writing = False
        self._pending.clear()


class Verified:
    """What has become of trails: `problems`, one for each place where something is wrong. It is true without any.

    `heads` are the hashes of the last events, by trail.
    """

    __slots__ = ("heads", "problems")

    def __init__(self, problems: list[str], heads: dict[str, str]) -> None:
        self.problems = problems
        self.heads = heads

    def __bool__(self) -> bool:
        return not self.problems

    def __repr__(self) -> str:
        return f"Verified(problems={self.problems!r})"


def verify_audit(lines: Iterable[str], *, key: bytes | None = None, heads: Mapping[str, str] | None = None) -> Verified:
    """Tell whether events are as they were written: none changed, removed, added or moved.

    Whether the last ones of a trail were removed shows only where `heads` says, by trail, what the last one was.
    """
    problems: list[str] = []
    found: dict[str, str] = {}
    counts: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        event = _event(line)
        if event is None:
            problems.append(f"line {number}: no event")
            continue
        trail, said = event["trail"], event["hash"]
        count = counts.get(trail, 0)
        if said != _hash(event, key):
            problems.append(f"line {number}: changed")
        elif event["number"] != count or event["previous"] != found.get(trail, ""):
            problems.append(f"line {number}: event {event['number']} of trail {trail} where {count} is expected")
        counts[trail] = count + 1
        found[trail] = said
    for trail, head in (heads or {}).items():
        if found.get(trail, "") != head:
            problems.append(f"trail {trail}: the last event is not the one that is expected")
    return Verified(problems, found)


def audit(who: str, what: str, *, decision: str, **fields: Any) -> None:  # Any: those of `Audit.record`
    """Write an event to the trail of this environment, on standard output."""
    everyday().record(who, what, decision=decision, **fields)


def everyday() -> Audit:
    """Return the trail of this environment, made when it is first asked for."""
    if not _own:
        _own.append(Audit())
    return _own[0]


def _encoded(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True, allow_nan=False, default=str)


def _hash(event: Mapping[str, object], key: bytes | None) -> str:
    told = _encoded({name: value for name, value in event.items() if name != "hash"}).encode("ascii")
    if key is None:
        from hashlib import sha256

        return sha256(told).hexdigest()
    from hmac import digest

    return digest(key, told, "sha256").hex()


def _event(line: str) -> dict[str, Any] | None:  # Any: whatever it tells
    try:
        said = json.loads(line)
        event = said["audit"]
        is_whole = isinstance(event["trail"], str) and isinstance(event["hash"], str) and set(said) == {"audit"}
        # What was written another way means the same, and was changed all the same.
        return (
            event if is_whole and {"number", "previous"} <= set(event) and _encoded(said) == line.rstrip("\n") else None
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _after_fork() -> None:
    for trail in list(_everywhere):
        trail._begin()


_own: list[Audit] = []
_everywhere: WeakSet[Audit] = WeakSet()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)

"""Locks that no child process finds taken for ever: whoever forks waits until they are free, and both sides go on."""

from __future__ import annotations

import os
from threading import Lock
from weakref import WeakSet


def kept_through_forks(lock: Lock) -> Lock:
    """Return a lock that is free in every child process, with what it guards as a whole. It has to be a short one."""
    _locks.add(lock)
    return lock


def _before() -> None:
    _forking.acquire()
    # New ones may be made meanwhile: those are taken by nobody yet who is not also a thread of the child.
    _taken.extend(list(_locks))
    for lock in _taken:
        lock.acquire()


def _after() -> None:
    while _taken:
        _taken.pop().release()
    _forking.release()


_locks: WeakSet[Lock] = WeakSet()
_taken: list[Lock] = []
_forking = Lock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_parent=_after, after_in_child=_after)

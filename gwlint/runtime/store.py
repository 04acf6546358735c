"""State that several environments may share, behind five calls.

`store_memory`, `store_file`, `store_redis` and `store_dynamodb` keep it; what they need is imported when they are made.
"""

from __future__ import annotations

import os

from .errors import StoreError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Store(Protocol):
        """Where state is kept. All calls raise `StoreError` where it can't be reached.

        Keys are text of 1 to 512 bytes in UTF-8. A time to live is in seconds, by the clock of the store; what has
        outlived it is not there. Every write gives a key another version; what a version looks like is the store's
        business. Whatever is done to one key happens one after the other.
        """

        def get(self, key: str) -> tuple[bytes, Version] | None:
            """Return what is there, and its version; None where nothing is."""

        def put_if(self, key: str, value: bytes, version: Version | None, ttl: float | None = None) -> Version | None:
            """Put something in place of a version, of nothing at all if that is None, or of whatever there is: `ANY`.

            Return the version that it got; None where something else is there, which is left as it is.
            """

        def incr(self, key: str, n: int = 1, ttl: float | None = None) -> int:
            """Add to a number, from 0 on, and return it. It lives as long as was said when it began.

            To `get` it is its digits. What was put is no number: `StoreError` is raised, as beyond 64 bits.
            """

        def delete(self, key: str) -> None:
            """Remove what is there, if anything is."""

        def now(self) -> float:
            """Return the time of the store, in seconds since 1970: what environments that share it can agree on."""


Version = str | int
ANY: Version = "*"
"""A version that any other one is as good as, and nothing at all, too."""

_LONGEST_KEY = 512
_LONGEST_TTL = 100 * 366 * 86400.0
_MOST = 2**63 - 1
_VERSION_BYTES = 12


def checked_key(key: str) -> str:
    """Return a key that every store can keep. Raises ValueError for another one."""
    if not key or len(key.encode()) > _LONGEST_KEY:
        raise ValueError(f"a key has 1 to {_LONGEST_KEY} bytes in UTF-8: {key[:40]!r} does not")
    return key


def checked_ttl(ttl: float | None) -> float | None:
    """Return a time to live, None for more than a century. Raises ValueError for what is no number."""
    if ttl is not None and ttl != ttl:
        raise ValueError("a time to live is a number")
    return None if ttl is None or ttl > _LONGEST_TTL else ttl


def checked_number(number: int) -> int:
    """Return a number that every store can count to. Raises `StoreError` for one of more than 64 bits."""
    if not -_MOST - 1 <= number <= _MOST:
        raise StoreError("a number has grown beyond 64 bits")
    return number


def new_version() -> str:
    """Return a version that nothing else has, in no process."""
    return os.urandom(_VERSION_BYTES).hex()

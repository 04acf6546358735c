"""State in Redis or Valkey, every change of it in one step of the server."""

from __future__ import annotations

from math import ceil

from .errors import StoreError
from .store import ANY, checked_key, checked_number, checked_ttl, new_version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .store import Version


_MODULES = ("redis", "valkey")

# A key holds a hash: `v`, what was put, or `n`, a number; and `t`, the version. Clients send again what they have heard
# no answer to: a version that is there already says that it has been done.
_PUT_IF = """
local there = redis.call('HGET', KEYS[1], 't') or ''
if there == ARGV[3] then return 1 end
if ARGV[2] ~= '*' and ARGV[2] ~= there then return 0 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'v', ARGV[1], 't', ARGV[3])
if ARGV[4] ~= '' then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end
return 1
"""
_INCR = """
local there = redis.call('HMGET', KEYS[1], 't', 'v')
if there[2] then return {0} end
if there[1] ~= ARGV[2] then
  redis.call('HINCRBY', KEYS[1], 'n', ARGV[1])
  redis.call('HSET', KEYS[1], 't', ARGV[2])
  if not there[1] and ARGV[3] ~= '' then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
end
return {1, redis.call('HGET', KEYS[1], 'n')}
"""


class RedisStore:
    """A store in a server of Redis or Valkey, which bounds it and ends what has outlived its time.

    `client` is one of the package `redis` or `valkey`, which must leave answers as bytes; without it, one is made for
    `url` by whichever of the packages is installed.
    """

    def __init__(
        self,
        client: Any = None,  # Any: of either package
        *,
        url: str = "redis://localhost:6379/0",
        prefix: str = "gateway:",
        timeout: float = 1.0,
    ) -> None:
        """Raise `StoreError` where there is no client."""
        self._client = _made(url, timeout) if client is None else client
        self._prefix = prefix
        self._put_if = self._client.register_script(_PUT_IF)
        self._incr = self._client.register_script(_INCR)

    def get(self, key: str) -> tuple[bytes, Version] | None:
        """Return what is there, and its version."""
        name = self._name(key)
        put, number, version = _asked(lambda: self._client.hmget(name, "v", "n", "t"))
        if version is None:
            return None
        value = number if put is None else put
        if not isinstance(value, bytes):
            raise StoreError("the client of the store decodes what it is answered: make it with decode_responses=False")
        return value, version.decode()

    def put_if(self, key: str, value: bytes, version: Version | None, ttl: float | None = None) -> Version | None:
        """Put something in place of a version, and return the one that it got; None where something else is there."""
        name, mine = self._name(key), new_version()
        expected = "" if version is None else str(ANY if version == ANY else version)
        args = [bytes(value), expected, mine, _milliseconds(checked_ttl(ttl))]
        return mine if _asked(lambda: self._put_if(keys=[name], args=args)) else None

    def incr(self, key: str, n: int = 1, ttl: float | None = None) -> int:
        """Add to a number, from 0 on, and return it."""
        name = self._name(key)
        args = [checked_number(n), new_version(), _milliseconds(checked_ttl(ttl))]
        is_number, *number = _asked(lambda: self._incr(keys=[name], args=args))
        if not is_number:
            raise StoreError(f"{key!r} is not a number")
        return int(number[0])

    def delete(self, key: str) -> None:
        """Remove what is there, if anything is."""
        name = self._name(key)
        _asked(lambda: self._client.delete(name))

    def now(self) -> float:
        """Return the time of the server, in seconds since 1970."""
        seconds, microseconds = _asked(self._client.time)
        return float(seconds + microseconds / 1e6)

    def _name(self, key: str) -> bytes:
        return (self._prefix + checked_key(key)).encode()


def _made(url: str, timeout: float) -> Any:  # Any: of either package
    from importlib import import_module

    for name in _MODULES:
        try:
            module = import_module(name)
        except ImportError:
            continue
        return module.from_url(url, socket_timeout=timeout, socket_connect_timeout=timeout)
    raise StoreError(f"a store in Redis takes one of the packages {', '.join(_MODULES)}: none is installed")


def _asked(ask: Callable[[], Any]) -> Any:  # Any: as the client says
    try:
        return ask()
    except Exception as error:
        # Which exceptions there are is the client's business.
        raise StoreError(f"Redis: {error or type(error).__name__}") from error


def _milliseconds(ttl: float | None) -> str:
    return "" if ttl is None else str(max(ceil(ttl * 1000), 0))

"""How much memory this process uses, of how much there is for it."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_MIB = 1024 * 1024
_LIMITS = ("sys/fs/cgroup/memory.max", "sys/fs/cgroup/memory/memory.limit_in_bytes")
_UNLIMITED = 2**60


class Memory:
    """The bytes that are resident, those that may be, and which share of these that is; 0 of what can't be told."""

    __slots__ = ("limit", "used")

    def __init__(self, used: int, limit: int) -> None:
        self.used = used
        self.limit = limit

    @property
    def share(self) -> float:
        """Which share is used, from 0 to 1 and somewhat more."""
        return self.used / self.limit if self.limit else 0.0


def memory(*, env: Mapping[str, str] | None = None, root: str = "/") -> Memory:
    """Return how much memory this process uses.

    The limit is that of the Lambda function, else that of the control group, else what the machine has. Other
    processes of the environment, as extensions, need their part of it, too.
    """
    return Memory(_used(root), _limit(os.environ if env is None else env, root))


def memory_share() -> float:
    """Return which share of the memory is used: for `Cache(memory=...)`."""
    return memory().share


def _used(root: str) -> int:
    fields = _read(root, "proc/self/statm").split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") if len(fields) > 1 else 0


def _limit(env: Mapping[str, str], root: str) -> int:
    said = env.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "")
    if said.isdecimal():
        return int(said) * _MIB
    for path in _LIMITS:
        text = _read(root, path).strip()
        # One that is next to endless is none.
        if text.isdecimal() and int(text) < _UNLIMITED:
            return int(text)
    for line in _read(root, "proc/meminfo").splitlines():
        if line.startswith("MemTotal:"):
            return int(line.split()[1]) * 1024
    return 0


def _read(root: str, path: str) -> str:
    try:
        with open(os.path.join(root, path)) as stream:
            return stream.read()
    except OSError:
        return ""

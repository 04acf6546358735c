"""Headers: found whatever the case of their names, and never with anything in them that would end them early."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .errors import HttpError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
# They say where a request ends, whom it is for, and what becomes of the connection: that is nobody else's business.
_OWN = frozenset((
    "connection", "content-length", "expect", "host", "keep-alive", "proxy-authenticate", "proxy-authorization",
    "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
))  # fmt: skip
# All others might be credentials, whatever they are called.
_HARMLESS = frozenset(
    ("accept", "accept-encoding", "accept-language", "content-language", "content-type", "user-agent")
)


class Headers(Mapping[str, str]):
    """Headers of an answer, in its order. Several values of one name are joined by commas; `get_all` has them apart."""

    __slots__ = ("_values",)

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._values: dict[str, tuple[str, list[str]]] = {}
        for name, value in pairs:
            self._values.setdefault(name.lower(), (name, []))[1].append(value)

    def __getitem__(self, name: str) -> str:
        return ", ".join(self._values[name.lower()][1])

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._values

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._values.values())

    def __len__(self) -> int:
        return len(self._values)

    def get_all(self, name: str) -> list[str]:
        """Return the values of a name, which there may be none of."""
        return list(self._values.get(name.lower(), ("", []))[1])

    def __repr__(self) -> str:
        # Values may be secrets.
        return f"Headers({', '.join(self)})"


def checked(headers: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return headers for a request by their names in lower case: name and value.

    Raises `HttpError` for those that would be more than one header, and those that are not the caller's to set.
    """
    result = {}
    for name, value in headers.items():
        if not isinstance(name, str) or _NAME.fullmatch(name) is None:
            raise HttpError(f"{name!r:.60} is no name of a header")
        # The value is not told: it may be a secret.
        if not isinstance(value, str) or _VALUE.fullmatch(value) is None:
            raise HttpError(f"the value of the header {name} is no text, or has characters that no header may have")
        if name.lower() in _OWN:
            raise HttpError(f"the header {name} is set by the client")
        result[name.lower()] = name, value.strip(" \t")
    return result


def for_another_host(headers: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Return those headers that may go to a host they were not meant for."""
    return {key: header for key, header in headers.items() if key in _HARMLESS}

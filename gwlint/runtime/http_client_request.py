"""Requests: what is asked of whom, and how that is written."""

from __future__ import annotations

import re

from .errors import HttpError
from .http_client_headers import checked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .http_client_url import Url

    Data = bytes | str | Mapping[str, str] | None
    Sign = Callable[[str, Url, Mapping[str, str], bytes], Mapping[str, str]]

_METHOD = re.compile(r"[A-Z]+(?:-[A-Z]+)*")
_IDEMPOTENT = frozenset(("DELETE", "GET", "HEAD", "OPTIONS", "PUT"))
_WITH_BODY = frozenset(("PATCH", "POST", "PUT"))
# Of a client they are of no use, and of a proxy they are dangerous.
_REFUSED = frozenset(("CONNECT", "TRACE"))


class Request:
    """What is asked. `headers` are by names in lower case, and `sign` returns more of them each time it is sent."""

    __slots__ = ("body", "headers", "is_idempotent", "method", "sign", "url")

    def __init__(
        self,
        method: str,
        url: Url,
        headers: dict[str, tuple[str, str]],
        body: bytes | None,
        *,
        is_idempotent: bool,
        sign: Sign | None,
    ) -> None:
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.is_idempotent = is_idempotent
        self.sign = sign

    def encoded(self, target: str, more: Mapping[str, str]) -> bytes:
        """Return it as it is sent, for a target and with some more headers."""
        body = self.body or b""
        headers = dict(self.headers)
        if self.sign is not None:
            plain = dict(headers.values())
            headers.update(checked(self.sign(self.method, self.url, plain, body)))
        lines = [f"{self.method} {target} HTTP/1.1", f"Host: {self.url.authority}"]
        lines.extend(f"{name}: {value}" for name, value in headers.values())
        lines.extend(f"{name}: {value}" for name, value in more.items())
        if body or self.method in _WITH_BODY:
            lines.append(f"Content-Length: {len(body)}")
        lines.append("\r\n")
        return "\r\n".join(lines).encode("latin-1") + body


def prepared(
    method: str,
    url: Url,
    headers: dict[str, tuple[str, str]],
    *,
    json: object,
    data: Data,
    idempotency_key: str | None,
    sign: Sign | None,
) -> Request:
    """Return a request. Raises `HttpError` for a method that is none, and ValueError for two bodies at once."""
    method = method.upper()
    if _METHOD.fullmatch(method) is None or method in _REFUSED:
        raise HttpError(f"{method!r:.40} is no method for a client")
    body, content_type = _body(json, data)
    if content_type:
        headers.setdefault("content-type", ("Content-Type", content_type))
    if idempotency_key is not None:
        headers.update(checked({"Idempotency-Key": idempotency_key}))
    return Request(
        method, url, headers, body, is_idempotent=method in _IDEMPOTENT or idempotency_key is not None, sign=sign
    )


def _body(value: object, data: Data) -> tuple[bytes | None, str]:
    if value is None and data is None:
        return None, ""
    if value is not None and data is not None:
        raise ValueError("a request has one body: either json or data")
    if data is None:
        import json

        text = json.dumps(value, allow_nan=False, separators=(",", ":"))
        return text.encode("ascii"), "application/json"
    if isinstance(data, str):
        return data.encode("utf-8"), "text/plain; charset=utf-8"
    if isinstance(data, (bytes, bytearray, memoryview)):
        return bytes(data), "application/octet-stream"
    from urllib.parse import urlencode

    return urlencode(data).encode("ascii"), "application/x-www-form-urlencoded"

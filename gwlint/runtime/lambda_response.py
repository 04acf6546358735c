"""What is answered over HTTP, in the form that whatever the request came through wants it in."""

from __future__ import annotations

import json

from .body import body_text
from .errors import (
    CircuitOpen,
    DeadlineExceeded,
    Denied,
    GatewayError,
    Invalid,
    RateLimited,
    Unauthenticated,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from .lambda_events import Kind

_TOKEN = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_WITHOUT_BODY = (204, 304)
_TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class Problem(GatewayError):  # noqa: N818  the term of RFC 9457
    """Something that is to be answered with a status of 400 or more. Whoever asks is told `detail`."""

    def __init__(self, status: int, detail: str = "", *, headers: Mapping[str, str] | None = None) -> None:
        """Raise ValueError for a status that is no error."""
        if not 400 <= status <= 599:
            raise ValueError(f"the status of a problem is from 400 to 599, not {status}")
        super().__init__(detail or _TITLES.get(status, str(status)))
        self.status = status
        self.detail = detail
        self.headers = headers or {}


class Response:
    """An answer. Text and bytes are sent as they are, None as nothing, and anything else as JSON."""

    __slots__ = ("body", "content_type", "cookies", "headers", "status")

    def __init__(
        self,
        body: object = None,
        status: int = 200,
        *,
        headers: Mapping[str, str | Iterable[str]] | None = None,
        cookies: Iterable[str] = (),
        content_type: str = "",
    ) -> None:
        """Raise ValueError for a status there is not, and for headers that would end before they should."""
        if not 100 <= status <= 599:
            raise ValueError(f"a status is from 100 to 599, not {status}")
        self.body = body
        self.status = status
        self.headers = {name: _values(name, value) for name, value in (headers or {}).items()}
        self.cookies = _values("Set-Cookie", cookies)
        self.content_type = content_type

    def rendered(self, kind: Kind, event: Mapping[str, Any] | None = None) -> dict[str, Any]:  # Any: JSON
        """Return what Lambda has to return for an event of a kind."""
        text, is_base64, media_type = self._written()
        fields = dict(self.headers)
        if text and "content-type" not in (name.lower() for name in fields):
            fields["Content-Type"] = _values("Content-Type", self.content_type or media_type)
        answer: dict[str, Any] = {"statusCode": self.status, "body": text, "isBase64Encoded": is_base64}  # Any: JSON
        if kind == "http":
            return {**answer, "headers": _joined(fields), "cookies": self.cookies}
        if kind == "alb":
            answer["statusDescription"] = f"{self.status} {_TITLES.get(self.status, 'OK')}"
        if kind == "lattice" or (kind == "alb" and "multiValueHeaders" not in (event or {})):
            return {**answer, "headers": {**_joined(fields), **_by_case(self.cookies)}}
        if self.cookies:
            fields["Set-Cookie"] = self.cookies
        return {**answer, "multiValueHeaders": fields}

    def without_body(self) -> Response:
        """Return the answer to a request that only wants to know what it would be."""
        media_type = self.content_type or self._written()[2]
        headers = {**({"Content-Type": media_type} if media_type else {}), **self.headers}
        return Response(None, self.status, headers=headers, cookies=self.cookies)

    def _written(self) -> tuple[str, bool, str]:
        """Return the body as text, whether that is Base64, and its media type."""
        return body_text(None if self.status in _WITHOUT_BODY else self.body, _dumps)


def _dumps(value: object) -> str:
    return json.dumps(value, allow_nan=False, separators=(",", ":"))


def answer_to(error: Exception, request_id: str) -> Response:
    """Return what somebody is told of an error: nothing of what is inside, and the id to ask about it by."""
    status, headers, said = _of_error(error)
    body = {"type": "about:blank", "title": _TITLES.get(status, "Error"), "status": status, **said}
    if request_id:
        body["request_id"] = request_id
    return Response(body, status, headers=headers, content_type="application/problem+json")


def _of_error(error: Exception) -> tuple[int, Mapping[str, str], Mapping[str, str]]:
    if isinstance(error, Problem):
        return error.status, error.headers, {"detail": error.detail} if error.detail else {}
    if isinstance(error, Invalid):
        return 400, {}, {"path": error.path, "keyword": error.keyword}
    if isinstance(error, Unauthenticated):
        return 401, {"WWW-Authenticate": "Bearer"}, {}
    if isinstance(error, Denied):
        return 403, {}, {}
    if isinstance(error, RateLimited):
        return 429, _retry_after(error.retry_after), {}
    if isinstance(error, CircuitOpen):
        return 503, _retry_after(error.remaining), {}
    return 504 if isinstance(error, DeadlineExceeded) else 500, {}, {}


def _retry_after(seconds: float) -> dict[str, str]:
    return {"Retry-After": str(int(max(0.0, min(seconds, 86400.0)) + 0.999))}


def _values(name: str, value: str | Iterable[str]) -> list[str]:
    values = [value] if isinstance(value, str) else list(value)
    if not name or not _TOKEN.issuperset(name) or any(mark in one for one in values for mark in "\r\n\0"):
        raise ValueError(f"{name!r} is no header, or one with a line break within")
    return values


def _joined(fields: Mapping[str, list[str]]) -> dict[str, str]:
    return {name: ", ".join(values) for name, values in fields.items()}


def _by_case(cookies: Iterable[str]) -> dict[str, str]:
    """Return cookies under one name, written differently each time: there may be no two of the same."""
    letters = "setcookie"
    named = {}
    for number, cookie in enumerate(cookies):
        cased = "".join(one.upper() if number >> place & 1 else one for place, one in enumerate(letters))
        named[f"{cased[:3]}-{cased[3:]}"] = cookie
    return named

"""What a function behind API Gateway returns, as its proxy integration wants it."""

from __future__ import annotations

from .body import body_text
from .errors import Invalid
from .utility_json import json_dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, Literal

    Headers = Mapping[str, str | Iterable[str]]

_WITHOUT_BODY = (204, 304)
_TOKEN = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


def proxy_response(
    body: object = None,
    *,
    status: int = 200,
    headers: Headers | None = None,
    cookies: Iterable[str] = (),
    content_type: str = "",
    version: Literal[1, 2] = 1,
) -> dict[str, Any]:  # Any: JSON
    """Return a response of version 1 (REST APIs, load balancers) or 2 (HTTP APIs, function URLs).

    Text is sent as it is, bytes are, too; None is nothing, and anything else is sent as JSON. A header may have
    several values. Raises `Invalid` for a status there is not, and for headers that would end before they should.
    """
    if not 100 <= status <= 599:
        raise Invalid(f"a status is from 100 to 599, not {status}", "status", "range")
    fields = _checked(headers or {})
    text, is_base64, kind = body_text(None if status in _WITHOUT_BODY else body, json_dumps)
    if text and "content-type" not in (name.lower() for name in fields):
        fields["Content-Type"] = _checked({"Content-Type": content_type or kind})["Content-Type"]
    baked = _checked({"Set-Cookie": cookies})["Set-Cookie"]
    answer: dict[str, Any] = {"statusCode": status, "body": text, "isBase64Encoded": is_base64}  # Any: JSON
    if version == 2:
        return {**answer, "headers": {name: ", ".join(values) for name, values in fields.items()}, "cookies": baked}
    if baked:
        fields["Set-Cookie"] = fields.get("Set-Cookie", []) + baked
    single = {name: values[0] for name, values in fields.items() if len(values) == 1}
    several = {name: values for name, values in fields.items() if len(values) > 1}
    return {**answer, "headers": single, "multiValueHeaders": several}


def problem_response(
    status: int,
    title: str,
    *,
    detail: str = "",
    kind: str = "about:blank",
    headers: Headers | None = None,
    version: Literal[1, 2] = 1,
) -> dict[str, Any]:  # Any: JSON
    """Return what has gone wrong as `application/problem+json` (RFC 9457)."""
    problem = {"type": kind, "title": title, "status": status, **({"detail": detail} if detail else {})}
    return proxy_response(
        problem, status=status, headers=headers, content_type="application/problem+json", version=version
    )


def _checked(headers: Headers) -> dict[str, list[str]]:
    checked = {}
    for name, value in headers.items():
        values = [value] if isinstance(value, str) else list(value)
        if not name or not _TOKEN.issuperset(name):
            raise Invalid(f"{name!r} can't be the name of a header", "headers", "name")
        for one in values:
            if any(mark in one for mark in "\r\n\0"):
                raise Invalid(f"the header {name} has a line break within", f"headers.{name}", "value")
        checked[name] = values
    return checked

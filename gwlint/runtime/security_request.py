"""What is asked of a handler, and how to find it in the events of API Gateway, function URLs and load balancers."""

from __future__ import annotations

import json

from .errors import Invalid, Unauthenticated
from .security_parsing import check_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .security_credentials import ApiKeys
    from .security_policy import Principal
    from .security_tokens import Key, Keys


class Off:
    """What is said in place of a layer that is not wanted."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "OFF"


OFF = Off()

_ANY_SOURCE = "unknown"


class Request:
    """One call: the event, and what the layers before the handler have found out. Its `repr` tells none of it.

    `data` is what the body says, `principal` who asks, `source` where it comes from, `rule` what has allowed it.
    """

    __slots__ = ("body", "data", "event", "principal", "resource", "rule", "source")

    def __init__(self, event: Any) -> None:  # Any: whatever Lambda was given
        self.event = event
        self.body: str | bytes | None = None
        self.data: Any = None  # Any: whatever was read
        self.principal: Principal | None = None
        self.source = _ANY_SOURCE
        self.resource = ""
        self.rule = ""

    def check_size(self, max_bytes: int) -> None:
        """Raise `Invalid` for a body that is too large."""
        if self.body is not None:
            check_size(self.body, max_bytes)

    def header(self, name: str) -> str | None:
        """Return a header field, by its name in any case; None where there is none, or more than one."""
        headers = _mapping(_mapping(self.event).get("headers"))
        many = _mapping(_mapping(self.event).get("multiValueHeaders"))
        found = [value for key, value in headers.items() if str(key).lower() == name.lower()]
        for key, values in many.items():
            if str(key).lower() == name.lower() and isinstance(values, list):
                found = values
        return found[0] if len(found) == 1 and isinstance(found[0], str) else None


def body_of(event: Any) -> str | bytes | None:  # Any: whatever Lambda was given
    """Return the body of a request over HTTP, or else the whole event, as text. Raises `Invalid` for neither."""
    if not isinstance(event, dict) or not ("body" in event or "requestContext" in event):
        try:
            return json.dumps(event, separators=(",", ":"))
        except (TypeError, ValueError, RecursionError):
            raise Invalid("the event is not valid JSON", "", "json") from None
    body = event.get("body")
    if body is None:
        return None
    if not isinstance(body, str):
        raise Invalid("the body is no text", "", "body")
    if not event.get("isBase64Encoded"):
        return body
    from base64 import b64decode

    try:
        return b64decode(body, validate=True)
    except ValueError:
        raise Invalid("the body is not valid base64", "", "body") from None


def source_of(event: Any) -> str:  # Any: whatever Lambda was given
    """Return the address that a request over HTTP comes from, as far as AWS says so; "unknown" for all others."""
    context = _mapping(_mapping(event).get("requestContext"))
    for part in ("http", "identity"):
        address = _mapping(context.get(part)).get("sourceIp")
        if isinstance(address, str) and address:
            return address
    return _ANY_SOURCE


def bearer(keys: Keys | Key, **options: Any) -> Callable[[Request], Principal]:  # Any: those of `authenticate`
    """Return what authenticates a request by a token in `Authorization: Bearer …`; `options` as for `authenticate`."""

    def authenticated(request: Request) -> Principal:
        from .security_credentials import authenticate

        kind, _, token = (request.header("authorization") or "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise Unauthenticated("credentials are needed", "credentials")
        return authenticate(token=token.strip(), keys=keys, **options)

    return authenticated


def by_api_key(api_keys: ApiKeys, *, header: str = "x-api-key") -> Callable[[Request], Principal]:
    """Return what authenticates a request by an API key in a header field."""

    def authenticated(request: Request) -> Principal:
        from .security_credentials import authenticate

        return authenticate(api_key=request.header(header), api_keys=api_keys)

    return authenticated


def _mapping(value: object) -> dict[str, Any]:  # Any: whatever an event says
    return value if isinstance(value, dict) else {}

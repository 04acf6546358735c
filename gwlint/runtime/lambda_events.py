"""What an event is, and requests over HTTP in one form, whatever they have come through."""

from __future__ import annotations

import json

from .errors import Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, Literal

    Kind = Literal[
        "",
        "alb",
        "dynamodb",
        "eventbridge",
        "http",
        "kinesis",
        "lattice",
        "rest",
        "s3",
        "schedule",
        "sns",
        "sqs",
    ]

HTTP_KINDS = ("alb", "http", "lattice", "rest")
RECORD_KINDS: dict[str, Kind] = {
    "aws:dynamodb": "dynamodb",
    "aws:kinesis": "kinesis",
    "aws:s3": "s3",
    "aws:sns": "sns",
    "aws:sqs": "sqs",
}


def kind_of(event: object) -> Kind:
    """Return what an event comes from, empty if that is unknown.

    `rest` is API Gateway's REST API (payload 1.0), `http` its HTTP API (2.0) and function URLs. WebSockets have none.
    """
    if not isinstance(event, dict):
        return ""
    records = event.get("Records")
    if isinstance(records, list) and records and isinstance(records[0], dict):
        return RECORD_KINDS.get(records[0].get("eventSource") or records[0].get("EventSource") or "", "")
    if isinstance(event.get("detail-type"), str) and isinstance(event.get("source"), str):
        is_scheduled = event["source"] in ("aws.events", "aws.scheduler") and event["detail-type"] == "Scheduled Event"
        return "schedule" if is_scheduled else "eventbridge"
    return _http_kind(event)


def _http_kind(event: dict[str, Any]) -> Kind:  # Any: JSON
    about = _mapping(event.get("requestContext"))
    if "elb" in about:
        return "alb"
    if isinstance(about.get("http"), dict):
        return "http"
    if isinstance(event.get("method"), str) and ("raw_path" in event or "serviceNetworkArn" in about):
        return "lattice"
    return "rest" if isinstance(event.get("httpMethod"), str) and "path" in event else ""


class Request:
    """A request over HTTP. Names of headers are in small letters, and what came several times is joined by commas.

    `query` has all values of each parameter, `parameters` what the path has said, once a router has matched it. `event`
    is what Lambda was given, and `checked` what a guard has made of it, if there was one.
    """

    __slots__ = (
        "body",
        "checked",
        "cookies",
        "event",
        "headers",
        "kind",
        "method",
        "parameters",
        "path",
        "query",
        "source_ip",
    )

    def __init__(
        self,
        *,
        kind: Kind,
        method: str,
        path: str,
        query: Mapping[str, list[str]],
        headers: Mapping[str, str],
        cookies: Iterable[str],
        body: bytes,
        source_ip: str,
        event: Mapping[str, Any],  # Any: JSON
    ) -> None:
        self.kind = kind
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.cookies = tuple(cookies)
        self.body = body
        self.source_ip = source_ip
        self.event = event
        self.parameters: Mapping[str, str] = {}
        self.checked: object = None

    def header(self, name: str, default: str = "") -> str:
        """Return a header by its name in any case."""
        return self.headers.get(name.lower(), default)

    def parameter(self, name: str, default: str = "") -> str:
        """Return the first value of a parameter of the query."""
        values = self.query.get(name)
        return values[0] if values else default

    def text(self) -> str:
        """Return the body as text. Raises `Invalid` where it is not in UTF-8."""
        try:
            return self.body.decode()
        except UnicodeDecodeError:
            raise Invalid("the body is not in UTF-8", "", "encoding") from None

    def json(self) -> Any:  # Any: JSON
        """Return what the body says. Raises `Invalid` where it is not strictly JSON."""
        try:
            return json.loads(self.text(), parse_constant=_refuse)
        except (ValueError, RecursionError):
            raise Invalid("the body is not valid JSON", "", "json") from None


def request_of(event: Mapping[str, Any]) -> Request:  # Any: JSON
    """Return the request over HTTP that an event is. Raises `Invalid` where it is none, or not whole."""
    kind = kind_of(event)
    if kind not in HTTP_KINDS:
        raise Invalid("the event is no request over HTTP", "", "kind")
    about = _mapping(event.get("requestContext"))
    method, path = _line_of(event, about)
    headers = _headers(event)
    cookies = event.get("cookies") or [one for one in headers.get("cookie", "").split("; ") if one]
    return Request(
        kind=kind,
        method=method.upper(),
        path=path,
        query=_query(kind, event),
        headers=headers,
        cookies=cookies,
        body=_body(event),
        source_ip=_source(kind, about, headers),
        event=event,
    )


def _line_of(event: Mapping[str, Any], about: Mapping[str, Any]) -> tuple[str, str]:  # Any: JSON
    http = _mapping(about.get("http"))
    method = http.get("method") or event.get("httpMethod") or event.get("method")
    path = event.get("rawPath") or event.get("path") or event.get("raw_path") or "/"
    if not isinstance(method, str) or not isinstance(path, str):
        raise Invalid("the event has no method, or no path", "", "method")
    path = path.partition("?")[0]
    stage = about.get("stage")
    # HTTP APIs put the name of the stage before the path.
    if http and isinstance(stage, str) and f"{path}/".startswith(f"/{stage}/"):
        path = path[len(stage) + 1 :]
    return method, path if path.startswith("/") else f"/{path}"


def _headers(event: Mapping[str, Any]) -> dict[str, str]:  # Any: JSON
    several = {str(name).lower(): values for name, values in _mapping(event.get("multiValueHeaders")).items()}
    single = {str(name).lower(): value for name, value in _mapping(event.get("headers")).items()}
    return {name: _joined(value) for name, value in {**single, **several}.items() if value is not None}


def _joined(value: object) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _query(kind: Kind, event: Mapping[str, Any]) -> dict[str, list[str]]:  # Any: JSON
    raw = event.get("rawQueryString")
    if isinstance(raw, str):
        return _parsed(raw)
    if "raw_path" in event:
        return _parsed(str(event["raw_path"]).partition("?")[2])
    single = event.get("queryStringParameters") or event.get("query_string_parameters")
    found = _mapping(event.get("multiValueQueryStringParameters")) or _mapping(single)
    values = {str(name): _listed(value) for name, value in found.items()}
    # Load balancers hand on what they were sent, as it was.
    if kind == "alb":
        return {_decoded(name): [_decoded(one) for one in several] for name, several in values.items()}
    return values


def _parsed(raw: str) -> dict[str, list[str]]:
    if not raw:
        return {}
    from urllib.parse import parse_qs

    return parse_qs(raw, keep_blank_values=True)


def _listed(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else ["" if value is None else str(value)]


def _decoded(text: str) -> str:
    if "%" not in text and "+" not in text:
        return text
    from urllib.parse import unquote_plus

    return unquote_plus(text)


def _body(event: Mapping[str, Any]) -> bytes:  # Any: JSON
    body = event.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise Invalid("the body is no text", "", "body")
    if not (event.get("isBase64Encoded") or event.get("is_base64_encoded")):
        return body.encode("utf-8", "surrogatepass")
    from base64 import b64decode

    try:
        return b64decode(body, validate=True)
    except ValueError:
        raise Invalid("the body is not valid Base64", "", "body") from None


def _source(kind: Kind, about: Mapping[str, Any], headers: Mapping[str, str]) -> str:  # Any: JSON
    if kind in ("alb", "lattice"):
        # The last one is what the load balancer has seen; those before are what it was told.
        return headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    known = _mapping(about.get("http")) or _mapping(about.get("identity"))
    return str(known.get("sourceIp") or "")


def _mapping(value: object) -> dict[str, Any]:  # Any: JSON
    return value if isinstance(value, dict) else {}


def _refuse(constant: str) -> None:
    raise ValueError(constant)

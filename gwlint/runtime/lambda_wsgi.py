"""Applications that speak WSGI (PEP 3333), as functions of Lambda."""

from __future__ import annotations

import sys

from .lambda_events import request_of
from .lambda_response import Response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from .lambda_events import Request

    Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]  # Any: as PEP 3333 has it

_TEXTUAL = ("text/", "application/json", "application/xml", "application/javascript")
_TEXTUAL_ENDS = ("+json", "+xml")


def wsgi(application: Application) -> Callable[..., dict[str, Any]]:  # Any: as Lambda calls it
    """Return a function for Lambda that answers requests over HTTP by an application. Other events are `Invalid`."""

    def called(event: Any, context: object = None) -> dict[str, Any]:  # Any: as Lambda calls it
        # A guard hands on what it has checked, with the event within.
        given = event if isinstance(event, dict) else getattr(event, "event", event)
        request = request_of(given)
        environ = _environ(request)
        environ["lambda.event"], environ["lambda.context"] = given, context
        return _answered(application, environ).rendered(request.kind, given)

    return called


class _Start:
    """What an application calls before it answers."""

    __slots__ = ("headers", "status", "written")

    def __init__(self) -> None:
        self.status = ""
        self.headers: list[tuple[str, str]] = []
        self.written: list[bytes] = []

    def __call__(
        self, status: str, headers: list[tuple[str, str]], exc_info: object = None
    ) -> Callable[[bytes], object]:
        """Take in status and headers. Nothing has been sent yet, so they may be replaced when an error has come up."""
        if self.status and exc_info is None:
            raise AssertionError("start_response is called a second time, without an error")
        self.status, self.headers = status, list(headers)
        return self.written.append


def _answered(application: Application, environ: dict[str, Any]) -> Response:  # Any: PEP 3333
    start = _Start()
    parts = application(environ, start)
    try:
        body = b"".join(parts)
    finally:
        close = getattr(parts, "close", None)
        if close is not None:
            close()
    body = b"".join(start.written) + body
    if not start.status:
        raise RuntimeError("the application has not called start_response")
    headers: dict[str, list[str]] = {}
    for name, value in start.headers:
        headers.setdefault(name.lower(), []).append(value)
    cookies = headers.pop("set-cookie", [])
    status = int(start.status.split(" ", 1)[0])
    return Response(_as_text(body, headers), status, headers=headers, cookies=cookies)


def _as_text(body: bytes, headers: dict[str, list[str]]) -> str | bytes | None:
    """Return a body as text if it is some: all else is sent in Base64."""
    kind = headers.get("content-type", [""])[0].lower()
    media_type = kind.partition(";")[0].strip()
    is_textual = media_type.startswith(_TEXTUAL) or media_type.endswith(_TEXTUAL_ENDS)
    if not body:
        return None
    if not is_textual or "content-encoding" in headers or ("charset=" in kind and "utf-8" not in kind):
        return body
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body


def _environ(request: Request) -> dict[str, Any]:  # Any: PEP 3333
    from io import BytesIO
    from urllib.parse import unquote_to_bytes, urlencode

    host, _, port = request.header("host", "localhost").partition(":")
    scheme = request.header("x-forwarded-proto", "https")
    environ: dict[str, Any] = {  # Any: PEP 3333
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        # Bytes of the path, as text of one character each.
        "PATH_INFO": unquote_to_bytes(request.path).decode("latin-1"),
        "QUERY_STRING": urlencode(request.query, doseq=True),
        "CONTENT_TYPE": request.header("content-type"),
        "CONTENT_LENGTH": str(len(request.body)),
        "SERVER_NAME": host,
        "SERVER_PORT": port or ("443" if scheme == "https" else "80"),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": request.source_ip,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.input": BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    if request.cookies:
        environ["HTTP_COOKIE"] = "; ".join(request.cookies)
    for name, value in request.headers.items():
        # `Proxy` would be taken for the variable that sends requests through a proxy.
        if name not in ("content-type", "content-length", "cookie", "proxy") and "_" not in name:
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
    return environ

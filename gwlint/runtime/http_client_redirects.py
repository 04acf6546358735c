"""Answers that lead elsewhere: some of them are followed, and nothing is told to hosts that it was not meant for."""

from __future__ import annotations

from .errors import HttpError
from .http_client_headers import for_another_host
from .http_client_request import Request
from .http_client_url import redirected

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .http_client_exchange import Exchange

_LEADS_ON = frozenset((301, 302, 303, 307, 308))
_OF_BODY = frozenset(("content-type", "content-language", "content-encoding"))


def followed(request: Request, ask: Callable[[Request], Exchange], most: int) -> Exchange:
    """Return the answer in the end; of 0 redirects at most, the first one. Raises `HttpError` for more than these."""
    answer = ask(request)
    for left in range(most, -1, -1):
        location = answer.headers.get("location")
        if answer.status not in _LEADS_ON or location is None or most == 0:
            break
        if not left:
            answer.close()
            raise HttpError(f"there are more than {most} redirects")
        try:
            request = _next(request, answer.status, location)
        except BaseException:
            answer.close()
            raise
        answer.discard()
        answer = ask(request)
    return answer


def _next(request: Request, status: int, location: str) -> Request:
    url = redirected(request.url, location)
    method, body, headers, sign = request.method, request.body, request.headers, request.sign
    if (status == 303 and method != "HEAD") or (status in (301, 302) and method == "POST"):
        method, body = "GET", None
        headers = {key: header for key, header in headers.items() if key not in _OF_BODY}
    if url.origin != request.url.origin:
        if body is not None:
            raise HttpError(f"the answer leads a body to another host, {url.host}: it is not sent there")
        headers, sign = for_another_host(headers), None
    is_idempotent = request.is_idempotent or method == "GET"
    return Request(method, url, headers, body, is_idempotent=is_idempotent, sign=sign)

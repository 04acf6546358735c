"""Answers: as a whole, or piece by piece while they come."""

from __future__ import annotations

from .errors import HttpError
from .http_client_errors import StatusError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self

    from .http_client_exchange import Exchange
    from .http_client_headers import Headers

_ERROR = 400


class Response:
    """An answer. `url` is where it comes from in the end, and `content` its body, unpacked."""

    __slots__ = ("content", "headers", "reason", "status", "url")

    def __init__(self, status: int, reason: str, headers: Headers, url: str, content: bytes) -> None:
        self.status = status
        self.reason = reason
        self.headers = headers
        self.url = url
        self.content = content

    @property
    def is_ok(self) -> bool:
        """Whether nothing is said to be wrong."""
        return self.status < _ERROR

    @property
    def text(self) -> str:
        """The body as text, by its charset, or else UTF-8. What is no text by that is replaced."""
        try:
            return self.content.decode(_charset(self.headers.get("content-type", "")), "replace")
        except (LookupError, ValueError):
            return self.content.decode("utf-8", "replace")

    def json(self) -> Any:  # Any: whatever JSON can say
        """Return what the body says in JSON. Raises `HttpError` where it says nothing."""
        import json

        try:
            return json.loads(self.content)
        except (ValueError, RecursionError) as error:
            raise HttpError(f"the answer is no JSON: {error!s:.100}") from None

    def raise_for_status(self) -> Response:
        """Return this answer. Raises `StatusError` for one from 400 on."""
        if self.status >= _ERROR:
            raise StatusError(f"{self.url.partition('?')[0]} says {self.status} {self.reason:.100}", self)
        return self

    def __repr__(self) -> str:
        return f"<Response {self.status}>"


class Stream:
    """An answer that is read while it comes, inside of a `with`. Iterating over it yields its body, unpacked."""

    __slots__ = ("_exchange", "_open")

    def __init__(self, open_: Callable[[], Exchange]) -> None:
        self._open = open_
        self._exchange: Exchange | None = None

    def __enter__(self) -> Self:
        self._exchange = self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._exchange is not None:
            self._exchange.close()
            self._exchange = None

    def __iter__(self) -> Iterator[bytes]:
        """Yield pieces of at most 64 KiB, and no more than all that may be read."""
        return self._entered.content()

    @property
    def status(self) -> int:
        """What the server says has become of the request."""
        return self._entered.status

    @property
    def headers(self) -> Headers:
        """The headers of the answer."""
        return self._entered.headers

    @property
    def url(self) -> str:
        """Where the answer comes from in the end."""
        return str(self._entered.url)

    def read(self) -> Response:
        """Return the answer as a whole."""
        return self._entered.response()

    @property
    def _entered(self) -> Exchange:
        if self._exchange is None:
            raise HttpError("a stream can be read inside of its `with` only")
        return self._exchange


def _charset(content_type: str) -> str:
    for part in content_type.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip(" \"'") or "utf-8"
    return "utf-8"

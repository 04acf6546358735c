"""One request and its answer, over a connection that is new or has waited."""

from __future__ import annotations

from .errors import HttpError
from .http_client_body import Body, unpacked
from .http_client_errors import TransportError
from .http_client_headers import Headers
from .http_client_response import Response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator
    from http.client import HTTPResponse

    from .http_client_connection import Connection, Route
    from .http_client_limits import Limits
    from .http_client_pool import Pool
    from .http_client_request import Request
    from .http_client_url import Url

_LITTLE = 16_384


class Lane:
    """How a client gets to servers: by a route, with connections that wait in a pool."""

    __slots__ = ("_pool", "_route")

    def __init__(self, pool: Pool, route: Route) -> None:
        self._pool = pool
        self._route = route

    def ask(self, request: Request, limits: Limits, max_bytes: int | None) -> Exchange:
        """Send a request, and return what comes of it.

        A connection that has waited may have been closed meanwhile. Then the request is sent once more over a new one:
        if none of it has been written, or else if it is idempotent.
        """
        key = (request.url.origin, self._route)
        waiting = self._pool.take(key)
        if waiting is not None:
            try:
                return self._ask_over(waiting, key, request, limits, max_bytes)  # type: ignore[arg-type]  # one of ours
            except TransportError as error:
                if error.is_timeout or not (error.is_unsent or request.is_idempotent):
                    raise
        return self._ask_over(self._route.connect(request.url, limits), key, request, limits, max_bytes)

    def _ask_over(
        self, connection: Connection, key: Hashable, request: Request, limits: Limits, max_bytes: int | None
    ) -> Exchange:
        try:
            connection.send(request.encoded(*self._route.target(request.url)), limits)
            head = connection.head(request.method, limits)
            return Exchange(self._pool, key, connection, request, head, limits, max_bytes)
        except BaseException:
            connection.close()
            raise


class Exchange:
    """An answer whose body has not been read yet. Its connection waits for others once it has been, or is closed."""

    __slots__ = ("_body", "_connection", "_is_kept", "_is_unpacked", "_key", "_max_bytes", "_pool", "headers", "reason",
                 "status", "url")  # fmt: skip

    def __init__(
        self,
        pool: Pool,
        key: Hashable,
        connection: Connection,
        request: Request,
        head: HTTPResponse,
        limits: Limits,
        max_bytes: int | None,
    ) -> None:
        """Raise `HttpError` where the answer is too large, as far as it says so."""
        self._pool = pool
        self._key = key
        self._connection: Connection | None = connection
        self._max_bytes = max_bytes
        self.url: Url = request.url
        self.status = head.status
        self.reason = head.reason
        # A header may go on in another line.
        self.headers = Headers((name, " ".join(value.splitlines())) for name, value in head.headers.items())
        self._body = Body(connection.reader, limits, request.method, head.status, self.headers)
        self._is_kept = not head.will_close and self._body.length is not None
        # Whoever asks for an encoding gets it.
        self._is_unpacked = request.headers.get("accept-encoding", ("", "gzip"))[1] == "gzip"
        if max_bytes is not None and (self._body.length or 0) > max_bytes:
            raise HttpError(f"the answer has {self._body.length} bytes, which is more than {max_bytes}")

    def content(self) -> Iterator[bytes]:
        """Yield the body, unpacked. Raises `HttpError` as soon as it is too large."""
        encoding = self.headers.get("content-encoding", "") if self._is_unpacked and self._body.length != 0 else ""
        size = 0
        for piece in unpacked(self._raw(), encoding):
            size += len(piece)
            self._check(size)
            yield piece

    def response(self) -> Response:
        """Return the answer as a whole."""
        try:
            content = b"".join(self.content())
        finally:
            self.close()
        return Response(self.status, self.reason, self.headers, str(self.url), content)

    def discard(self) -> None:
        """Have done with it, and keep the connection if there is only little left of the answer."""
        if self._body.length is not None and 0 < self._body.length <= _LITTLE:
            for _ in self._body.pieces():
                continue
        self.close()

    def close(self) -> None:
        """Let the connection wait for others if all has been read, or close it."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        if self._is_kept and self._body.is_complete:
            connection.rest()
            self._pool.put(self._key, connection)
        else:
            connection.close()

    def _raw(self) -> Iterator[bytes]:
        size = 0
        for piece in self._body.pieces():
            size += len(piece)
            self._check(size)
            yield piece

    def _check(self, size: int) -> None:
        if self._max_bytes is not None and size > self._max_bytes:
            raise HttpError(f"the answer has more than {self._max_bytes} bytes")

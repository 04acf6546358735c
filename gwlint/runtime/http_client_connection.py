"""One connection: what is written to it, and what comes back, each within its time. Loads `http.client`."""

from __future__ import annotations

import io
import select
import socket
import ssl
from http.client import HTTPException, HTTPResponse

from .errors import HttpError
from .http_client_errors import TransportError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .http_client_addresses import Guard
    from .http_client_limits import Limits
    from .http_client_url import Url

_MOST_INFORMATION = 8
_BROKEN_HEADERS = frozenset(("MissingHeaderBodySeparatorDefect", "FirstHeaderLineIsContinuationDefect"))


class Wire(io.RawIOBase):
    """The bytes that come from a socket, no later than the limits of the request allow."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.limits: Limits | None = None

    def readable(self) -> bool:
        """Tell that it can be read from."""
        return True

    def readinto(self, buffer: Any) -> int | None:  # Any: a buffer, which has no type before Python 3.12
        """Read what there is, once something is; nothing while no request is going on."""
        limits = self.limits
        if limits is None:
            return None
        self.sock.settimeout(limits.left())
        try:
            return self.sock.recv_into(buffer)
        except TimeoutError:
            raise limits.error() from None
        except OSError as error:
            raise TransportError(f"the connection broke: {error}") from error


class Connection:
    """A connection to a server, for one request after the other."""

    __slots__ = ("_is_tls", "_sock", "_wire", "has_written", "reader")

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._is_tls = isinstance(sock, ssl.SSLSocket)
        self._wire = Wire(sock)
        self.reader = io.BufferedReader(self._wire)
        self.has_written = False

    def send(self, data: bytes, limits: Limits) -> None:
        """Write a request. Raises `TransportError`, which knows whether any of it has been written."""
        self.has_written = self._is_tls
        limits.begin("write")
        sock = self._sock
        sock.settimeout(limits.left())
        try:
            if self._is_tls:
                sock.sendall(data)
                return
            # Unlike `sendall`, this says whether there was a first byte.
            sent = sock.send(data)
            self.has_written = sent > 0
            if sent < len(data):
                sock.sendall(memoryview(data)[sent:])
        except TimeoutError:
            raise limits.error() from None
        except OSError as error:
            raise TransportError(f"the connection broke: {error}", is_unsent=not self.has_written) from error

    def head(self, method: str, limits: Limits) -> HTTPResponse:
        """Return status and headers of the answer. Its body is still in the reader."""
        self._wire.limits = limits
        limits.begin("headers")
        response = HTTPResponse(self, method=method)  # type: ignore[arg-type]  # it asks for nothing but a reader
        try:
            response.begin()
            for _ in range(_MOST_INFORMATION):
                if response.status >= 200:
                    break
                response.headers = response.msg = None  # type: ignore[assignment]  # as before the first answer
                response.begin()
        except (HTTPException, ValueError) as error:
            # This includes the connections that are closed without a word.
            raise TransportError(f"the answer makes no sense: {type(error).__name__}: {error!s:.200}") from error
        finally:
            # The reader outlives this answer.
            response.fp = None  # type: ignore[assignment]  # as if it was closed
        if response.status < 200 or any(type(one).__name__ in _BROKEN_HEADERS for one in response.headers.defects):
            raise HttpError("the answer has no end of its headers, or is none")
        return response

    def makefile(self, _mode: str) -> io.BufferedIOBase:
        """Return the reader: this is how `http.client` asks for it."""
        return self.reader

    def rest(self) -> None:
        """Read nothing until the next request."""
        self._wire.limits = None

    def is_quiet(self) -> bool:
        """Tell whether nobody has closed it, or said something unasked."""
        try:
            if self.reader.peek(1):
                return False
            if hasattr(select, "poll"):
                poll = select.poll()
                poll.register(self._sock, select.POLLIN)
                return not poll.poll(0)
            return not select.select([self._sock], [], [], 0)[0]
        except (OSError, ValueError):
            return False

    def close(self) -> None:
        """Close it. A child process closes its own end only."""
        self._sock.close()


class Route:
    """How to connect to a server: which addresses are allowed, over which proxy, and whom to trust."""

    __slots__ = ("_guard", "_proxy", "_proxy_authorization", "_tls")

    def __init__(
        self, guard: Guard, tls: ssl.SSLContext | None, proxy: Url | None, proxy_authorization: str | None
    ) -> None:
        self._guard = guard
        self._tls = tls
        self._proxy = proxy
        self._proxy_authorization = proxy_authorization

    def target(self, url: Url) -> tuple[str, dict[str, str]]:
        """Return what to ask for where this leads, and with which headers for those on the way."""
        if self._proxy is None or url.scheme == "https":
            return url.target, {}
        more = {} if self._proxy_authorization is None else {"Proxy-Authorization": self._proxy_authorization}
        return str(url), more

    def connect(self, url: Url, limits: Limits) -> Connection:
        """Return a new connection to the server of a URL."""
        limits.begin("connect")
        if self._proxy is None:
            sock = self._guard.connect(url.host, url.port, limits)
        else:
            sock = self._connect_by(self._proxy, url, limits)
        if url.scheme == "https":
            sock = self._secured(sock, url.host, limits)
        return Connection(sock)

    def _connect_by(self, proxy: Url, url: Url, limits: Limits) -> socket.socket:
        # Names are looked up by the proxy: it is the one who has to know where not to go.
        if not self._guard.admits_host(url.host):
            raise HttpError(f"requests may not go to the address {url.host} unless it is allowed")
        try:
            sock = socket.create_connection((proxy.host, proxy.port), limits.left())
        except TimeoutError:
            raise limits.error() from None
        except OSError as error:
            raise TransportError(f"the proxy can't be connected to: {error}", is_unsent=True) from error
        try:
            if proxy.scheme == "https":
                sock = self._secured(sock, proxy.host, limits)
            if url.scheme == "https":
                self._open_tunnel(sock, url, limits)
        except BaseException:
            sock.close()
            raise
        return sock

    def _open_tunnel(self, sock: socket.socket, url: Url, limits: Limits) -> None:
        host = f"[{url.host}]" if ":" in url.host else url.host
        lines = [f"CONNECT {host}:{url.port} HTTP/1.1", f"Host: {host}:{url.port}"]
        if self._proxy_authorization is not None:
            lines.append(f"Proxy-Authorization: {self._proxy_authorization}")
        tunnel = Connection(sock)
        try:
            tunnel.send("\r\n".join([*lines, "", ""]).encode("ascii"), limits)
            status = tunnel.head("CONNECT", limits).status
        except TransportError as error:
            # Of the request itself, nothing has been written.
            raise TransportError(str(error), is_unsent=True, is_timeout=error.is_timeout) from error
        if not 200 <= status < 300:
            raise TransportError(f"the proxy opens no tunnel: it says {status}", is_unsent=True)
        limits.begin("connect")

    def _secured(self, sock: socket.socket, host: str, limits: Limits) -> ssl.SSLSocket:
        if self._tls is None:
            self._tls = _default_tls()
        try:
            sock.settimeout(limits.left())
            return self._tls.wrap_socket(sock, server_hostname=host)
        except TimeoutError:
            sock.close()
            raise limits.error() from None
        except ssl.SSLCertVerificationError as error:
            sock.close()
            raise TransportError(
                f"{host} shows a certificate that is not to be trusted: {error.verify_message}",
                is_unsent=True, is_final=True,
            ) from error  # fmt: skip
        except (OSError, ValueError) as error:
            sock.close()
            raise TransportError(f"no TLS with {host}: {error}", is_unsent=True) from error
        except BaseException:
            sock.close()
            raise


def _default_tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context

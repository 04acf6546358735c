"""Where a request goes: URLs that mean one thing only, and can't be led away from their base."""

from __future__ import annotations

import re

from .errors import HttpError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Params = Mapping[str, str | int | list[str]]

_PORTS = {"http": 80, "https": 443}
_UNCLEAR = re.compile(r"[\x00-\x20\x7f\\]")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_.])?|[0-9a-f:.]*:[0-9a-f:.]*")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LONGEST_URL = 65_536
_SAFE = "/%:@!$&'()*+,;=~?[]"


class Url:
    """An absolute URL of HTTP, without what is never sent. `target` is its path and query."""

    __slots__ = ("host", "port", "scheme", "target")

    def __init__(self, scheme: str, host: str, port: int, target: str) -> None:
        self.scheme = scheme
        self.host = host
        self.port = port
        self.target = target

    @property
    def origin(self) -> tuple[str, str, int]:
        """What has to be the same for somebody to be the same server."""
        return self.scheme, self.host, self.port

    @property
    def authority(self) -> str:
        """Host and port, as in the header Host."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def path(self) -> str:
        """The path alone."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """What follows the question mark."""
        return self.target.partition("?")[2]

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def parse(text: str) -> Url:
    """Return what an absolute URL means. Raises `HttpError` for one that might mean something else to others."""
    if not isinstance(text, str) or len(text) > _LONGEST_URL or _UNCLEAR.search(text):
        raise HttpError("a URL is text of at most 65,536 characters, without spaces, controls and backslashes")
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise HttpError(f"this is no URL: {error}") from None
    if parts.scheme not in _PORTS:
        raise HttpError(f"a URL begins with http:// or https://, not {parts.scheme!r:.20}")
    if "@" in parts.netloc:
        raise HttpError("credentials belong into a header, not into a URL")
    host = _ascii(host)
    if _HOST.fullmatch(host) is None or port == 0 or len(host) > 253:
        raise HttpError(f"{host!r:.60} is no host, or its port is none")
    target = _quoted(parts.path) or "/"
    if parts.query:
        target += "?" + _quoted(parts.query)
    return Url(parts.scheme, host, port or _PORTS[parts.scheme], target)


def resolve(text: str, base: Url | None, params: Params | None = None) -> Url:
    """Return the URL of a request: below a base if there is one, which it then can't lead out of."""
    if not isinstance(text, str):
        raise HttpError(f"a URL is text, not {type(text).__name__}")
    url = parse(text) if base is None else _below(base, text)
    if params:
        from urllib.parse import quote, urlencode

        # A space as a plus sign is one to some only.
        more = urlencode(params, doseq=True, quote_via=quote)
        url.target += ("&" if "?" in url.target else "?") + more
    return url


def proxy_of(text: str) -> tuple[Url, str | None]:
    """Return where a proxy is, and who is asking there, as in its header; None where its URL says nothing of that."""
    scheme, _, rest = text.partition("://")
    user, at, host = rest.rpartition("@")
    if not at:
        return parse(text), None
    from base64 import b64encode
    from urllib.parse import unquote_to_bytes

    return parse(f"{scheme}://{host}"), f"Basic {b64encode(unquote_to_bytes(user)).decode('ascii')}"


def redirected(url: Url, location: str) -> Url:
    """Return where an answer leads to. Raises `HttpError` where that is nowhere, or less safe than it was."""
    from urllib.parse import urljoin

    try:
        # Locations with letters beyond ASCII are bytes of UTF-8 that were read as Latin-1.
        there = parse(urljoin(str(url), location.encode("latin-1").decode("utf-8", "replace")))
    except ValueError as error:
        raise HttpError(f"the answer leads nowhere: {error}") from None
    if url.scheme == "https" and there.scheme != "https":
        raise HttpError("the answer leads from https to http")
    return there


def _below(base: Url, text: str) -> Url:
    if _SCHEME.match(text):
        url = parse(text)
        if url.origin != base.origin:
            raise HttpError(f"{url.scheme}://{url.authority} is not where this client's base URL is")
        return url
    path, question, query = text.partition("#")[0].partition("?")
    folder = base.path.rstrip("/")
    joined = f"{folder}/{path.lstrip('/')}" if path else base.path
    url = parse(f"{base.scheme}://{base.authority}{joined}{question}{query}")
    if path:
        from urllib.parse import unquote

        # As often as anybody on the way might decode it.
        if ".." in re.split(r"[/\\;]", unquote(unquote(path))):
            raise HttpError("a path that leads up may lead out of the base URL")
    return url


def _ascii(host: str) -> str:
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise HttpError(f"{host!r:.60} is no name of a host") from None


def _quoted(text: str) -> str:
    from urllib.parse import quote

    try:
        return quote(text, safe=_SAFE)
    except UnicodeError:
        raise HttpError("a URL has half of a character in it") from None

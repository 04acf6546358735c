"""Signatures of requests to AWS, version 4."""

from __future__ import annotations

import os

from .clock import CLOCK, Clock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .http_client_url import Url

_ALGORITHM = "AWS4-HMAC-SHA256"
_UNSIGNED = "UNSIGNED-PAYLOAD"
# Those on the way may change them.
_NEVER_SIGNED = frozenset(("accept-encoding", "authorization", "traceparent", "user-agent", "x-amzn-trace-id"))
_UNRESERVED = "-._~"


class Credentials:
    """An access key of AWS, its secret, and the token of its session if it has one."""

    __slots__ = ("access_key", "secret_key", "session_token")

    def __init__(self, access_key: str, secret_key: str, session_token: str = "") -> None:
        self.access_key = access_key
        self.secret_key = secret_key
        self.session_token = session_token

    @classmethod
    def of_environment(cls, env: Mapping[str, str] = os.environ) -> Credentials:
        """Return those of the function's role. Raises ValueError where there are none."""
        try:
            access_key, secret_key = env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"]
        except KeyError as error:
            raise ValueError(f"the environment has no {error.args[0]}") from None
        return cls(access_key, secret_key, env.get("AWS_SESSION_TOKEN", ""))

    def __repr__(self) -> str:
        return f"Credentials({self.access_key})"


class SigV4:
    """Signs requests for one service in one region, with credentials that are asked for each time.

    Of S3, which is `s3`, paths are signed as they are; those of other services are made plain first. Where
    `signs_payload` is off, the body is not signed: only S3 takes that, and only TLS protects it then.
    """

    __slots__ = ("_clock", "_credentials", "_key", "_region", "_service", "_signs_payload")

    def __init__(
        self,
        service: str,
        region: str,
        *,
        credentials: Callable[[], Credentials] = Credentials.of_environment,
        signs_payload: bool = True,
        clock: Clock = CLOCK,
    ) -> None:
        """Raise ValueError where the body has to be signed."""
        if not signs_payload and service != "s3":
            raise ValueError("only S3 takes requests whose body is not signed")
        self._service = service
        self._region = region
        self._credentials = credentials
        self._signs_payload = signs_payload
        self._clock = clock
        self._key: tuple[tuple[str, str], bytes] = ("", ""), b""

    def __call__(self, method: str, url: Url, headers: Mapping[str, str], body: bytes) -> dict[str, str]:
        """Return the headers that sign a request with the headers it has."""
        import hashlib
        import hmac
        import time

        credentials = self._credentials()
        now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(self._clock.wall()))
        digest = hashlib.sha256(body).hexdigest() if self._signs_payload else _UNSIGNED
        added = {"X-Amz-Date": now}
        if credentials.session_token:
            added["X-Amz-Security-Token"] = credentials.session_token
        if self._service == "s3":
            added["X-Amz-Content-Sha256"] = digest
        signed = {name.lower(): value for name, value in {**headers, **added, "Host": url.authority}.items()}
        names, canonical = canonical_request(method, url, signed, digest, is_path_plain=self._service != "s3")
        scope = f"{now[:8]}/{self._region}/{self._service}/aws4_request"
        to_sign = "\n".join((_ALGORITHM, now, scope, hashlib.sha256(canonical.encode()).hexdigest()))
        key = self._signing_key(credentials.secret_key, now[:8])
        signature = hmac.new(key, to_sign.encode(), "sha256").hexdigest()
        added["Authorization"] = (
            f"{_ALGORITHM} Credential={credentials.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
        )
        return added

    def _signing_key(self, secret: str, day: str) -> bytes:
        made_of, key = self._key
        if made_of != (secret, day):
            import hmac

            key = f"AWS4{secret}".encode()
            for part in (day, self._region, self._service, "aws4_request"):
                key = hmac.new(key, part.encode(), "sha256").digest()
            # In one step, as several threads may do so at once.
            self._key = (secret, day), key
        return key


def canonical_request(
    method: str, url: Url, headers: Mapping[str, str], digest: str, *, is_path_plain: bool
) -> tuple[str, str]:
    """Return the names of the headers that are signed, and the one form that all ways to write a request have."""
    signed = sorted((name, " ".join(value.split())) for name, value in headers.items() if name not in _NEVER_SIGNED)
    names = ";".join(name for name, _ in signed)
    path = _plain_path(url.path) if is_path_plain else _encoded(url.path, f"/{_UNRESERVED}")
    lines = [f"{name}:{value}" for name, value in signed]
    return names, "\n".join((method, path, canonical_query(url.query), *lines, "", names, digest))


def canonical_query(query: str) -> str:
    """Return a query with its parts in order, and everything encoded that can be."""
    pairs = []
    for part in query.split("&") if query else ():
        name, _, value = part.partition("=")
        pairs.append((_encoded(name, _UNRESERVED), _encoded(value, _UNRESERVED)))
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _encoded(text: str, safe: str) -> str:
    """Return a part of a URL with everything encoded, once, that is not safe."""
    from urllib.parse import quote, unquote_to_bytes

    return quote(unquote_to_bytes(text), safe=safe)


def _plain_path(path: str) -> str:
    """Return a path without detours, encoded once more, as AWS wants it."""
    from urllib.parse import quote

    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    end = "/" if parts and path.endswith(("/", "/.", "/..")) else ""
    return quote(f"/{'/'.join(parts)}{end}", safe=f"/{_UNRESERVED}")

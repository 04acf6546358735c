"""Signed tokens: JSON Web Tokens whose algorithm is said by the key, never by the token."""

from __future__ import annotations

import binascii
import json
from math import isfinite

from .clock import CLOCK, Clock
from .errors import GatewayError, Unauthenticated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

_DIGESTS = {"HS256": ("sha256", 32), "HS384": ("sha384", 48), "HS512": ("sha512", 64)}
_ASYMMETRIC = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512")
_LONGEST_TOKEN = 16 * 1024
_MESSAGE = "the token is not accepted"


class Key:
    """A key, the one algorithm it is for, and the name it goes by in tokens. Its secret is not in the `repr`.

    For HS256, HS384 and HS512 it is a secret of at least 32, 48 or 64 bytes. For RS and ES it is in PEM, a public key
    to verify or a private one to sign, and takes the package `cryptography`.
    """

    __slots__ = ("_secret", "alg", "kid")

    def __init__(self, secret: bytes, *, alg: str = "HS256", kid: str = "") -> None:
        """Raise ValueError for a key of another kind, GatewayError where `cryptography` is needed, and missing."""
        if alg in _DIGESTS:
            _check_secret(secret, _DIGESTS[alg][1], alg)
            self._secret: Any = bytes(secret)  # Any: bytes, or what `cryptography` makes of PEM
        elif alg in _ASYMMETRIC:
            from .security_asymmetric import loaded

            self._secret = loaded(secret, alg)
        else:
            raise ValueError(f"an algorithm is one of {', '.join((*_DIGESTS, *_ASYMMETRIC))}, not {alg!r}")
        self.alg = alg
        self.kid = kid

    def __repr__(self) -> str:
        return f"Key(alg={self.alg!r}, kid={self.kid!r})"

    def __reduce__(self) -> str | tuple[Any, ...]:  # Any: as pickle has it
        raise TypeError("a key is not written down")

    def signature(self, message: bytes) -> bytes:
        """Return the signature of a message."""
        if self.alg in _DIGESTS:
            from hmac import digest

            return digest(self._secret, message, _DIGESTS[self.alg][0])
        from .security_asymmetric import signature

        return signature(self._secret, self.alg, message)

    def has_signed(self, message: bytes, signature: bytes) -> bool:
        """Tell whether a signature is one of a message by this key."""
        if self.alg in _DIGESTS:
            from hmac import compare_digest

            return compare_digest(self.signature(message), signature)
        from .security_asymmetric import is_signature

        return is_signature(self._secret, self.alg, message, signature)


class Keys:
    """Keys that tokens may be signed with, by name: while keys are changed, the old one and the new one."""

    __slots__ = ("_keys",)

    def __init__(self, *keys: Key) -> None:
        """Raise ValueError for no keys, and several that can't be told apart by their names."""
        self._keys = {key.kid: key for key in keys}
        if not keys or len(self._keys) != len(keys) or (len(keys) > 1 and "" in self._keys):
            raise ValueError("there is at least one key, and of several each has a name of its own")

    def __repr__(self) -> str:
        return f"Keys({', '.join(map(repr, self._keys.values()))})"

    def named(self, kid: object) -> Key | None:
        """Return the key of a name; for None the only one, if there is only one."""
        if kid is None:
            return next(iter(self._keys.values())) if len(self._keys) == 1 else None
        return self._keys.get(kid) if isinstance(kid, str) else None


def sign(claims: Mapping[str, object], *, key: Key) -> str:
    """Return a token that says some claims. Raises ValueError for what JSON can't say."""
    header = {"alg": key.alg, "typ": "JWT", **({"kid": key.kid} if key.kid else {})}
    message = b".".join(_encoded(_json(part)) for part in (header, dict(claims)))
    return (message + b"." + _encoded(key.signature(message))).decode("ascii")


def verify(
    token: str,
    *,
    keys: Keys | Key,
    audience: str | None = None,
    issuer: str | Iterable[str] | None = None,
    leeway: float = 0.0,
    require: Iterable[str] = ("exp",),
    clock: Clock = CLOCK,
) -> dict[str, Any]:  # Any: whatever the claims are
    """Return the claims of a token that one of the keys has signed, and that holds now.

    A token that is for an audience holds for that one only: without `audience`, for nobody here. `require` names what
    has to be there. Times are the wall clock's, as they are in the token. Raises `Unauthenticated` for any other one;
    its `rule` says why, its message does not.
    """
    header, message, signature = _parts(token)
    if "crit" in header:
        # What somebody has to understand to judge the token; nothing of that kind is understood here.
        raise _refused("crit")
    key = (keys if isinstance(keys, Keys) else Keys(keys)).named(header.get("kid"))
    if key is None:
        raise _refused("key")
    if header.get("alg") != key.alg:
        raise _refused("alg")
    if not key.has_signed(message, signature):
        raise _refused("signature")
    claims = _object(_decoded(message.split(b".")[1]))
    for name in require:
        if name not in claims:
            raise _refused(name)
    _check_times(claims, clock.wall(), leeway)
    _check_audience(claims.get("aud"), audience)
    if issuer is not None and claims.get("iss") not in ([issuer] if isinstance(issuer, str) else list(issuer)):
        raise _refused("iss")
    return claims


def _refused(what: str) -> Unauthenticated:
    return Unauthenticated(_MESSAGE, f"token.{what}")


def _parts(token: object) -> tuple[dict[str, Any], bytes, bytes]:  # Any: whatever the header says
    if not isinstance(token, str) or len(token) > _LONGEST_TOKEN or not token.isascii() or token.count(".") != 2:
        raise _refused("form")
    header, _, signature = token.encode("ascii").split(b".")
    return _object(_decoded(header)), token.encode("ascii").rpartition(b".")[0], _decoded(signature)


def _encoded(data: bytes) -> bytes:
    return binascii.b2a_base64(data, newline=False).rstrip(b"=").replace(b"+", b"-").replace(b"/", b"_")


def _decoded(text: bytes) -> bytes:
    try:
        data = binascii.a2b_base64(text.replace(b"-", b"+").replace(b"_", b"/") + b"=" * (-len(text) % 4))
    except binascii.Error:
        raise _refused("form") from None
    # What is decoded leniently is refused unless it is written the one way there is.
    if _encoded(data) != text:
        raise _refused("form")
    return data


def _json(value: object) -> bytes:
    try:
        return json.dumps(value, separators=(",", ":"), allow_nan=False).encode("utf-8")
    except (TypeError, RecursionError):
        raise ValueError("claims are what JSON can say") from None


def _object(data: bytes) -> dict[str, Any]:  # Any: whatever is in it
    from .security_parsing import parse_json

    try:
        value = parse_json(data, max_bytes=_LONGEST_TOKEN, max_depth=8, max_keys=256)
    except GatewayError:
        raise _refused("form") from None
    if not isinstance(value, dict):
        raise _refused("form")
    return value


def _check_times(claims: Mapping[str, object], now: float, leeway: float) -> None:
    for name in ("exp", "nbf", "iat"):
        if name not in claims:
            continue
        when = claims[name]
        if isinstance(when, bool) or not isinstance(when, (int, float)) or not isfinite(when):
            raise _refused(name)
        if (when <= now - leeway) if name == "exp" else (when > now + leeway):
            raise _refused(name)


def _check_audience(said: object, audience: str | None) -> None:
    if said is None and audience is None:
        return
    named = said if isinstance(said, list) else [said]
    if audience is None or not all(isinstance(one, str) for one in named) or audience not in named:
        raise _refused("aud")


def _check_secret(secret: object, fewest: int, alg: str) -> None:
    if not isinstance(secret, (bytes, bytearray)):
        raise ValueError("a secret is bytes")
    if b"-----BEGIN" in secret or bytes(secret).lstrip().startswith((b"ssh-", b"ecdsa-")):
        raise ValueError(f"a key of another kind is no secret for {alg}")
    if len(secret) < fewest:
        raise ValueError(f"a secret for {alg} has at least {fewest} bytes")

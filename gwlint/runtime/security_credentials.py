"""What people know and programs hold: passwords and API keys, kept as what scrypt makes of them."""

from __future__ import annotations

import binascii
import re

from .clock import CLOCK, Clock
from .errors import GatewayError, Unauthenticated
from .security_policy import Principal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from .security_tokens import Key, Keys

# 16 MiB of memory, and five times over them: what OWASP names as equal to more memory, which a small function has not.
_PASSWORD_COST = (14, 8, 5)
# An API key is 32 bytes of chance: nobody finds it by trying, however fast that is.
_API_KEY_COST = (10, 8, 1)
_MOST_MEMORY = 64 * 1024 * 1024
_MOST_PASSES = 16
_SALT_BYTES = 16
_HASH_BYTES = 32
_SECRET_BYTES = 32
_LONGEST_PASSWORD = 1024
_STORED = re.compile(r"\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{16,88})\$([A-Za-z0-9+/]{22,88})")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


def hash_password(password: str) -> str:
    """Return what to keep of a password: cost, salt, and what scrypt makes of it.

    Raises ValueError for more than 1,024 bytes.
    """
    return _stored(_bytes(password), _PASSWORD_COST)


def verify_password(password: str, stored: str) -> bool:
    """Tell whether a password is the one that was kept. Raises ValueError for what `hash_password` has not made."""
    given = password.encode("utf-8", "surrogatepass")
    return _is(given, stored) if len(given) <= _LONGEST_PASSWORD else False


def needs_rehash(stored: str) -> bool:
    """Tell whether what is kept of a password was made at another cost than it would be now."""
    return _cost(stored) != _PASSWORD_COST


def new_api_key(name: str) -> tuple[str, str]:
    """Return a new API key for a name, to be given away, and what to keep of it."""
    from secrets import token_urlsafe

    if not _NAME.fullmatch(name):
        raise ValueError("the name of an API key has 1 to 64 letters, digits, - and _")
    secret = token_urlsafe(_SECRET_BYTES)
    return f"{name}.{secret}", _stored(secret.encode(), _API_KEY_COST)


class ApiKeys:
    """What is kept of API keys, by name, and the roles of those who hold them."""

    __slots__ = ("_absent", "_kept", "_roles")

    def __init__(self, kept: Mapping[str, str], *, roles: Mapping[str, Iterable[str]] | None = None) -> None:
        """Raise ValueError for what `new_api_key` has not made."""
        self._kept = dict(kept)
        self._roles = {name: tuple(given) for name, given in (roles or {}).items()}
        for stored in self._kept.values():
            _cost(stored)
        self._absent = ""

    def __repr__(self) -> str:
        return f"ApiKeys({sorted(self._kept)!r})"

    def holder(self, api_key: str) -> Principal:
        """Return who holds an API key. Raises `Unauthenticated` for one that is not known."""
        name, _, secret = api_key.partition(".")
        stored = self._kept.get(name)
        if stored is None:
            # A name that is not known takes as long as a secret that is wrong.
            self._absent = self._absent or _stored(b"", _API_KEY_COST)
        given = secret.encode("utf-8", "surrogatepass")[:_LONGEST_PASSWORD]
        if not _is(given, stored or self._absent) or stored is None:
            raise Unauthenticated("the API key is not accepted", "api-key")
        return Principal(name, self._roles.get(name, ()), method="api-key")


def authenticate(
    *,
    token: str | None = None,
    api_key: str | None = None,
    keys: Keys | Key | None = None,
    api_keys: ApiKeys | None = None,
    roles_claim: str = "roles",
    clock: Clock = CLOCK,
    **options: Any,  # Any: those of `verify`
) -> Principal:
    """Return who it is that shows a token or an API key; `options` are those of `verify`, for tokens.

    The token says in `sub` who they are, in `roles_claim` what their roles are. Raises `Unauthenticated` for neither,
    for both, for one that is not accepted, and for one of a kind that is not expected.
    """
    if token is not None and api_key is None and keys is not None:
        from .security_tokens import verify

        claims = verify(token, keys=keys, clock=clock, **options)
        who, roles = claims.get("sub"), claims.get(roles_claim, [])
        if not isinstance(who, str) or not who:
            raise Unauthenticated("the token is not accepted", "token.sub")
        if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
            raise Unauthenticated("the token is not accepted", f"token.{roles_claim}")
        return Principal(who, roles, claims=claims, method="token")
    if api_key is not None and token is None and api_keys is not None:
        return api_keys.holder(api_key)
    raise Unauthenticated("credentials are needed", "credentials")


def new_encryption_key() -> bytes:
    """Return a new key for `encrypt`. Raises `GatewayError` without the package `cryptography`."""
    made: bytes = _fernet().Fernet.generate_key()
    return made


def encrypt(data: bytes, *, key: bytes) -> bytes:
    """Return data as only who has the key can read it. Raises `GatewayError` without the package `cryptography`."""
    made: bytes = _cipher(key).encrypt(data)
    return made


def decrypt(data: bytes, *, key: bytes) -> bytes:
    """Return what `encrypt` was given. Raises `GatewayError` for what it has not made with this key."""
    fernet, cipher = _fernet(), _cipher(key)
    try:
        made: bytes = cipher.decrypt(data)
    except (fernet.InvalidToken, TypeError):
        raise GatewayError("the data can't be decrypted with this key") from None
    return made


def _fernet() -> Any:  # Any: `cryptography` is optional, its types are not known here
    from importlib import import_module

    try:
        return import_module("cryptography.fernet")
    except ImportError:
        raise GatewayError("encryption takes the package cryptography, which is not installed") from None


def _cipher(key: bytes) -> Any:  # Any: see above
    fernet = _fernet()
    try:
        return fernet.Fernet(key)
    except Exception:
        raise ValueError("a key is one that `new_encryption_key` has made") from None


def _bytes(password: str) -> bytes:
    given = password.encode("utf-8", "surrogatepass")
    if len(given) > _LONGEST_PASSWORD:
        raise ValueError(f"a password has at most {_LONGEST_PASSWORD} bytes")
    return given


def _stored(secret: bytes, cost: tuple[int, int, int]) -> str:
    from secrets import token_bytes

    salt = token_bytes(_SALT_BYTES)
    log_n, r, p = cost
    return f"$scrypt$ln={log_n},r={r},p={p}${_text(salt)}${_text(_scrypt(secret, salt, cost, _HASH_BYTES))}"


def _is(secret: bytes, stored: str) -> bool:
    from hmac import compare_digest

    cost, found = _cost(stored), _STORED.fullmatch(stored)
    if found is None:
        return False
    salt, expected = _data(found[4]), _data(found[5])
    return compare_digest(_scrypt(secret, salt, cost, len(expected)), expected)


def _cost(stored: str) -> tuple[int, int, int]:
    found = _STORED.fullmatch(stored)
    log_n, r, p = (int(found[1]), int(found[2]), int(found[3])) if found else (0, 0, 0)
    if min(log_n, r, p) < 1 or p > _MOST_PASSES or 128 * r << log_n > _MOST_MEMORY:
        raise ValueError("this was not made by hash_password or new_api_key")
    return log_n, r, p


def _scrypt(secret: bytes, salt: bytes, cost: tuple[int, int, int], size: int) -> bytes:
    from hashlib import scrypt

    log_n, r, p = cost
    return scrypt(secret, salt=salt, n=1 << log_n, r=r, p=p, maxmem=2 * _MOST_MEMORY, dklen=size)


def _text(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).rstrip(b"=").decode("ascii")


def _data(text: str) -> bytes:
    try:
        return binascii.a2b_base64(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise ValueError("this was not made by hash_password or new_api_key") from None

"""Signatures by RSA and elliptic curves, which are the business of the package `cryptography`."""

from __future__ import annotations

from .errors import GatewayError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_CURVES = {"ES256": ("secp256r1", 32), "ES384": ("secp384r1", 48), "ES512": ("secp521r1", 66)}
_SMALLEST_RSA = 2048


def loaded(pem: bytes, alg: str) -> Any:  # Any: `cryptography` is optional, its types are not known here
    """Return the key that is written in PEM. Raises ValueError unless it is one for the algorithm."""
    serialization = _needed(alg).serialization
    try:
        if b"PRIVATE KEY" in pem:
            key = serialization.load_pem_private_key(pem, password=None)
        else:
            key = serialization.load_pem_public_key(pem)
    except Exception:
        # What `cryptography` says about it may quote it.
        raise ValueError(f"what is given as a key for {alg} is none in PEM") from None
    curve = getattr(getattr(key, "curve", None), "name", None)
    is_rsa = curve is None and hasattr(key, "key_size") and type(key).__name__.startswith("RSA")
    if alg in _CURVES:
        if curve != _CURVES[alg][0]:
            raise ValueError(f"a key for {alg} is on the curve {_CURVES[alg][0]}")
    elif not is_rsa or key.key_size < _SMALLEST_RSA:
        raise ValueError(f"a key for {alg} is one for RSA, of at least {_SMALLEST_RSA} bits")
    return key


def signature(key: Any, alg: str, message: bytes) -> bytes:  # Any: a key of `cryptography`
    """Return the signature of a message by a private key. Raises ValueError for a public one."""
    if not hasattr(key, "sign"):
        raise ValueError("only a private key can sign")
    needed = _needed(alg)
    if alg not in _CURVES:
        made: bytes = key.sign(message, needed.padding.PKCS1v15(), _hash(needed, alg))
        return made
    r, s = needed.utils.decode_dss_signature(key.sign(message, needed.ec.ECDSA(_hash(needed, alg))))
    size = _CURVES[alg][1]
    return int(r).to_bytes(size, "big") + int(s).to_bytes(size, "big")


def is_signature(key: Any, alg: str, message: bytes, signature: bytes) -> bool:  # Any: a key of `cryptography`
    """Tell whether a signature is one of a message by the private key that belongs to this one."""
    needed = _needed(alg)
    public = key.public_key() if hasattr(key, "sign") else key
    try:
        if alg not in _CURVES:
            public.verify(signature, message, needed.padding.PKCS1v15(), _hash(needed, alg))
            return True
        size = _CURVES[alg][1]
        if len(signature) != 2 * size:
            return False
        r, s = int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
        public.verify(needed.utils.encode_dss_signature(r, s), message, needed.ec.ECDSA(_hash(needed, alg)))
    except needed.InvalidSignature:
        return False
    return True


class _Needed:
    """The parts of `cryptography` that are needed."""

    __slots__ = ("InvalidSignature", "ec", "hashes", "padding", "serialization", "utils")

    def __init__(self) -> None:
        from importlib import import_module

        primitives = "cryptography.hazmat.primitives"
        self.InvalidSignature: Any = import_module("cryptography.exceptions").InvalidSignature  # Any: see above
        self.hashes: Any = import_module(f"{primitives}.hashes")  # Any: see above
        self.serialization: Any = import_module(f"{primitives}.serialization")  # Any: see above
        self.ec: Any = import_module(f"{primitives}.asymmetric.ec")  # Any: see above
        self.padding: Any = import_module(f"{primitives}.asymmetric.padding")  # Any: see above
        self.utils: Any = import_module(f"{primitives}.asymmetric.utils")  # Any: see above


def _needed(alg: str) -> _Needed:
    try:
        return _Needed()
    except ImportError:
        raise GatewayError(f"{alg} takes the package cryptography, which is not installed") from None


def _hash(needed: _Needed, alg: str) -> Any:  # Any: see above
    return getattr(needed.hashes, f"SHA{alg[2:]}")()

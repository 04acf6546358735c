"""The public key of a certificate, by which a server can be told apart from others that are trusted as well."""

from __future__ import annotations


def spki_pin(certificate: bytes) -> str:
    """Return the pin of the public key in a certificate in DER: the SHA-256 of its SubjectPublicKeyInfo, in base64.

    Raises ValueError for what is no certificate.
    """
    from base64 import b64encode
    from hashlib import sha256

    return b64encode(sha256(_spki(certificate)).digest()).decode("ascii")


def _spki(certificate: bytes) -> bytes:
    """Return the SubjectPublicKeyInfo: the sixth part of what is signed, not counting the version."""
    _, body, _ = _element(certificate, 0)
    _, body, _ = _element(certificate, body)
    place = body
    tag, _, after = _element(certificate, place)
    if tag == _VERSION:
        place = after
    for _ in range(_PARTS_BEFORE):
        _, _, place = _element(certificate, place)
    _, _, after = _element(certificate, place)
    return certificate[place:after]


_VERSION = 0xA0
_PARTS_BEFORE = 5


def _element(data: bytes, place: int) -> tuple[int, int, int]:
    """Return the tag of an element, where its content begins, and where it ends."""
    try:
        tag, size, begin = data[place], data[place + 1], place + 2
    except IndexError:
        raise ValueError("this is no certificate in DER") from None
    if size & 0x80:
        count = size & 0x7F
        size = int.from_bytes(data[begin : begin + count], "big")
        begin += count
    if begin + size > len(data):
        raise ValueError("this is no certificate in DER")
    return tag, begin, begin + size

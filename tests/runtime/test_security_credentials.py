import sys
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwlint.runtime.errors import GatewayError
from gwlint.runtime.security import (
    ApiKeys,
    decrypt,
    encrypt,
    hash_password,
    needs_rehash,
    new_api_key,
    new_encryption_key,
    verify_password,
)

# Of RFC 7914: scrypt of "pleaseletmein" with "SodiumChloride", N=16384, r=8, p=1, the first 32 bytes.
RFC_7914 = "$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofI"


def test_a_password_is_known_again_and_another_one_is_not() -> None:
    kept = hash_password("correct horse")

    assert (verify_password("correct horse", kept), verify_password("correct horsf", kept)) == (True, False)
    assert (needs_rehash(kept), "correct" in kept) == (False, False)


def test_the_same_password_is_never_kept_the_same_way() -> None:
    assert hash_password("x") != hash_password("x")


@settings(max_examples=5, deadline=None)
@given(st.text(max_size=50), st.text(max_size=50))
def test_only_the_same_password_is_the_same(one: str, other: str) -> None:
    assert verify_password(other, hash_password(one)) is (one == other)


def test_is_cautious_about_what_is_kept_and_what_is_given() -> None:
    for kept in ("", "secret", "$scrypt$ln=30,r=8,p=1$" + "A" * 22 + "$" + "A" * 43, RFC_7914.replace("p=1", "p=99")):
        with pytest.raises(ValueError, match=r"^this was not made by hash_password or new_api_key$"):
            verify_password("x", kept)
    with pytest.raises(ValueError, match="at most 1024 bytes"):
        hash_password("x" * 1025)
    assert verify_password("x" * 1025, hash_password("x")) is False


def test_api_keys_are_not_shown_and_named_plainly() -> None:
    kept = new_api_key("billing")[1]
    with pytest.raises(ValueError, match="the name of an API key"):
        new_api_key("a.b")

    assert repr(ApiKeys({"billing": kept})) == "ApiKeys(['billing'])"


def test_there_is_no_encryption_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.fernet", None)
    for call in (new_encryption_key, lambda: encrypt(b"x", key=b"k"), lambda: decrypt(b"x", key=b"k")):
        with pytest.raises(GatewayError, match=r"^encryption takes the package cryptography, which is not installed$"):
            call()


def test_encryption_is_the_business_of_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    class Fernet:
        def __init__(self, key: bytes) -> None:
            self.key = key

        def encrypt(self, data: bytes) -> bytes:
            return b"made by the package"

    package = ModuleType("cryptography.fernet")
    package.Fernet = Fernet  # type: ignore[attr-defined]  # a stand-in
    monkeypatch.setitem(sys.modules, "cryptography", ModuleType("cryptography"))
    monkeypatch.setitem(sys.modules, "cryptography.fernet", package)

    assert encrypt(b"x", key=b"k") == b"made by the package"


def test_what_is_encrypted_can_be_read_with_the_key_only() -> None:
    pytest.importorskip("cryptography", reason="cryptography is not installed")
    key, other = new_encryption_key(), new_encryption_key()
    sealed = encrypt(b"hello", key=key)

    assert (decrypt(sealed, key=key), b"hello" in sealed) == (b"hello", False)
    with pytest.raises(GatewayError, match=r"^the data can't be decrypted with this key$"):
        decrypt(sealed, key=other)
    with pytest.raises(ValueError, match=r"^a key is one that `new_encryption_key` has made$"):
        encrypt(b"hello", key=b"short")


def test_scrypt_is_that_of_rfc_7914() -> None:
    assert (verify_password("pleaseletmein", RFC_7914), needs_rehash(RFC_7914)) == (True, True)

import base64
import hashlib
import hmac
import json
import sys
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.runtime.clock import FakeClock
from gwlint.runtime.errors import GatewayError, Unauthenticated
from gwlint.runtime.security import ApiKeys, Key, Keys, authenticate, new_api_key, sign, verify

NOW = 1_700_000_000
SECRET = b"s" * 64
KEY = Key(SECRET)
CLOCK = FakeClock(wall=NOW)


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def forged(header: object, claims: object, secret: bytes = SECRET) -> str:
    message = f"{encoded(json.dumps(header).encode())}.{encoded(json.dumps(claims).encode())}"
    return f"{message}.{encoded(hmac.digest(secret, message.encode(), 'sha256'))}"


def refusal(token: str, **options: object) -> str:
    with pytest.raises(Unauthenticated, match=r"^the token is not accepted$") as caught:
        verify(token, **{"keys": KEY, "clock": CLOCK, **options})  # type: ignore[arg-type]  # whatever a test wants
    return caught.value.rule


def test_verifies_the_example_of_rfc_7515() -> None:
    secret = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
    token = (
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
        ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    )
    claims = verify(token, keys=Key(base64.urlsafe_b64decode(secret + "==")), clock=FakeClock(wall=1300819379))

    assert claims == {"iss": "joe", "exp": 1300819380, "http://example.com/is_root": True}


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
def test_what_is_signed_can_be_verified(alg: str) -> None:
    key = Key(SECRET, alg=alg, kid="k1")
    claims = {"sub": "ann", "exp": NOW + 60}

    assert verify(sign(claims, key=key), keys=Keys(key), clock=CLOCK) == claims


@pytest.mark.parametrize(
    ("claims", "options", "rule"),
    [
        ({"exp": NOW}, {}, "token.exp"),
        ({"exp": NOW - 30}, {"leeway": 30}, "token.exp"),
        ({}, {}, "token.exp"),
        ({"exp": True}, {}, "token.exp"),
        ({"exp": str(NOW + 60)}, {}, "token.exp"),
        ({"exp": NOW + 60, "nbf": NOW + 1}, {}, "token.nbf"),
        ({"exp": NOW + 60, "iat": NOW + 1}, {}, "token.iat"),
        ({"exp": NOW + 60, "aud": "shop"}, {}, "token.aud"),
        ({"exp": NOW + 60}, {"audience": "shop"}, "token.aud"),
        ({"exp": NOW + 60, "aud": ["a", "b"]}, {"audience": "shop"}, "token.aud"),
        ({"exp": NOW + 60, "aud": {"shop": 1}}, {"audience": "shop"}, "token.aud"),
        ({"exp": NOW + 60, "iss": "me"}, {"issuer": "you"}, "token.iss"),
        ({"exp": NOW + 60}, {"issuer": ["you", "us"]}, "token.iss"),
        ({"exp": NOW + 60}, {"require": ["sub"]}, "token.sub"),
    ],
)
def test_refuses_what_does_not_hold(claims: dict[str, object], options: dict[str, object], rule: str) -> None:
    assert refusal(sign(claims, key=KEY), **options) == rule


@pytest.mark.parametrize(
    ("claims", "options"),
    [
        ({"exp": NOW + 1}, {}),
        ({"exp": NOW - 29}, {"leeway": 30}),
        ({"exp": NOW + 60, "nbf": NOW + 30, "iat": NOW + 30}, {"leeway": 30}),
        ({"exp": NOW + 60.5, "aud": ["a", "shop"], "iss": "us"}, {"audience": "shop", "issuer": ["you", "us"]}),
        ({}, {"require": []}),
    ],
)
def test_accepts_what_holds(claims: dict[str, object], options: dict[str, object]) -> None:
    got = verify(sign(claims, key=KEY), **{"keys": KEY, "clock": CLOCK, **options})  # type: ignore[arg-type]  # see above

    assert got == claims


def unsigned(alg: str) -> str:
    return f"{encoded(json.dumps({'alg': alg}).encode())}.{encoded(json.dumps({'exp': NOW + 60}).encode())}."


@pytest.mark.parametrize("alg", ["none", "None", "NONE", ""])
def test_refuses_tokens_without_a_signature(alg: str) -> None:
    assert refusal(unsigned(alg)) == "token.alg"


def test_the_key_says_the_algorithm_and_not_the_token() -> None:
    claims = {"exp": NOW + 60}
    wrong = [forged({"alg": alg}, claims) for alg in ("HS512", "RS256", ["HS256"], None)]

    assert [refusal(token) for token in wrong] == ["token.alg"] * 4
    assert refusal(forged({}, claims)) == "token.alg"


def test_refuses_a_public_key_as_a_secret() -> None:
    pem = b"-----BEGIN PUBLIC KEY-----\n" + b"A" * 64
    for secret in (pem, b"ssh-rsa " + b"A" * 64):
        with pytest.raises(ValueError, match="a key of another kind is no secret for HS256"):
            Key(secret)


@pytest.mark.parametrize("crit", [["exp"], ["b64"], [], "x", None])
def test_refuses_what_it_would_have_to_understand(crit: object) -> None:
    assert refusal(forged({"alg": "HS256", "crit": crit}, {"exp": NOW + 60})) == "token.crit"


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", "a.b", "a.b.c.d", "é.é.é", "e30.e30.*", "e30=.e30.e30", "W10.e30.", "e30.e30.e31", "x" * 20_000],
)
def test_refuses_what_is_no_token(token: str) -> None:
    assert refusal(token) in ("token.form", "token.alg")


def test_refuses_two_values_for_one_name_in_the_header() -> None:
    twice = b'{"alg":"HS256","alg":"HS256"}'
    message = f"{encoded(twice)}.{encoded(b'{}')}"

    assert refusal(f"{message}.{encoded(hmac.digest(SECRET, message.encode(), 'sha256'))}") == "token.form"


@given(st.data())
def test_refuses_a_token_with_any_character_changed(data: st.DataObject) -> None:
    token = sign({"sub": "ann", "exp": NOW + 60}, key=KEY)
    place = data.draw(st.integers(0, len(token) - 1))
    char = data.draw(st.sampled_from([char for char in "abcXYZ019-_.=" if char != token[place]]))

    assert refusal(token[:place] + char + token[place + 1 :]).startswith("token.")


def test_keys_can_be_changed_while_tokens_of_the_old_one_hold() -> None:
    old, new = Key(SECRET, kid="2025"), Key(b"t" * 32, kid="2026")
    tokens = [sign({"exp": NOW + 60}, key=key) for key in (old, new)]
    both, after = Keys(old, new), Keys(new)

    assert [verify(token, keys=both, clock=CLOCK) for token in tokens] == [{"exp": NOW + 60}] * 2
    assert (refusal(tokens[0], keys=after), verify(tokens[1], keys=after, clock=CLOCK)) == (
        "token.key", {"exp": NOW + 60},
    )  # fmt: skip
    assert refusal(forged({"alg": "HS256"}, {"exp": NOW + 60}), keys=both) == "token.key"


def test_refuses_what_is_no_key() -> None:
    for secret, alg in ((b"s" * 31, "HS256"), (b"s" * 47, "HS384"), (b"s" * 63, "HS512")):
        with pytest.raises(ValueError, match=f"a secret for {alg} has at least"):
            Key(secret, alg=alg)
    with pytest.raises(ValueError, match="an algorithm is one of"):
        Key(SECRET, alg="none")
    with pytest.raises(ValueError, match="each has a name of its own"):
        Keys(KEY, KEY)
    with pytest.raises(ValueError, match="claims are what JSON can say"):
        sign({"x": object()}, key=KEY)


def test_secrets_are_nowhere_to_be_seen() -> None:
    with pytest.raises(TypeError) as caught:
        KEY.__reduce__()

    assert (repr(Keys(Key(SECRET, kid="k"))), str(caught.value)) == (
        "Keys(Key(alg='HS256', kid='k'))", "a key is not written down",
    )  # fmt: skip


def test_other_algorithms_take_a_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    for alg in ("RS256", "ES256"):
        with pytest.raises(GatewayError, match=rf"^{alg} takes the package cryptography, which is not installed$"):
            Key(b"-----BEGIN PUBLIC KEY-----", alg=alg)


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
def test_pyjwt_and_we_understand_one_another(alg: str) -> None:
    jwt = pytest.importorskip("jwt", reason="PyJWT is not installed")
    claims = {"sub": "ann", "exp": 4_000_000_000, "aud": "shop", "iss": "us"}
    key = Key(SECRET, alg=alg, kid="k")
    options = {"audience": "shop", "issuer": "us"}

    assert jwt.decode(sign(claims, key=key), SECRET, algorithms=[alg], **options) == claims
    theirs = jwt.encode(claims, SECRET, algorithm=alg, headers={"kid": "k"})
    assert verify(theirs, keys=key, audience="shop", issuer="us") == claims


@pytest.mark.parametrize(
    ("alg", "other"), [("RS256", "ES256"), ("ES256", "RS256"), ("ES384", "ES256"), ("ES512", "ES384")]
)
def test_asymmetric_keys_of_cryptography(alg: str, other: str) -> None:
    pytest.importorskip("cryptography", reason="cryptography is not installed")
    jwt = pytest.importorskip("jwt", reason="PyJWT is not installed")
    private, public = made_pair(alg)
    claims = {"sub": "ann", "exp": 4_000_000_000}
    token = sign(claims, key=Key(private, alg=alg))
    theirs = jwt.encode(claims, private, algorithm=alg)

    assert verify(token, keys=Key(public, alg=alg)) == verify(theirs, keys=Key(public, alg=alg)) == claims
    assert jwt.decode(token, public, algorithms=[alg]) == claims
    assert refusal(token[:-4] + "AAAA", keys=Key(public, alg=alg)) == "token.signature"
    with pytest.raises(ValueError, match=f"a key for {other} is"):
        Key(public, alg=other)
    with pytest.raises(ValueError, match="only a private key can sign"):
        sign(claims, key=Key(public, alg=alg))


def made_pair(alg: str) -> tuple[bytes, bytes]:
    serialization = import_module("cryptography.hazmat.primitives.serialization")
    asymmetric = "cryptography.hazmat.primitives.asymmetric"
    if alg == "RS256":
        private = import_module(f"{asymmetric}.rsa").generate_private_key(65537, 2048)
    else:
        ec = import_module(f"{asymmetric}.ec")
        private = ec.generate_private_key(
            getattr(ec, {"ES256": "SECP256R1", "ES384": "SECP384R1", "ES512": "SECP521R1"}[alg])()
        )
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return (
        private.private_bytes(pem, form, serialization.NoEncryption()),
        private.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo),
    )


# Who somebody is.


def test_a_token_says_who_and_with_which_roles() -> None:
    token = sign({"sub": "ann", "roles": ["admin"], "exp": NOW + 60}, key=KEY)
    principal = authenticate(token=token, keys=KEY, clock=CLOCK)

    assert (principal.id, principal.roles, principal.method) == ("ann", frozenset({"admin"}), "token")


@pytest.mark.parametrize(
    ("claims", "rule"), [({}, "token.sub"), ({"sub": 1}, "token.sub"), ({"sub": "a", "roles": "admin"}, "token.roles")]
)
def test_a_token_that_says_it_wrongly_is_refused(claims: dict[str, object], rule: str) -> None:
    with pytest.raises(Unauthenticated) as caught:
        authenticate(token=sign({**claims, "exp": NOW + 60}, key=KEY), keys=KEY, clock=CLOCK)

    assert caught.value.rule == rule


def test_an_api_key_says_who() -> None:
    key, kept = new_api_key("billing")
    principal = authenticate(api_key=key, api_keys=ApiKeys({"billing": kept}, roles={"billing": ["reader"]}))

    assert (principal.id, principal.roles, principal.method) == ("billing", frozenset({"reader"}), "api-key")
    assert key.partition(".")[2] not in kept


@pytest.mark.parametrize("wrong", ["", "billing", "billing.", "billing.x", "other.x", "x" * 100_000])
def test_refuses_other_api_keys(wrong: str) -> None:
    keys = ApiKeys({"billing": new_api_key("billing")[1]})
    with pytest.raises(Unauthenticated, match=r"^the API key is not accepted$"):
        authenticate(api_key=wrong, api_keys=keys)


def test_credentials_are_needed_and_of_the_kind_that_is_expected() -> None:
    key, kept = new_api_key("billing")
    token = sign({"sub": "ann", "exp": NOW + 60}, key=KEY)
    for shown in ({}, {"token": token}, {"token": token, "api_key": key}, {"api_key": key, "keys": KEY}):
        options = {"api_keys": ApiKeys({"billing": kept})} if "keys" not in shown else {}
        with pytest.raises(Unauthenticated, match=r"^credentials are needed$"):
            authenticate(**shown, **options)  # type: ignore[arg-type]  # whatever is shown


def test_digests_are_those_of_the_standard_library() -> None:
    token = sign({"a": 1}, key=KEY)
    message, _, signature = token.rpartition(".")

    assert signature == encoded(hmac.new(SECRET, message.encode(), hashlib.sha256).digest())

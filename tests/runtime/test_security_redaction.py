import collections
import dataclasses
import json
from types import MappingProxyType
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwlint.runtime.security import DETECTORS, Redactor, pseudonymize, redact

KEY = b"k" * 32
# Nothing that redaction writes itself has these letters in it.
Secrets = st.text("QXZJ57", min_size=6, max_size=20)
SECRET_NAMES = (
    "password", "Password", "DB_PASSWORD", "clientSecret", "x-api-key", "Authorization", "accessToken", "ssn",
    "credit_card", "api.key", "tokens", "privateKey", "Set-Cookie",
)  # fmt: skip


def test_leaves_out_values_by_the_names_of_keys() -> None:
    data = {"user": "ann", "db_password": "hunter2", "apiKey": {"id": 1}, "token_count": 3, "spin": 1, "pin": 1234}

    assert redact(data) == {
        "user": "ann", "db_password": "[redacted]", "apiKey": "[redacted]", "token_count": 3, "spin": 1,
        "pin": "[redacted]",
    }  # fmt: skip


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_knows_names_however_they_are_written(name: str) -> None:
    assert redact({name: "x"}) == {name: "[redacted]"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("write to ann.b+c@mail.example.org.", "write to [email]."),
        ("GB82 WEST 1234 5698 7654 32 AND MORE", "[iban] AND MORE"),
        ("de89370400440532013000", "[iban]"),
        ("card 12 4111 1111 1111 1111, or 5500-0000-0000-0004", "card 12 [card], or [card]"),
        ("amex 378282246310005", "amex [card]"),
        ("call +49 (30) 1234-567 now", "call [phone] now"),
        ("from 10.0.0.255 and 2001:db8::ff00:42:8329.", "from [ip] and [ip]."),
        ("::ffff:192.168.0.1", "[ip]"),
        ("AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "[aws] [aws]"),
        ("at eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln!", "at [jwt]!"),
        ("Authorization: Bearer abc-def_123", "Authorization: [credential] [credential]"),
        ("password=hunter2&x=1", "password=[credential]&x=1"),
        ('{"secret": "a b \\" c", "x": 1}', '{"secret": "[credential]", "x": 1}'),
        ("postgres://me:p@ss@db.example.org/x", "postgres://[credential]@db.example.org/x"),
        ("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nx", "[private-key]\nx"),
    ],
)
def test_finds_what_looks_like_it(text: str, expected: str) -> None:
    assert redact(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "GB82 WEST 1234 5698 7654 33", "4111 1111 1111 1112", "at 12:34:56", "v1.2.3", "999.1.1.1", "1.2.3.4.5",
        "00:1a:2b:3c:4d:5e", "a::b is C++", "order 1234567890123456", "x@y", "+1", "basic information", "key: value",
        "550e8400-e29b-41d4-a716-446655440000", "2026-11-24T04:25:08.123456Z",
        "arn:aws:sns:eu-west-1:123456789012:topic",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    ],
)  # fmt: skip
def test_leaves_alone_what_only_looks_a_little_like_it(text: str) -> None:
    assert redact(text) == text


def luhn(digits: str) -> str:
    total = sum(sum(divmod(int(one) * (2 - place % 2), 10)) for place, one in enumerate(reversed(digits)))
    return digits + str(-total % 10)


@given(st.from_regex(r"4[0-9]{14}", fullmatch=True), st.sampled_from(["", " ", "-"]))
def test_finds_every_card(start: str, between: str) -> None:
    digits = luhn(start)
    written = between.join(digits[place : place + 4] for place in range(0, 16, 4))

    assert redact(f"paid with {written}.") == "paid with [card]."


@given(st.from_regex(r"[0-9]{18}", fullmatch=True))
def test_finds_every_iban(account: str) -> None:
    check = 98 - int(account + "131400") % 97

    assert redact(f"to DE{check:02}{account}") == "to [iban]"


@given(st.from_regex(r"[a-z][a-z0-9._+-]{0,20}@[a-z0-9]{1,10}\.[a-z]{2,5}", fullmatch=True))
def test_finds_every_address(address: str) -> None:
    assert redact(f"<{address}>") == "<[email]>"


# Wherever a secret is, it is not shown.

Ordinary = st.none() | st.booleans() | st.integers() | st.floats() | st.text("abc ", max_size=8) | st.binary(max_size=4)


def nested(secret: str) -> st.SearchStrategy[object]:
    names = st.sampled_from(SECRET_NAMES)
    held = st.one_of(
        st.builds(lambda name: {name: secret}, names),
        st.builds(lambda name: {name: [secret, {"x": secret}]}, names),
        st.builds(lambda name: [name, secret], names),
        st.builds(lambda name: (name, [secret]), names),
        st.builds(lambda name: {"name": name, "value": secret}, names),
        st.builds(lambda name: json.dumps({"a": {name: secret}}), st.sampled_from(["password", "api_key", "secret"])),
        st.builds(lambda name: json.dumps(json.dumps({name: secret})), st.just("password")),
        st.just(f"password={secret}"),
        st.just(ValueError(f"Authorization: Bearer {secret}1234")),
        st.just(f"https://ann:{secret}@example.org"),
        st.just(f"{secret}@example.org"),
        st.just({f"{secret}@example.org": 1}),
        st.just(f"eyJ{secret}{secret}.{secret}.{secret}"),
        st.just(MappingProxyType({"token": secret})),
        st.just(Login("ann", secret)),
        st.just(Account(secret)),
        st.just(Shy(secret)),
    )
    return st.recursive(
        held | Ordinary,
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.text("abc", max_size=3) | st.integers(), inner, max_size=4)
            | st.tuples(inner, inner)
            | st.builds(collections.OrderedDict, st.dictionaries(st.text("abc"), inner, max_size=3))
        ),
        max_leaves=12,
    )


class Login(NamedTuple):
    user: str
    password: str


@dataclasses.dataclass
class Account:
    api_key: str


class Shy:
    def __init__(self, secret: str) -> None:
        self.secret = secret

    def __repr__(self) -> str:
        return self.secret


@settings(max_examples=300, deadline=None)
@given(st.data(), Secrets, st.sampled_from(["mask", "drop", "pseudonym"]))
def test_no_secret_is_shown_whatever_it_is_in(data: st.DataObject, secret: str, mode: str) -> None:
    held = data.draw(nested(secret))
    shown = repr(redact(held, mode=mode, key=KEY))

    assert secret not in shown


def test_what_is_cut_is_not_shown_by_half() -> None:
    redactor = Redactor(max_text=20)

    assert (redactor("x" * 15 + " ann@example.org " + "y" * 9), redactor("abc" * 10)) == (
        "xxxxxxxxxxxxxxx [ema[cut]", "abcabcabcabcabcabcab[cut]",
    )  # fmt: skip


def test_pseudonyms_are_the_same_for_the_same_as_long_as_the_key_is() -> None:
    data = {"password": "a", "note": "ann@example.org, ann@example.org"}
    one, again, other = (redact(data, mode="pseudonym", key=key) for key in (KEY, KEY, b"other"))
    name = pseudonymize("ann@example.org", key=KEY)

    assert (one, one["note"], one["note"] == other["note"]) == (again, f"{name}, {name}", False)


def test_drops_where_it_is_told_to() -> None:
    assert redact({"a": 1, "token": 2, "b": "to a@b.org"}, mode="drop") == {"a": 1, "b": "to "}


def test_leaves_out_what_paths_lead_to() -> None:
    data = {
        "user": {"name": "Ann", "home": {"street": "x", "town": "y"}},
        "items": [{"price": 1, "id": 2}, {"price": 3}],
    }

    assert redact(data, paths=["user.name", "user.home.*", "items.*.price"]) == {
        "user": {"name": "[redacted]", "home": {"street": "[redacted]", "town": "[redacted]"}},
        "items": [{"price": "[redacted]", "id": 2}, {"price": "[redacted]"}],
    }


def test_only_the_detectors_that_are_asked_for() -> None:
    assert redact("a@b.org 10.0.0.1", detectors=DETECTORS - {"ip"}) == "[email] 10.0.0.1"


def test_leaves_what_it_is_given_as_it_is() -> None:
    data = {"token": "x", "a": [1]}
    redact(data)

    assert data == {"token": "x", "a": [1]}


def test_keys_that_become_the_same_are_told_apart() -> None:
    assert redact({"a@b.org": 1, "c@d.org": 2, "e@f.org": 3}) == {"[email]": 1, "[email] 2": 2, "[email] 3": 3}


def test_what_is_no_plain_data_is_named_only() -> None:
    assert redact({"a": object(), (1,): 2, b"x": {3}, "n": 10**400, "i": 4111111111111111}) == {
        "a": "<object>", "<tuple>": 2, "<bytes>": [3], "n": "[too much]", "i": "[card]",
    }  # fmt: skip


class Hostile(dict[str, object]):
    def items(self) -> object:  # type: ignore[override]  # hostile
        raise RuntimeError("no")

    def __getitem__(self, key: str) -> object:
        raise RuntimeError("no")


class UnspeakableError(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no")


def test_never_raises() -> None:
    loop: list[object] = []
    loop.extend([loop, loop])
    deep: list[object] = []
    for _ in range(5000):
        deep = [deep]

    assert [redact(Hostile(a=1)), redact(UnspeakableError())] == [{"a": 1}, "[not shown]"]
    assert (len(repr(redact(loop))) < 10**6, "[too deep]" in repr(redact(deep))) == (True, True)
    assert redact("\ud800 \x00 a@b.org") == "\ud800 \x00 [email]"


@given(st.recursive(Ordinary, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_never_raises_for_ordinary_data(data: object) -> None:
    redact(data)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 60_000 + "@", "a@" * 30_000, "1 " * 30_000, "4 " * 30_000, "eyJ" * 20_000, "password=" * 6000,
        "+1" * 30_000,
        "-----BEGIN PRIVATE KEY-----" * 2000, ":" * 60_000, "1:" * 30_000, "1." * 30_000, "DE00 " * 12_000,
        'secret="' + "\\" * 60_000, "://" * 20_000 + "@", "bearer " * 8000, "a.a" * 20_000 + "@a" + ".a" * 100,
    ],
)  # fmt: skip
def test_takes_no_time_to_speak_of_for_what_is_made_to_take_long(text: str) -> None:
    # A pattern that goes back and forth would take hours.
    assert isinstance(redact(text), str)


def test_refuses_options_that_there_are_not() -> None:
    for options in ({"detectors": ["faces"]}, {"mode": "blur"}):
        with pytest.raises(ValueError, match="detectors are some of"):
            redact("x", **options)
    with pytest.raises(ValueError, match="pseudonyms take a key"):
        redact("x", mode="pseudonym")

"""Rows of the gateway `security`: each function prepares one and returns what is to be timed."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import cycle
from threading import Lock
from time import monotonic
from typing import Any

Timed = Callable[[], object]

KEYS = [f"client-{number}" for number in range(1000)]
SCHEMA: dict[str, Any] = {  # Any: what a schema says
    "type": "object",
    "properties": {
        "id": {"type": "string", "minLength": 1, "maxLength": 36},
        "amount": {"type": "number", "minimum": 0},
        "currency": {"type": "string", "enum": ["EUR", "USD", "GBP"]},
        "items": {"type": "array", "items": {"type": "string"}, "maxItems": 10},
        "note": {"type": "string", "maxLength": 200},
    },
    "required": ["id", "amount", "currency"],
    "additionalProperties": False,
}
DOCUMENT = {"id": "o-1", "amount": 12.5, "currency": "EUR", "items": ["a", "b"], "note": "thanks"}
RECORD = {
    "user": "ann",
    "email": "ann@example.org",
    "password": "correct horse",
    "amount": 12.5,
    "note": "paid by card, thanks",
}
SECRET = b"s" * 32


def floor_rate_limit() -> Timed:
    """Time GCRA and a lock, one of 1,000 keys."""
    lock, paid, step, most = Lock(), dict.fromkeys(KEYS, 0.0), 1e-9, 1.0
    following = cycle(KEYS).__next__

    def check() -> bool:
        key, now = following(), monotonic()
        with lock:
            due = max(paid[key], now) + step
            if due - now > most:
                return False
            paid[key] = due
            return True

    return check


def ours_rate_limit() -> Timed:
    """Time a limiter, allowed, one of 1,000 keys."""
    from gwlint.runtime.security import RateLimiter

    check, following = RateLimiter(1e9, burst=1e9).check, cycle(KEYS).__next__
    return lambda: check(following())


def ours_rate_limit_function() -> Timed:
    """Time the function, allowed, one of 1,000 keys."""
    from gwlint.runtime.security import rate_limit

    following = cycle(KEYS).__next__
    return lambda: rate_limit(following(), 1e9, burst=1e9)


def peer_limits_fixed_window() -> Timed:
    """Time the package limits, a fixed window in memory, allowed."""
    from limits import RateLimitItemPerSecond, storage, strategies  # type: ignore[import-not-found]  # a peer, where it is

    limiter, item = strategies.FixedWindowRateLimiter(storage.MemoryStorage()), RateLimitItemPerSecond(10**9)
    following = cycle(KEYS).__next__
    return lambda: limiter.hit(item, following())


def floor_validate() -> Timed:
    """Time the document, checked by hand."""
    names = frozenset(SCHEMA["properties"])

    def check(value: Any = DOCUMENT) -> bool:  # Any: whatever is checked
        return (
            isinstance(value, dict)
            and value.keys() <= names
            and isinstance(value["id"], str)
            and 1 <= len(value["id"]) <= 36
            and isinstance(value["amount"], (int, float))
            and not isinstance(value["amount"], bool)
            and value["amount"] >= 0
            and value["currency"] in ("EUR", "USD", "GBP")
            and isinstance(value["items"], list)
            and len(value["items"]) <= 10
            and all(isinstance(item, str) for item in value["items"])
            and isinstance(value["note"], str)
            and len(value["note"]) <= 200
        )

    return check


def ours_validate() -> Timed:
    """Time a document of five fields, compiled once."""
    from gwlint.runtime.security import validate

    check = validate(SCHEMA)
    return lambda: check(DOCUMENT)


def ours_compile() -> Timed:
    """Time a schema of five fields, compiled each time."""
    from gwlint.runtime.security import validate

    return lambda: validate(SCHEMA)


def peer_fastjsonschema() -> Timed:
    """Time the package fastjsonschema, compiled once."""
    import fastjsonschema  # type: ignore[import-not-found]  # a peer, where it is

    check = fastjsonschema.compile(SCHEMA)
    return lambda: check(DOCUMENT)


def peer_jsonschema() -> Timed:
    """Time the package jsonschema, one validator."""
    import jsonschema

    validator = jsonschema.Draft202012Validator(SCHEMA)
    return lambda: validator.validate(DOCUMENT)


def floor_redact() -> Timed:
    """Time a copy with two fields replaced, whose names are known."""
    names = frozenset({"email", "password"})
    return lambda: {name: "[redacted]" if name in names else value for name, value in RECORD.items()}


def ours_redact() -> Timed:
    """Time two fields of five: one by its name, one by what it looks like."""
    from gwlint.runtime.security import redact

    return lambda: redact(RECORD)


def floor_parse() -> Timed:
    """Time reading the document with the standard library."""
    text = json.dumps(DOCUMENT)
    return lambda: json.loads(text)


def ours_parse() -> Timed:
    """Time reading the document within caps."""
    from gwlint.runtime.security import parse_json

    text = json.dumps(DOCUMENT)
    return lambda: parse_json(text)


def floor_verify() -> Timed:
    """Time one HMAC over as much as a token has, and reading the claims."""
    from hmac import digest

    claims = json.dumps({"sub": "ann", "roles": ["reader"], "exp": 4_000_000_000})
    message = b"x" * 150
    return lambda: (digest(SECRET, message, "sha256"), json.loads(claims))


def ours_verify() -> Timed:
    """Time a token, verified."""
    from gwlint.runtime.security import Key, sign, verify

    key = Key(SECRET)
    token = sign({"sub": "ann", "roles": ["reader"], "exp": 4_000_000_000}, key=key)
    return lambda: verify(token, keys=key)


def peer_pyjwt() -> Timed:
    """Time the package PyJWT, the same token."""
    import jwt  # type: ignore[import-not-found]  # a peer, where it is

    token = jwt.encode({"sub": "ann", "roles": ["reader"], "exp": 4_000_000_000}, SECRET, algorithm="HS256")
    return lambda: jwt.decode(token, SECRET, algorithms=["HS256"])


def ours_authorize() -> Timed:
    """Time a decision by the last of twenty rules."""
    from gwlint.runtime.security import Policy, Principal, Rule

    rules = [Rule(f"r{number}", "allow", ["reader"], ["get"], [f"orders/{number}/*"]) for number in range(20)]
    policy, who = Policy(rules, {"reader": []}), Principal("ann", ["reader"])
    return lambda: policy.decide(who, "get", "orders/19/x")


def ours_audit() -> Timed:
    """Time an event, redacted, hashed and written to nowhere."""
    from gwlint.runtime.security import Audit

    trail = Audit(len)
    return lambda: trail.record("ann", "orders:read", on="orders/1", decision="allowed", rule="readers")

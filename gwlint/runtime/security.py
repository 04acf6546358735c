"""The gateway to security: who asks, what they may, how often, and what is let in, let out and written down."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .security_audit import Audit, Verified, audit, verify_audit
    from .security_credentials import (
        ApiKeys,
        authenticate,
        decrypt,
        encrypt,
        hash_password,
        needs_rehash,
        new_api_key,
        new_encryption_key,
        verify_password,
    )
    from .security_detectors import DETECTORS
    from .security_guard import guard
    from .security_headers import secure_headers
    from .security_limits import Allowance, RateLimiter, rate_limit
    from .security_parsing import parse_json
    from .security_policy import Decision, Policy, Principal, Rule, authorize
    from .security_redaction import SECRET_KEYS, Redactor, pseudonymize, redact
    from .security_request import OFF, Request, bearer, by_api_key
    from .security_schema import SUPPORTED, Validator, validate
    from .security_spki import spki_pin
    from .security_threat import Threat
    from .security_tls import tls_context
    from .security_tokens import Key, Keys, sign, verify

__all__ = [
    "DETECTORS",
    "OFF",
    "SECRET_KEYS",
    "SUPPORTED",
    "Allowance",
    "ApiKeys",
    "Audit",
    "Decision",
    "Key",
    "Keys",
    "Policy",
    "Principal",
    "RateLimiter",
    "Redactor",
    "Request",
    "Rule",
    "Threat",
    "Validator",
    "Verified",
    "audit",
    "authenticate",
    "authorize",
    "bearer",
    "by_api_key",
    "decrypt",
    "encrypt",
    "guard",
    "hash_password",
    "needs_rehash",
    "new_api_key",
    "new_encryption_key",
    "parse_json",
    "pseudonymize",
    "rate_limit",
    "redact",
    "secure_headers",
    "sign",
    "spki_pin",
    "tls_context",
    "validate",
    "verify",
    "verify_audit",
    "verify_password",
]

_HOMES = {
    "DETECTORS": "security_detectors",
    "OFF": "security_request",
    "SECRET_KEYS": "security_redaction",
    "SUPPORTED": "security_schema",
    "Allowance": "security_limits",
    "ApiKeys": "security_credentials",
    "Audit": "security_audit",
    "Decision": "security_policy",
    "Key": "security_tokens",
    "Keys": "security_tokens",
    "Policy": "security_policy",
    "Principal": "security_policy",
    "RateLimiter": "security_limits",
    "Redactor": "security_redaction",
    "Request": "security_request",
    "Rule": "security_policy",
    "Threat": "security_threat",
    "Validator": "security_schema",
    "Verified": "security_audit",
    "audit": "security_audit",
    "authenticate": "security_credentials",
    "authorize": "security_policy",
    "bearer": "security_request",
    "by_api_key": "security_request",
    "decrypt": "security_credentials",
    "encrypt": "security_credentials",
    "guard": "security_guard",
    "hash_password": "security_credentials",
    "needs_rehash": "security_credentials",
    "new_api_key": "security_credentials",
    "new_encryption_key": "security_credentials",
    "parse_json": "security_parsing",
    "pseudonymize": "security_redaction",
    "rate_limit": "security_limits",
    "redact": "security_redaction",
    "secure_headers": "security_headers",
    "sign": "security_tokens",
    "spki_pin": "security_spki",
    "tls_context": "security_tls",
    "validate": "security_schema",
    "verify": "security_tokens",
    "verify_audit": "security_audit",
    "verify_password": "security_credentials",
}


def __getattr__(name: str) -> object:
    """Load what a name is for when it is first asked for."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOMES[name]}", __package__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the names that can be asked for."""
    return list(__all__)

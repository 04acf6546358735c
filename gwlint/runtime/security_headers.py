"""Header fields that tell browsers to be careful with an answer."""

from __future__ import annotations

_YEAR = 365 * 24 * 3600


def secure_headers(
    *,
    content_security_policy: str = "default-src 'none'; frame-ancestors 'none'",
    cache_control: str = "no-store",
    hsts_seconds: int = _YEAR,
    hsts_subdomains: bool = True,
) -> dict[str, str]:
    """Return the fields, as an answer of an API needs them; a page needs a policy that lets it load something.

    With `hsts_seconds=0` browsers forget that the host wants TLS. Raises ValueError for line ends in a field.
    """
    for value in (content_security_policy, cache_control):
        if not value.isprintable():
            raise ValueError("a header field is one line of printable text")
    return {
        "Cache-Control": cache_control,
        "Content-Security-Policy": content_security_policy,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Referrer-Policy": "no-referrer",
        "Strict-Transport-Security": f"max-age={hsts_seconds}{'; includeSubDomains' if hsts_subdomains else ''}",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }

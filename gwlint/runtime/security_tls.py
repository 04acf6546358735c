"""How to speak TLS: who is trusted, as whom, and what nobody turns off without a trace."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from ssl import SSLContext
    from typing import Literal

    from .security_audit import Audit

    TlsMode = Literal["default", "custom-ca", "mutual", "unverified"]


def tls_context(
    mode: TlsMode = "default",
    *,
    ca_file: str | None = None,
    ca_data: str | None = None,
    cert_file: str | None = None,
    key_file: str | None = None,
    key_password: str | None = None,
    pins: Iterable[str] = (),
    host: str | None = None,
    reason: str = "",
    audit: Audit | None = None,
) -> SSLContext:
    """Return a context for clients, from TLS 1.2 on, which verifies certificates and the names in them.

    "default" trusts whom the system trusts, "custom-ca" only `ca_file` or `ca_data`; "mutual" shows the certificate of
    `cert_file` as well, and trusts either. With `pins`, the key of the server is one of those, too: each is the SHA-256
    of its public key, as `spki_pin` says. "unverified" verifies nothing, for the one `host` alone: it takes a `reason`,
    and an `audit` trail to write it to. Raises ValueError for options that the mode has no use for, or lacks.
    """
    has_ca, has_cert = ca_file is not None or ca_data is not None, cert_file is not None
    pinned = frozenset(pins)
    fits = {
        "default": not has_ca and not has_cert,
        "custom-ca": has_ca and not has_cert,
        "mutual": has_cert,
        "unverified": not has_ca and not has_cert and not pinned,
    }
    if not fits.get(mode, False):
        raise ValueError(f"{mode!r} is no mode, or has no use for these options, or lacks some")
    if (mode == "unverified") != (host is not None and reason != "" and audit is not None):
        raise ValueError("host, reason and audit go with the mode 'unverified', and it takes all of them")
    from .security_ssl import certain, unverified

    if host is not None and audit is not None:
        audit.record("configuration", "tls:verify", on=host, decision="off", rule="tls.unverified", reason=reason)
        return unverified(host)
    context = certain(ca_file, ca_data, pinned)
    if cert_file is not None:
        context.load_cert_chain(cert_file, key_file, key_password)
    return context

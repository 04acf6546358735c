"""Contexts of TLS that ask more, or less, of a server than the standard library does. Loads `ssl`."""

from __future__ import annotations

import ssl

from .security_spki import spki_pin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class PinnedSocket(ssl.SSLSocket):
    """A connection that comes about only where the server has one of the pinned keys."""

    def do_handshake(self, block: bool = False) -> None:
        """Shake hands, and look at the key."""
        super().do_handshake(block)
        _check_pin(self)


class PinnedObject(ssl.SSLObject):
    """The same, where somebody else does the reading and writing."""

    def do_handshake(self) -> None:
        """Shake hands, and look at the key."""
        super().do_handshake()
        _check_pin(self)


class PinnedContext(ssl.SSLContext):
    """A context that also asks for one of the pinned keys."""

    sslsocket_class = PinnedSocket
    sslobject_class = PinnedObject
    pins: frozenset[str] = frozenset()


class UnverifiedContext(ssl.SSLContext):
    """A context that verifies nothing, and is for one host only."""

    host = ""

    def wrap_socket(self, *args: Any, **kwargs: Any) -> ssl.SSLSocket:  # Any: as in the standard library
        """Begin to speak TLS with the one host. Raises ValueError for another one."""
        _check_host(self.host, kwargs.get("server_hostname"))
        return super().wrap_socket(*args, **kwargs)

    def wrap_bio(self, *args: Any, **kwargs: Any) -> ssl.SSLObject:  # Any: as in the standard library
        """Begin to speak TLS with the one host. Raises ValueError for another one."""
        _check_host(self.host, kwargs.get("server_hostname"))
        return super().wrap_bio(*args, **kwargs)


def certain(ca_file: str | None, ca_data: str | None, pins: frozenset[str]) -> ssl.SSLContext:
    """Return a context that verifies certificates and names: by these authorities, or those of the system."""
    context = PinnedContext(ssl.PROTOCOL_TLS_CLIENT) if pins else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if isinstance(context, PinnedContext):
        context.pins = pins
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file is None and ca_data is None:
        context.load_default_certs()
    else:
        context.load_verify_locations(cafile=ca_file, cadata=ca_data)
    return context


def unverified(host: str) -> ssl.SSLContext:
    """Return a context that verifies nothing, for one host."""
    context = UnverifiedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.host = host
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _check_pin(connection: ssl.SSLSocket | ssl.SSLObject) -> None:
    context = connection.context
    certificate = connection.getpeercert(True)
    pins = context.pins if isinstance(context, PinnedContext) else frozenset()
    if certificate is None or spki_pin(certificate) not in pins:
        raise ssl.SSLCertVerificationError("the key of the server is none of those that are pinned")


def _check_host(host: str, name: object) -> None:
    if name != host:
        raise ValueError(f"this context is for {host} only")

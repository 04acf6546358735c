"""To which addresses a request may go: those of the public internet, and those that are allowed by name.

What counts is the address that a socket is connected to, whatever the name was that led there.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from .errors import HttpError
from .http_client_errors import TransportError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from .http_client_limits import Limits

_TRANSLATED = ip_network("64:ff9b::/96")
_TRANSLATED_LOCALLY = ip_network("64:ff9b:1::/48")
_COMPATIBLE = ip_network("::/96")
_LOW_32_BITS = 0xFFFFFFFF


class Guard:
    """Tells which addresses may be connected to: public ones, and those of the networks allowed here."""

    __slots__ = ("_allowed",)

    def __init__(self, allowed: Iterable[str]) -> None:
        """Raise ValueError for what is no network."""
        self._allowed = tuple(ip_network(one) for one in allowed)

    def admits(self, text: str) -> bool:
        """Tell whether an address may be connected to: also the one that is wrapped into it, if there is one."""
        address = ip_address(text.partition("%")[0])
        meant = _meant(address)
        if any(one in network for network in self._allowed for one in (address, meant)):
            return True
        return meant.is_global and not meant.is_multicast and not _is_odd(address)

    def admits_host(self, host: str) -> bool:
        """Tell whether a host may be connected to as far as that can be told without looking up its name."""
        try:
            socket.inet_aton(host)
        except OSError:
            is_number = ":" in host
        else:
            # This takes all the ways to write an address of IPv4 that have ever been thought of.
            return self.admits(socket.inet_ntoa(socket.inet_aton(host)))
        return self.admits(host) if is_number else host != "localhost" or self.admits("127.0.0.1")

    def connect(self, host: str, port: int, limits: Limits) -> socket.socket:
        """Return a socket that is connected to a host, at the first of its addresses that answers.

        Raises `HttpError` where it has none that may be connected to, and `TransportError` where none answers.
        """
        problem: Exception | None = None
        refused = ""
        for family, address in _addresses(host, port):
            if not self.admits(str(address[0])):
                refused = str(address[0])
                continue
            one = socket.socket(family, socket.SOCK_STREAM)
            try:
                self._connect(one, address, limits)
            except OSError as error:
                one.close()
                problem = limits.error() if isinstance(error, TimeoutError) else error
            except BaseException:
                one.close()
                raise
            else:
                return one
        if problem is None:
            raise HttpError(f"{host} has the address {refused}, which requests may not go to unless it is allowed")
        if isinstance(problem, OSError):
            raise TransportError(f"{host}:{port} can't be connected to: {problem}", is_unsent=True) from problem
        raise problem

    def _connect(self, one: socket.socket, address: tuple[object, ...], limits: Limits) -> None:
        one.settimeout(limits.left())
        one.connect(address)
        peer = str(one.getpeername()[0])
        if not self.admits(peer):
            raise HttpError(f"requests may not go to the address {peer} unless it is allowed")
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _addresses(host: str, port: int) -> list[tuple[int, tuple[object, ...]]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise TransportError(f"{host} can't be found: {error}", is_unsent=True) from error
    return [(family, address) for family, _, _, _, address in found if address]


def _meant(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the address that another one leads to, by any of the ways to wrap IPv4 into IPv6."""
    if isinstance(address, IPv4Address):
        return address
    if address in _TRANSLATED or (address in _COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & _LOW_32_BITS)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else address)


def _is_odd(address: IPv4Address | IPv6Address) -> bool:
    return isinstance(address, IPv6Address) and (
        address.is_site_local or address in _TRANSLATED_LOCALLY or address.teredo is not None
    )

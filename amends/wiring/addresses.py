"""Which network addresses other people may make this program call.

Whoever may name an address for it to call could reach this machine, its neighbours, or a cloud's
metadata service through it (server-side request forgery). So a name is resolved here, the address
checked, and that very address called.
"""

import ipaddress
import socket
from ipaddress import IPv4Address, IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class AddressRefused(OSError):
    """A name leads to this machine or to a private network; the text says which address."""


def addresses_of(host: str, port: int, *, allow_private: bool) -> list[str]:
    """Return the addresses of a host that may be called, in the resolver's order.

    Raises:
        AddressRefused: all of them are private.
        OSError: the name cannot be resolved.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    public = [one for one in addresses if allow_private or is_public(one)]
    if not public:
        raise AddressRefused(
            f"{host} is at {addresses[0]}, which is this machine or a private network"
        )
    return public


def is_public(address: str) -> bool:
    """Tell whether an address belongs to the internet at large."""
    return all(_is_global(one) for one in _inside(ipaddress.ip_address(address.split("%")[0])))


def _is_global(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )


def _inside(address: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """Return the address to be judged: for one that only wraps an IPv4 address, that one."""
    if isinstance(address, IPv4Address):
        return [address]
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    if address in _NAT64:
        return [IPv4Address(int(address) & 0xFFFFFFFF)]
    if address.sixtofour:
        return [address, address.sixtofour]
    return [address]

"""Which network addresses a fetch may connect to: public ones, unless its definition allows more.

A name is resolved once, every address it has is judged, and the connection goes to an address
that was judged: a name that answers differently the second time gains nothing.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from ingestion.ways.visit import FetchFailed

Address = IPv4Address | IPv6Address
# Carries an IPv4 address in its last bits (RFC 6052).
NAT64 = ip_network("64:ff9b::/96")


def allowed(host: str, port: int, *, allow_private: bool) -> list[str]:
    """The host's addresses, all of which may be connected to; FetchFailed when one may not."""
    addresses = _resolve(host, port)
    for address in addresses:
        complaint = _complaint(_inner(ip_address(address)), allow_private=allow_private)
        if complaint:
            raise FetchFailed(f"{host} leads to {address}, {complaint}")
    return addresses


def _resolve(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise FetchFailed(f"The name {host} cannot be resolved.", again=True) from None
    # A scope (fe80::1%eth0) names an interface; the address before it is what counts.
    return list(dict.fromkeys(str(each[4][0]).partition("%")[0] for each in found))


def _inner(address: Address) -> Address:
    """The IPv4 address inside an IPv6 address that only wraps one."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    wrapped = address.ipv4_mapped or address.sixtofour
    return wrapped or (address.teredo[1] if address.teredo else address)


def _complaint(address: Address, *, allow_private: bool) -> str:
    """What speaks against an address, as the end of a sentence; nothing when it is fine."""
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return "which no source may be (link-local, multicast or unspecified)."
    if not address.is_global and not allow_private:
        return "a private address; write allow_private = true in [fetch] if that is meant."
    return ""

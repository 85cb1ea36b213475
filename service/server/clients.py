"""Who a client is, by its address: what is counted a client is counted by this."""

import ipaddress
from functools import lru_cache

LONGEST = 100
"""Characters of an address, with the name of its interface."""

REMEMBERED = 10_000
"""Addresses that are parsed once: the log and the limits ask for those of each request."""


def address_of(host: str) -> str:
    """Return an IP address in its one spelling, an IPv4 address inside IPv6 as itself; `unknown` for anything else."""
    return _address(host) if len(host) <= LONGEST else "unknown"  # longer ones could fill memory


def client_of(host: str) -> str:
    """
    Return what limits are counted by: the address, of IPv6 its first 64 bits.

    One customer of a provider has at least 2**64 addresses of IPv6 to himself.

    >>> client_of("2001:db8::1") == client_of("2001:db8::ffff")
    True
    """
    address = address_of(host)
    return _network(address) if ":" in address else address


def is_within(host: str, networks: list[str]) -> bool:
    """Whether an address is in one of the networks."""
    address = address_of(host)
    return address != "unknown" and any(
        ipaddress.ip_address(address) in ipaddress.ip_network(each) for each in networks
    )


@lru_cache(REMEMBERED)
def _address(host: str) -> str:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])  # link-local ones name their interface
    except ValueError:  # a trusted proxy hands on whatever stood in a header
        return "unknown"
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


@lru_cache(REMEMBERED)
def _network(address: str) -> str:
    return str(ipaddress.ip_network(f"{address}/64", strict=False))

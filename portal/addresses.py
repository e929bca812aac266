"""Where a request comes from, told by who can be trusted to know: for limits, lockout and security log alike."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The client's IP address, or None where there is none to read. IPv4 within IPv6 is IPv4; a zone is left out.

    Behind a proxy (`BEHIND_PROXY`) it is the right-most entry of X-Forwarded-For: the one that our own proxy wrote.
    All others come from the client, and without a proxy the whole header does, so it is not read.
    """
    told = str(request.META.get("REMOTE_ADDR", ""))
    if settings.BEHIND_PROXY:
        told = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip() or told
    try:
        address = ipaddress.ip_address(told.partition("%")[0])
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)


def client_network(request: HttpRequest) -> str:
    """Who asks: the IPv4 address, or the /64 that one holder of IPv6 has. Empty where nobody can tell."""
    address = client_address(request)
    if address is None or ":" not in address:
        return address or ""
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)

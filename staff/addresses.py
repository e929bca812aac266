"""Where a request comes from, told by who can be trusted to know."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The client's IP address, or None where there is none to read.

    Behind a proxy (`BEHIND_PROXY`) it is the right-most entry of X-Forwarded-For: the one that our own proxy wrote.
    All others come from the client, and without a proxy the whole header does, so it is not read.
    """
    told = str(request.META.get("REMOTE_ADDR", ""))
    if settings.BEHIND_PROXY:
        told = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip() or told
    try:
        return str(ipaddress.ip_address(told))
    except ValueError:
        return None

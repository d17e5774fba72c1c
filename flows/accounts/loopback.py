"""What stays on this machine: the demo does, unless told otherwise."""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

_PASSED_ON = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")


def is_loopback(host: str) -> bool:
    """Whether nothing but this machine answers to a name or address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def asked_here(headers: Mapping[str, str]) -> bool:
    """Whether a request was made on this machine: its ``Host`` says so, and no proxy says that it has passed it on."""
    try:
        host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    except ValueError:
        return False
    return is_loopback(host) and not any(name in headers for name in _PASSED_ON)

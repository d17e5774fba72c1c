"""Domains, public addresses and ICP filing numbers."""

import ipaddress
import re

from flows.accounts.validators.result import Checked, Invalid, Valid, normal

_LONGEST_DOMAIN = 253
_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"


def domain(text: str) -> Checked:
    """A domain name in lower case and punycode; a pasted URL is cut down to its host. VAL-DOMAIN, guide-zh:1059."""
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", normal(text).lower())
    host = re.split(r"[/?#:]", host, maxsplit=1)[0].replace("。", ".").removesuffix(".")
    try:
        ascii_host = ".".join(label.encode("idna").decode() for label in host.split("."))
    except UnicodeError:
        return Invalid("VAL-DOMAIN", "format")
    well_formed = re.fullmatch(rf"({_LABEL}\.)+(?=[a-z]+$|xn--){_LABEL}", ascii_host)
    return Valid(ascii_host) if well_formed and len(ascii_host) <= _LONGEST_DOMAIN else Invalid("VAL-DOMAIN", "format")


def ip(text: str) -> Checked:
    """A globally routable unicast address, IPv4 or IPv6. VAL-IP, guide-zh:1106, 1124-1129."""
    try:
        address = ipaddress.ip_address(normal(text).removeprefix("[").removesuffix("]"))
    except ValueError:
        return Invalid("VAL-IP", "format")
    return Valid(str(address)) if address.is_global and not address.is_multicast else Invalid("VAL-IP", "not_public")


def icp(text: str) -> Checked:
    """An ICP filing number, with or without the site's number. VAL-ICP, guide-zh:1099."""
    number = normal(text, without=" ").upper()
    if re.search(r"ICP证|B2-", number):
        return Invalid("VAL-ICP", "license_not_filing")
    well_formed = re.fullmatch(rf"[{_PROVINCES}]ICP备([0-9]{{8}}|[0-9]{{10}})号(-[0-9]+)?", number)
    return Valid(number) if well_formed else Invalid("VAL-ICP", "format")

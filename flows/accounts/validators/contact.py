"""Phone numbers and e-mail addresses."""

import re

from flows.accounts.validators.network import domain
from flows.accounts.validators.result import Checked, Invalid, Valid, normal

_LONGEST_EMAIL = 254
_LOCAL_PART = re.compile(r"(?=.{1,64}$)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")


def mobile(text: str) -> Checked:
    """A Mainland mobile number, without its country code. VAL-MOBILE, guide-zh:235, 1040."""
    number = re.sub(r"^(\+86|0086|86)(?=1)", "", normal(text, without=" -()"))
    return Valid(number) if re.fullmatch(r"1[3-9][0-9]{9}", number) else Invalid("VAL-MOBILE", "format")


def phone(text: str) -> Checked:
    """A Mainland mobile number, or one of another country in E.164 form. CT-13, guide-zh:235, 241."""
    mainland = mobile(text)
    number = normal(text, without=" -()")
    if isinstance(mainland, Valid) or number.startswith("+86"):
        return mainland
    return Valid(number) if re.fullmatch(r"\+[1-9][0-9]{7,14}", number) else Invalid("VAL-MOBILE", "format")


def email(text: str) -> Checked:
    """An e-mail address; its domain in lower case, its local part as typed. VAL-EMAIL."""
    local, _, host = normal(text).rpartition("@")
    checked = domain(host)
    if not _LOCAL_PART.fullmatch(local) or "/" in host or isinstance(checked, Invalid):
        return Invalid("VAL-EMAIL", "format")
    address = f"{local}@{checked.value}"
    return Valid(address) if len(address) <= _LONGEST_EMAIL else Invalid("VAL-EMAIL", "format")

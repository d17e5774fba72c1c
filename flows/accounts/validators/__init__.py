"""What people type, normalised or refused with a reason; official check digits, no look-ups. VAL."""

from collections.abc import Callable
from datetime import date
from typing import Literal, TypeAlias

from flows.accounts.validators.contact import email, mobile, phone
from flows.accounts.validators.network import domain, icp, ip
from flows.accounts.validators.numbers import account_id, code, id_card, is_adult, online_change, organization_code, uscc
from flows.accounts.validators.result import Checked, Invalid, Valid

ValidatorName: TypeAlias = Literal[
    "id_card", "adult_id_card", "uscc", "organization_code", "mobile", "phone", "email", "domain", "ip", "icp", "account_id", "code"
]
Validator: TypeAlias = Callable[[str, date], Checked]


def adult_id_card(text: str, today: date) -> Checked:
    """An ID number of somebody who is at least 18. VAL-ID, RN-2."""
    return id_card(text, today, adult=True)


VALIDATORS: dict[ValidatorName, Validator] = {
    "id_card": id_card,
    "adult_id_card": adult_id_card,
    "uscc": lambda text, _: uscc(text),
    "organization_code": lambda text, _: organization_code(text),
    "mobile": lambda text, _: mobile(text),
    "phone": lambda text, _: phone(text),
    "email": lambda text, _: email(text),
    "domain": lambda text, _: domain(text),
    "ip": lambda text, _: ip(text),
    "icp": lambda text, _: icp(text),
    "account_id": lambda text, _: account_id(text),
    "code": lambda text, _: code(text),
}

__all__ = [
    "VALIDATORS",
    "Checked",
    "Invalid",
    "Valid",
    "Validator",
    "ValidatorName",
    "account_id",
    "adult_id_card",
    "code",
    "domain",
    "email",
    "icp",
    "id_card",
    "ip",
    "is_adult",
    "mobile",
    "online_change",
    "organization_code",
    "phone",
    "uscc",
]

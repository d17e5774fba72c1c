"""Numbers with check digits, and the provider's own: ID card, credit code, account ID, six-digit code."""

import re
from datetime import date

from flows.accounts.validators.result import Checked, Invalid, Valid, normal

_REGIONS = {*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, *range(81, 84)}
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_EARLIEST_BIRTH_YEAR = 1900
_ADULT_YEARS = 18


def id_card(text: str, today: date, *, adult: bool = False) -> Checked:
    """A resident ID number by GB 11643. VAL-ID, faq-en:823."""
    number = normal(text, without=" ").upper()
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", number):
        return Invalid("VAL-ID", "format")
    if int(number[:2]) not in _REGIONS:
        return Invalid("VAL-ID", "region")
    born = _birth_date(number)
    if born is None or born.year < _EARLIEST_BIRTH_YEAR or born > today:
        return Invalid("VAL-ID", "birth_date")
    if _ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(number, _ID_WEIGHTS, strict=False)) % 11] != number[-1]:
        return Invalid("VAL-ID", "checksum")
    if adult and not is_adult(number, today):
        return Invalid("VAL-ID", "under_18")
    return Valid(number)


def _birth_date(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def is_adult(id_number: str, today: date) -> bool:
    """Eighteen on the birthday itself; born on 29 February, on 1 March. RN-2, VAL-ID."""
    born = _birth_date(id_number)
    return born is not None and (today.year - _ADULT_YEARS, today.month, today.day) >= (born.year, born.month, born.day)


def uscc(text: str) -> Checked:
    """A Unified Social Credit Code by GB 32100. VAL-USCC, faq-zh:491."""
    number = normal(text, without=" -").upper()
    if not re.fullmatch(rf"[{_USCC_CHARACTERS}]{{2}}[0-9]{{6}}[{_USCC_CHARACTERS}]{{10}}", number):
        return Invalid("VAL-USCC", "format")
    total = sum(_USCC_CHARACTERS.index(digit) * weight for digit, weight in zip(number, _USCC_WEIGHTS, strict=False))
    if _USCC_CHARACTERS[(31 - total % 31) % 31] != number[-1]:
        return Invalid("VAL-USCC", "checksum")
    return Valid(number)


def online_change(code: str) -> bool:
    """Whether a company with this code may change its verification online. RN-26, faq-zh:491."""
    return code.startswith("9") and isinstance(uscc(code), Valid)


def organization_code(text: str) -> Checked:
    """Another registration number, of an enterprise without a credit code. VAL-USCC, faq-en:619-620."""
    number = normal(text, without=" -").upper()
    looks_like_credit_code = uscc(number)
    if isinstance(looks_like_credit_code, Valid):
        return looks_like_credit_code
    return Valid(number) if re.fullmatch(r"[0-9A-Z]{6,20}", number) else Invalid("VAL-USCC", "format")


def account_id(text: str) -> Checked:
    """An account ID of 9 to 12 digits. VAL-ACCOUNT, guide-zh:1159."""
    number = normal(text, without=" ")
    return Valid(number) if re.fullmatch(r"[1-9][0-9]{8,11}", number) else Invalid("VAL-ACCOUNT", "format")


def code(text: str) -> Checked:
    """A six-digit code, leading zeros kept. VAL-CODE, guide-zh:242, 1641-1647."""
    digits = normal(text, without=" -")
    return Valid(digits) if re.fullmatch(r"[0-9]{6}", digits) else Invalid("VAL-CODE", "format")

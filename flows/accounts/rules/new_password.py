"""What a new password has to be, wherever one is set. PW-2 to PW-6, PW-15."""

import string
from datetime import datetime, timedelta

from pydantic import SecretStr

from flows.accounts.account import Account
from flows.accounts.base import Refusal
from flows.accounts.passwords import Passwords

SHORTEST = 8
LONGEST = 20
"""PW-2, guide-zh:144."""
REMEMBERED = 3
"""The last three, the present one included. PW-5, guide-zh:143."""

OLD_AFTER = timedelta(days=90)
"""PW-8, guide-zh:141-142."""


def is_old(account: Account, now: datetime) -> bool:
    """Advice only: nothing is blocked. PW-8."""
    changed = account.password.changed_at
    return account.email_login is not None and changed is not None and now - changed > OLD_AFTER


def failures(password: SecretStr, email: str | None) -> tuple[str, ...]:
    """Every failing part of PW-2 to PW-4, together. PW-2, PW-3, PW-4, PW-6, guide-zh:144, faq-en:378."""
    text = password.get_secret_value()
    tests = {
        "too_short": len(text) < SHORTEST,
        "too_long": len(text) > LONGEST,
        "no_upper": not set(text) & set(string.ascii_uppercase),
        "no_lower": not set(text) & set(string.ascii_lowercase),
        "no_digit": not set(text) & set(string.digits),
        "no_punctuation": not set(text) & set(string.punctuation),
        "has_space": any(character.isspace() for character in text),
        "bad_character": any(
            character not in string.ascii_letters + string.digits + string.punctuation and not character.isspace() for character in text
        ),
        "equals_email": email is not None and text.lower() == email.lower(),
    }
    return tuple(name for name, failed in tests.items() if failed)


def refuse_password(password: SecretStr, email: str | None, account: Account, passwords: Passwords) -> Refusal | None:
    """Why this account may not have this password. PW-5, PW-6."""
    failing = failures(password, email)
    used = any(passwords.matches(old, password) for old in account.password.hashes[:REMEMBERED])
    if failing:
        return Refusal(rule="PW-2", reason="weak_password", details={"failing": (*failing, *(("used_before",) if used else ()))})
    return Refusal(rule="PW-5", reason="used_before") if used else None

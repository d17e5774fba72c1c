"""Changing and resetting the password. PW.

Passwords of other platforms are changed there (PW-13); running sessions stay (PW-7).
"""

from datetime import datetime, timedelta
from typing import Literal

from pydantic import SecretStr

from flows.accounts.account import Account, PasswordReset, User
from flows.accounts.base import Outcome, Refusal, refuse
from flows.accounts.commands.password import ChangePassword, CheckPassword, GetLockState, LockState, PasswordChecked
from flows.accounts.passwords import Passwords
from flows.accounts.rules import lock as locks
from flows.accounts.rules.ground import fresh_check
from flows.accounts.rules.new_password import REMEMBERED, failures, refuse_password

LINK_LIFE = timedelta(minutes=30)
"""PW-12."""
WRONG_OLD_TRIES = 5
"""PW-10."""


def check_password(query: CheckPassword) -> PasswordChecked:
    """Every failing part of PW-2 to PW-4. PW-6."""
    failing = failures(query.password, query.email)
    return PasswordChecked(outcome="weak_password" if failing else "fine", failing=failing)


def refuse_new(account: Account, new: SecretStr, repeat: SecretStr, passwords: Passwords) -> Refusal | None:
    """Typed twice, strong, and not used before. PW-2 to PW-6, PW-9."""
    return refuse(new != repeat, "PW-9", "not_repeated") or refuse_password(new, account.email_login, account, passwords)


def change_password(
    account: Account, command: ChangePassword, now: datetime, conversation: str, passwords: Passwords
) -> tuple[Account, Outcome[Literal["changed"]] | Refusal] | Refusal:
    """Only an e-mail login has one; a wrong old password counts against the check. PW-1, PW-9, PW-10, guide-zh:136, 169-175."""
    if account.email_login is None:
        return Refusal(rule="PW-1", reason="no_email_login", details={"platforms": tuple(method.kind for method in account.methods)})
    if command.new != command.repeat:
        return Refusal(rule="PW-9", reason="not_repeated")
    hashes = account.password.hashes
    if not hashes or not passwords.matches(hashes[0], command.old):
        after = _after_wrong_old(account, conversation)
        voided = int(fresh_check(after, conversation, now) is None)
        return after, Refusal(rule="PW-10", reason="wrong_old", details={"check_void": voided})
    refusal = refuse_new(account, command.new, command.repeat, passwords)
    return refusal or (with_password(account, passwords.hash(command.new), now), Outcome(outcome="changed"))


def _after_wrong_old(account: Account, conversation: str) -> Account:
    """Five wrong ones void the identity check; the lock does not count them. PW-10."""
    checks = tuple(
        check.but(wrong_passwords=check.wrong_passwords + 1) if check.conversation == conversation else check for check in account.checks
    )
    return account.but(checks=tuple(check for check in checks if check.wrong_passwords < WRONG_OLD_TRIES))


def with_password(account: Account, hashed: str, now: datetime) -> Account:
    """The account with a new password; the three newest hashes are kept, a pending link is void. PW-5, PW-7."""
    hashes = (hashed, *account.password.hashes)[:REMEMBERED]
    return account.but(password=account.password.but(hashes=hashes, changed_at=now, reset=None))


def with_reset_link(account: Account, token_digest: str, now: datetime) -> Account:
    """A new link voids the one before; it lives 30 minutes. PW-12."""
    return account.but(password=account.password.but(reset=PasswordReset(token_digest=token_digest, expires=now + LINK_LIFE)))


def reset_sub_user_password(
    account: Account, user_id: str, new: SecretStr, acting: User | None, passwords: Passwords, *, is_root: bool
) -> tuple[Account, Outcome[Literal["reset"]]] | Refusal:
    """By the root account or a user with CAM administration. PW-14, SUB-3, faq-zh:993."""
    user = account.user(user_id)
    if not (is_root or (acting and acting.administers)) or user is None or user.kind != "sub_user":
        return Refusal(rule="PW-14", reason="root_or_admin_only")
    failing = failures(new, None)
    if failing:
        return Refusal(rule="PW-2", reason="weak_password", details={"failing": failing})
    users = tuple(other.but(password_hash=passwords.hash(new)) if other.id == user_id else other for other in account.users)
    return account.but(users=users), Outcome(outcome="reset")


def get_lock_state(account: Account, _query: GetLockState, now: datetime) -> LockState:
    """Tries today, code needed or not, locked until. LOCK-1, LOCK-2."""
    lock = locks.today(account.lock, now)
    return LockState(wrong_today=lock.wrong, code_needed=locks.code_needed(account.lock, now), locked_until=lock.locked_until)

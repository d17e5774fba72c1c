"""Applying for login. APL.

Who does not know the account ID recovers it first (APL-4).
"""

from datetime import date, datetime, timedelta

from flows.accounts.account import Account, Person
from flows.accounts.base import Refusal, refuse
from flows.accounts.commands.applying import StartLoginApplication
from flows.accounts.records.recovery import Application, Tries
from flows.accounts.rules.password import with_password
from flows.accounts.rules.recovery import reset_security_check, with_login_email

DRAFT_LIFE = timedelta(hours=24)
"""APL-10."""
FACE_TRIES_A_DAY = 3
"""APL-10."""


def refuse_start(command: StartLoginApplication) -> Refusal | None:
    """Only personal accounts; nothing is looked up for that. APL-1, APL-2, APL-4, guide-zh:1172-1200, C1, C4."""
    fields = ("account", "name", "id_number", "reason", "phone", "code")
    missing = tuple(field for field in fields if not getattr(command, field))
    return (
        refuse(command.type == "enterprise", "APL-1", "enterprise_use_recovery")
        or refuse(command.type == "unverified", "APL-1", "unverified_contact_support")
        or refuse(bool(missing), "APL-2", "bad_input", missing=missing)
    )


def is_theirs(account: Account | None, person: Person) -> bool:
    """Account, name and number belong together; a cancelled account is unknown. APL-3, APL-11."""
    holder = account.verification.person if account and account.status != "cancelled" else None
    return holder is not None and (holder.name, holder.id_number) == (person.name, person.id_number)


def warns_of_mfa(account: Account | None, application: Application) -> bool:
    """Login MFA will still be asked. APL-7, guide-zh:1221-1226, C2."""
    return is_theirs(account, application.person) and account is not None and account.protections.login == "mfa"


def failed_face(tries: Tries, today: date) -> Tries:
    """One more failed face check of the day. APL-10."""
    return tries.but(day=today, count=(tries.count if tries.day == today else 0) + 1)


def too_many_faces(tries: Tries, today: date) -> Refusal | None:
    """Three a day. APL-10."""
    return refuse(tries.day == today and tries.count >= FACE_TRIES_A_DAY, "APL-10", "too_many_tries")


def refuse_draft(application: Application | None, now: datetime) -> Refusal | None:
    """A draft lives 24 hours. APL-10."""
    return refuse(application is None or now >= application.expires, "APL-10", "expired")


def finish(account: Account, application: Application, now: datetime) -> Account:
    """Everything at once: the e-mail, its password, the protection; the account's state stays. APL-5, APL-6, APL-9, APL-11, C3."""
    assert application.email
    assert application.password_hash
    changed = with_password(with_login_email(account, application.email, now), application.password_hash, now)
    return reset_security_check(changed, application.new_phone, now) if application.new_phone else changed

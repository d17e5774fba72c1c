"""Contact and security details of the root user. CT.

No operation removes a security phone or e-mail (CT-10); sub-users' details are changed elsewhere (CT-17); a number outside +86 is
taken in E.164 form (CT-13, ``validators.phone``); a code goes to the security phone of the moment, so an old one gets none (CT-9).
"""

from datetime import datetime, timedelta
from typing import Literal

from flows.accounts.account import Account, Contacts, PendingContact
from flows.accounts.base import Outcome, Refusal, refuse
from flows.accounts.commands.contacts import (
    ContactsShown,
    DetailChanged,
    GetContactDetails,
    PendingShown,
    SetContactEmail,
    SetSecurityEmail,
    SetSecurityPhone,
)
from flows.accounts.masking import mask_email, mask_phone
from flows.accounts.rules.limits import ACCOUNTS_PER_SECURITY_PHONE

LINK_LIFE = timedelta(hours=24)
"""CT-6."""


def get_contact_details(account: Account, _query: GetContactDetails, _now: datetime) -> ContactsShown:
    """Security details prove identity, contact details get notices; all masked. CT-1, GEN-8, guide-zh:193-194, 259-260."""
    contacts = account.contacts
    return ContactsShown(
        security_phone=mask_phone(contacts.security_phone) if contacts.security_phone else None,
        security_email=mask_email(contacts.security_email) if contacts.security_email else None,
        contact_phone=mask_phone(contacts.contact_phone) if contacts.contact_phone else None,
        contact_email=mask_email(contacts.contact_email) if contacts.contact_email else None,
        pending=tuple(
            PendingShown(
                what=pending.what,
                target=mask_phone(pending.target) if pending.what == "phone" else mask_email(pending.target),
                expires=pending.expires,
            )
            for pending in contacts.pending
        ),
    )


def refuse_phone(others_with_it: int) -> Refusal | None:
    """One number is the security phone of at most five root accounts. CT-3, LIM-6, guide-zh:47."""
    return refuse(others_with_it >= ACCOUNTS_PER_SECURITY_PHONE, "CT-3", "phone_quota", quota="LIM-6")


def set_security_phone(
    account: Account, command: SetSecurityPhone, _now: datetime, others_with_it: int
) -> tuple[Account, DetailChanged] | Refusal:
    """At once; its role as contact phone is untouched. CT-2, CT-3, CT-9, CT-11, CT-12, guide-zh:224-243."""
    return (
        refuse(command.number == account.contacts.security_phone, "CT-11", "unchanged")
        or refuse_phone(others_with_it)
        or (account.but(contacts=account.contacts.but(security_phone=command.number)), DetailChanged(outcome="changed"))
    )


def set_security_email(account: Account, command: SetSecurityEmail, _now: datetime) -> tuple[Account, DetailChanged] | Refusal:
    """At once; a tick takes the contact e-mail along. CT-4, CT-8, CT-11, guide-zh:302-330, C23, C27."""
    contacts = account.contacts.but(security_email=command.address)
    if command.sync_contact:
        contacts = contacts.but(contact_email=command.address)
    return refuse(contacts == account.contacts, "CT-11", "unchanged") or (
        account.but(contacts=contacts),
        DetailChanged(outcome="changed", hint=_hint(contacts)),
    )


def _hint(contacts: Contacts) -> Literal["keep_addresses_equal"] | None:
    """They may differ, which deserves a word. CT-8, guide-zh:263-265."""
    both = contacts.contact_email and contacts.security_email
    return "keep_addresses_equal" if both and contacts.contact_email != contacts.security_email else None


def ask_contact_phone(
    account: Account, number: str, token_digest: str, now: datetime
) -> tuple[Account, Outcome[Literal["link_sent"]]] | Refusal:
    """The new one holds once its link is opened; no identity check. CT-5, CT-11, guide-zh:215-220."""
    pending = PendingContact(what="phone", target=number, token_digest=token_digest, expires=now + LINK_LIFE)
    return refuse(number == account.contacts.contact_phone, "CT-11", "unchanged") or (
        _pending(account, pending),
        Outcome(outcome="link_sent"),
    )


def ask_contact_email(
    account: Account, command: SetContactEmail, token_digest: str, now: datetime, *, checked: bool
) -> tuple[Account, Outcome[Literal["link_sent"]]] | Refusal:
    """As the phone; taking the security e-mail along needs its identity check. CT-5, CT-7, CT-11, guide-zh:291-298."""
    pending = PendingContact(
        what="email", target=command.address, token_digest=token_digest, expires=now + LINK_LIFE, sync_security=command.sync_security
    )
    same = command.address == account.contacts.contact_email
    synced = not command.sync_security or command.address == account.contacts.security_email
    return (
        refuse(command.sync_security and not checked, "CT-7", "identity_check_needed", methods=account.usable_checks)
        or refuse(same and synced, "CT-11", "unchanged")
        or (_pending(account, pending), Outcome(outcome="link_sent"))
    )


def _pending(account: Account, pending: PendingContact) -> Account:
    """A new request voids the link of the one before. CT-6."""
    others = tuple(old for old in account.contacts.pending if old.what != pending.what)
    return account.but(contacts=account.contacts.but(pending=(*others, pending)))


def confirm_contact(account: Account, token_digest: str, now: datetime) -> tuple[Account, Outcome[Literal["confirmed", "expired"]]]:
    """The link works once, for 24 hours. CT-5, CT-6."""
    contacts = account.contacts
    pending = next(change for change in contacts.pending if change.token_digest == token_digest)
    contacts = contacts.but(pending=tuple(change for change in contacts.pending if change != pending))
    if now >= pending.expires:
        return account.but(contacts=contacts), Outcome(outcome="expired")
    changed = {f"contact_{pending.what}": pending.target}
    if pending.sync_security:
        changed["security_email"] = pending.target
    return account.but(contacts=contacts.but(**changed)), Outcome(outcome="confirmed")

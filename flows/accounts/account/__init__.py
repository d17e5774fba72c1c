"""An account as one frozen document, in parts: every rule reads it, and every change makes a new one."""

from flows.accounts.account.access import (
    CheckMethod,
    Kind,
    LoginMethod,
    MfaDevice,
    MfaState,
    PassedCheck,
    PendingMfa,
    Protections,
    ProtectionType,
    RemoteLogin,
    TrustedDevice,
)
from flows.accounts.account.contacts import Contacts, PendingContact
from flows.accounts.account.document import Account, Event, FreezeReason, Login, Status
from flows.accounts.account.holder import Company, EnterpriseContact, Person, Verification, VerificationRequest
from flows.accounts.account.holdings import Billing, Key, Policy, Project, Resource, ResourceKind, User, UserKind
from flows.accounts.account.leaving import Cancellation, CancellationState, Checklist, Leaver
from flows.accounts.account.sessions import Lock, Password, PasswordReset, Session, Sessions

__all__ = [
    "Account",
    "Billing",
    "Cancellation",
    "CancellationState",
    "CheckMethod",
    "Checklist",
    "Company",
    "Contacts",
    "EnterpriseContact",
    "Event",
    "FreezeReason",
    "Key",
    "Kind",
    "Leaver",
    "Lock",
    "Login",
    "LoginMethod",
    "MfaDevice",
    "MfaState",
    "PassedCheck",
    "Password",
    "PasswordReset",
    "PendingContact",
    "PendingMfa",
    "Person",
    "Policy",
    "Project",
    "ProtectionType",
    "Protections",
    "RemoteLogin",
    "Resource",
    "ResourceKind",
    "Session",
    "Sessions",
    "Status",
    "TrustedDevice",
    "User",
    "UserKind",
    "Verification",
    "VerificationRequest",
]

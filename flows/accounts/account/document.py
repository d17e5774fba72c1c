"""The document itself, and what it can be found by."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, TypeAlias

from flows.accounts.account.access import CheckMethod, Kind, LoginMethod, MfaState, PassedCheck, Protections
from flows.accounts.account.contacts import Contacts
from flows.accounts.account.holder import Verification
from flows.accounts.account.holdings import Billing, Key, Project, Resource, User
from flows.accounts.account.leaving import Cancellation, Checklist
from flows.accounts.account.sessions import Lock, Password, Sessions
from flows.accounts.base import Document, Model

FreezeReason: TypeAlias = Literal["violation", "verification_failed", "arrears", "before_cancellation"]
"""ACC-9, faq-zh:111-116."""

Status: TypeAlias = Literal["active", "frozen", "cancelling", "cancelled"]


class Event(Model):
    """One change, masked. GEN-14."""

    at: datetime
    operation: str
    who: str
    what: str = ""


class Login(Model):
    """One successful login. ACC-13."""

    at: datetime
    method: Kind
    ip: str
    city: str


class Account(Document):
    """One root account with everything the rules read. ACC-1 to ACC-3: its id never changes, and it works at once."""

    appid: str
    nickname: str
    industry: str = "other"
    registered_at: datetime
    registered_with: Kind
    freeze_reasons: tuple[FreezeReason, ...] = ()
    products: tuple[str, ...] = ()
    logins: tuple[Login, ...] = ()

    methods: tuple[LoginMethod, ...]
    contacts: Contacts = Contacts()
    mfa: MfaState = MfaState()
    protections: Protections = Protections()
    checks: tuple[PassedCheck, ...] = ()
    sessions: Sessions = Sessions()
    password: Password = Password()
    lock: Lock = Lock()

    verification: Verification = Verification()
    billing: Billing = Billing()
    users: tuple[User, ...] = ()
    keys: tuple[Key, ...] = ()
    projects: tuple[Project, ...] = ()
    resources: tuple[Resource, ...] = ()
    wecom: str | None = None

    cancellation: Cancellation = Cancellation()
    checklist: Checklist | None = None
    events: tuple[Event, ...] = ()

    @property
    def status(self) -> Status:
        """What the account can do now. GEN-12."""
        if self.cancellation.state == "cancelled":
            return "cancelled"
        if self.cancellation.state in {"cooling_off", "in_review"}:
            return "cancelling"
        return "frozen" if self.freeze_reasons else "active"

    def method(self, kind: Kind) -> LoginMethod | None:
        """The login method of this kind; there is at most one. LM-1."""
        return next((method for method in self.methods if method.kind == kind), None)

    def user(self, user_id: str) -> User | None:
        """A user by id."""
        return next((user for user in self.users if user.id == user_id), None)

    def project(self, project_id: str) -> Project | None:
        """A project by id."""
        return next((project for project in self.projects if project.id == project_id), None)

    @property
    def email_login(self) -> str | None:
        """The login e-mail, which is what has a password. PW-1."""
        method = self.method("email")
        return method.identity if method else None

    @property
    def usable_checks(self) -> tuple[CheckMethod, ...]:
        """The account's own check methods, the configured one first. GEN-4, GEN-5."""
        usable: dict[CheckMethod, bool] = {
            "phone_code": self.contacts.security_phone is not None,
            "email_code": self.contacts.security_email is not None,
            "mfa": self.mfa.device is not None,
            "wechat_scan": self.method("wechat") is not None,
        }
        return tuple(sorted((name for name in usable if usable[name]), key=lambda name: name != self.protections.operation))

    def lookups(self) -> Iterator[tuple[str, str]]:
        """What the account is found by; a cancelled one by nothing. CAN-21, LIM-18."""
        if self.status == "cancelled":
            return
        yield "account", self.id
        for method in self.methods:
            yield "login", method.key
            if method.is_registration:
                yield "registered", method.key
        if self.contacts.security_phone:
            yield "security_phone", self.contacts.security_phone
        for pending in self.contacts.pending:
            yield "contact_link", pending.token_digest
        if self.password.reset:
            yield "password_reset", self.password.reset.token_digest
        yield from self._holder_lookups()
        for resource in self.resources:
            if resource.name and resource.under_account:
                yield resource.kind, resource.name
            if resource.site and resource.under_account:
                yield "icp_domain", resource.site

    def _holder_lookups(self) -> Iterator[tuple[str, str]]:
        if person := self.verification.person:
            yield "person", person.id_number
        if company := self.verification.company:
            yield "company", company.code
            yield "representative", company.representative.id_number

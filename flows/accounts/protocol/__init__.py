"""The typed door, split by area: a small protocol each, and one that inherits them all."""

from typing import Protocol

from flows.accounts.base import Refusal
from flows.accounts.commands.base import Actor, Command, R
from flows.accounts.protocol.account_info import AccountInfoService
from flows.accounts.protocol.applying import ApplyingService
from flows.accounts.protocol.base import NotConnected, Operations, ServiceUnavailable
from flows.accounts.protocol.cancellation import CancellationService
from flows.accounts.protocol.contacts import ContactsService
from flows.accounts.protocol.ground import GroundService
from flows.accounts.protocol.limits import LimitsService
from flows.accounts.protocol.login_methods import LoginMethodsService
from flows.accounts.protocol.mfa import MfaService
from flows.accounts.protocol.offboarding import OffboardingService
from flows.accounts.protocol.password import PasswordService
from flows.accounts.protocol.projects import ProjectsService
from flows.accounts.protocol.protection import ProtectionService
from flows.accounts.protocol.recovery import RecoveryService
from flows.accounts.protocol.sessions import SessionsService
from flows.accounts.protocol.tickets import TicketsService
from flows.accounts.protocol.users import UsersService
from flows.accounts.protocol.verification import VerificationService
from flows.accounts.protocol.wecom import WecomService


class AccountService(
    GroundService,
    AccountInfoService,
    LoginMethodsService,
    ContactsService,
    MfaService,
    ProtectionService,
    SessionsService,
    PasswordService,
    RecoveryService,
    ApplyingService,
    TicketsService,
    CancellationService,
    VerificationService,
    LimitsService,
    OffboardingService,
    UsersService,
    ProjectsService,
    WecomService,
    Protocol,
):
    """Everything that can be asked; whoever implements ``perform`` has it all."""


class Unconnected(AccountService):
    """Stands where no account service is configured: flows guide, and nothing can be carried out."""

    async def perform(self, actor: Actor, command: Command[R], key: str | None = None) -> R | Refusal:  # noqa: ARG002  the protocol's own
        """Raises ``NotConnected``."""
        raise NotConnected(type(command).__name__)


__all__ = [
    "AccountInfoService",
    "AccountService",
    "ApplyingService",
    "CancellationService",
    "ContactsService",
    "GroundService",
    "LimitsService",
    "LoginMethodsService",
    "MfaService",
    "NotConnected",
    "OffboardingService",
    "Operations",
    "PasswordService",
    "ProjectsService",
    "ProtectionService",
    "RecoveryService",
    "ServiceUnavailable",
    "SessionsService",
    "TicketsService",
    "Unconnected",
    "UsersService",
    "VerificationService",
    "WecomService",
]

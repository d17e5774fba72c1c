"""The MFA device, carried out. MFA."""

from pydantic import SecretStr

from flows.accounts.base import Refusal
from flows.accounts.commands.mfa import (
    CheckMfaCode,
    ConfirmMfaBinding,
    GetMfa,
    SecretShown,
    StartMfaBinding,
    UnbindMfa,
)
from flows.accounts.rules import ground, mfa
from flows.accounts.stub.handlers import changes_own, handles, shows_own
from flows.accounts.stub.turn import Turn

shows_own(GetMfa, mfa.get_mfa)
changes_own(ConfirmMfaBinding, mfa.confirm_mfa_binding)
changes_own(CheckMfaCode, mfa.check_mfa_code)
changes_own(UnbindMfa, mfa.unbind_mfa)


@handles(StartMfaBinding)
async def start_mfa_binding(turn: Turn, command: StartMfaBinding) -> SecretShown | Refusal:
    """Draw the secret, and remember the check that opened the binding. LM-11."""
    secret = SecretStr(turn.services.chance.pick(mfa.SECRET_ALPHABET, mfa.SECRET_LENGTH))
    check = ground.fresh_check(turn.account, turn.actor.conversation, turn.now)
    assert check is not None
    return turn.apply(mfa.start_mfa_binding(turn.account, command, turn.now, secret, check.method))

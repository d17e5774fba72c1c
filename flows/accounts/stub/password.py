"""The password, carried out. PW."""

from typing import Literal

from flows.accounts.account import Account
from flows.accounts.base import Outcome, Refusal
from flows.accounts.commands.base import Proven
from flows.accounts.commands.password import (
    ChangePassword,
    CheckPassword,
    FinishPasswordReset,
    GetLockState,
    PasswordChecked,
    RequestPasswordReset,
    ResetResult,
    ResetSubUserPassword,
)
from flows.accounts.notifier import message_to
from flows.accounts.rules import password
from flows.accounts.stub.ground import may_be_sent_to, verdict_by_hint
from flows.accounts.stub.handlers import handles, shows_own
from flows.accounts.stub.turn import Turn

shows_own(GetLockState, password.get_lock_state)


@handles(CheckPassword)
async def check_password(_turn: Turn, query: CheckPassword) -> PasswordChecked:
    """As typed. PW-6."""
    return password.check_password(query)


@handles(ChangePassword)
async def change_password(turn: Turn, command: ChangePassword) -> Outcome[Literal["changed"]] | Refusal:
    """With the old password. PW-9, PW-10."""
    decided = password.change_password(turn.account, command, turn.now, turn.actor.conversation, turn.services.passwords)
    if isinstance(decided, Refusal):
        return decided
    account, result = decided
    if isinstance(result, Refusal):
        turn.count(account)
    else:
        turn.save(account)
    return result


@handles(RequestPasswordReset)
async def request_password_reset(turn: Turn, command: RequestPasswordReset) -> Outcome[Literal["mail_sent"]]:
    """The same for an unknown address. PW-12, GEN-7."""
    token = turn.services.token()
    found = await turn.accounts("login", f"email:{command.email.lower()}")
    if found and await may_be_sent_to(turn, command.email):
        turn.save(password.with_reset_link(found[0], turn.services.digest("reset", token), turn.now))
        turn.tell(message_to(command.email, "link", token=token))
    return Outcome(outcome="mail_sent")


@handles(FinishPasswordReset)
async def finish_password_reset(turn: Turn, command: FinishPasswordReset) -> ResetResult | Refusal:
    """Link, password, identity check, done. PW-11, guide-zh:388-427."""
    account = await _account_of_link(turn, command)
    if account is None:
        return ResetResult(outcome="expired")
    refusal = password.refuse_new(account, command.new, command.repeat, turn.services.passwords)
    if refusal:
        return refusal
    if not account.usable_checks:
        return Refusal(rule="GEN-5", reason="no_check_method")
    checked, verdict = await verdict_by_hint(turn, account, account.email_login or "", command)
    turn.save(checked)
    if verdict != "right":
        return ResetResult(outcome="check_needed", methods=account.usable_checks)
    turn.save(password.with_password(checked, turn.services.passwords.hash(command.new), turn.now))
    return ResetResult(outcome="reset")


async def _account_of_link(turn: Turn, command: FinishPasswordReset) -> Account | None:
    """A link that still lives. PW-12."""
    found = await turn.accounts("password_reset", turn.services.digest("reset", command.token.get_secret_value()))
    reset = found[0].password.reset if found else None
    return found[0] if reset and turn.now < reset.expires and found[0].email_login else None


@handles(ResetSubUserPassword)
async def reset_sub_user_password(turn: Turn, command: ResetSubUserPassword) -> Outcome[Literal["reset"]] | Refusal:
    """By an administrator of the root account. PW-14."""
    assert isinstance(turn.actor, Proven)
    acting = turn.account.user(turn.actor.user) if turn.actor.user else None
    return turn.apply(
        password.reset_sub_user_password(
            turn.account, command.user, command.new, acting, turn.services.passwords, is_root=turn.actor.user is None
        )
    )

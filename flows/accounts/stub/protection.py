"""Protections and logging in, carried out. LP, OP, RL, LOCK."""

from datetime import timedelta
from typing import Literal

from flows.accounts.account import Account
from flows.accounts.account.access import identity_key
from flows.accounts.base import Outcome, Refusal
from flows.accounts.commands.protection import (
    AttemptLogin,
    CheckedLogin,
    ForgetTrustedDevices,
    GetProtection,
    LoginResult,
    PassLoginCheck,
    SetLoginProtection,
    SetOperationProtection,
    SetRemoteLoginCheck,
)
from flows.accounts.records.logins import PendingLogin, StrangersLock
from flows.accounts.rules import ground, login, protection
from flows.accounts.simulator import Scan
from flows.accounts.stub.ground import verdict_by_hint
from flows.accounts.stub.handlers import changes_own, handles, shows_own
from flows.accounts.stub.turn import Turn

_LOGIN_LIFE = timedelta(minutes=10)

shows_own(GetProtection, protection.get_protection)
changes_own(SetLoginProtection, protection.set_login_protection)
changes_own(ForgetTrustedDevices, protection.forget_trusted_devices)
changes_own(SetOperationProtection, protection.set_operation_protection)


@handles(SetRemoteLoginCheck)
async def set_remote_login_check(turn: Turn, command: SetRemoteLoginCheck) -> Outcome[Literal["saved"]] | Refusal:
    """It will ask for the check that has just been passed. LM-11."""
    check = ground.fresh_check(turn.account, turn.actor.conversation, turn.now)
    assert check is not None
    return turn.apply(protection.set_remote_login_check(turn.account, command, turn.now, check.method))


async def _who_logs_in(turn: Turn, command: AttemptLogin) -> tuple[Account | None, bool]:
    """Whose method it is, and whether password or platform confirm it; a hash is checked in any case. GEN-7, LM-14."""
    if command.method == "email":
        found = await turn.accounts("login", identity_key("email", (command.email or "").strip()))
        hashes = found[0].password.hashes if found else ()
        right = command.password is not None and turn.services.passwords.matches(hashes[0] if hashes else None, command.password)
        return (found[0] if found else None), right
    evidence = await turn.services.simulator.evidence(command.scan or "")
    if not isinstance(evidence, Scan) or evidence.kind != command.method:
        return None, False
    found = await turn.accounts("login", identity_key(command.method, evidence.identity))
    return (found[0] if found else None), bool(found)


@handles(AttemptLogin)
async def attempt_login(turn: Turn, command: AttemptLogin) -> LoginResult:
    """In the order of LP-10."""
    account, right = await _who_logs_in(turn, command)
    if account is None:
        return await _strangers_login(turn, command)
    lock, ended = login.password_step(account.lock, command, turn.now, right=right)
    account = account.but(lock=lock)
    turn.save(account)
    if ended:
        return ended
    wanted = protection.check_wanted(account, command.method, command.device, command.city, turn.now)
    pending = PendingLogin(
        id=turn.services.token(),
        account=account.id,
        method=command.method,
        device=command.device,
        city=command.city,
        ip=command.ip,
        check=wanted.method if wanted else "phone_code",
        protected=bool(wanted and wanted.protected),
        expires=turn.now + _LOGIN_LIFE,
    )
    if wanted is None:
        turn.save(login.log_in(account, pending, pending.id, turn.now))
        return LoginResult(outcome="logged_in", session=pending.id)
    turn.save(pending)
    return LoginResult(outcome="check_needed", login=pending.id, check=wanted.method)


async def _strangers_login(turn: Turn, command: AttemptLogin) -> LoginResult:
    """Unknown addresses are counted and locked alike; an unknown scan has no account to log in to. LOCK-9, GEN-7."""
    if command.method != "email":
        return LoginResult(outcome="refused")
    known = await turn.load(StrangersLock, (command.email or "").strip().lower())
    stranger = known or StrangersLock(id=(command.email or "").strip().lower())
    lock, ended = login.password_step(stranger.lock, command, turn.now, right=False)
    turn.save(stranger.but(lock=lock))
    return ended or LoginResult(outcome="wrong")


@handles(PassLoginCheck)
async def pass_login_check(turn: Turn, command: PassLoginCheck) -> CheckedLogin | Refusal:
    """The configured check, or another that may replace it. LP-6, LP-8."""
    pending = await turn.load(PendingLogin, command.login)
    account = await turn.load(Account, pending.account) if pending else None
    if pending is None or account is None or turn.now >= pending.expires:
        return CheckedLogin(outcome="wrong")
    wanted = protection.CheckWanted(pending.check, pending.protected)
    refusal = protection.refuse_login_check(account, wanted, command.method, trust=command.trust_device)
    if refusal:
        return refusal
    account, verdict = await verdict_by_hint(turn, account, account.id, command)
    turn.save(account)
    if verdict != "right":
        return CheckedLogin(outcome="wrong")
    if command.trust_device:
        account = account.but(protections=protection.trust_device(account.protections, pending.device, turn.now))
    turn.save(login.log_in(account, pending, pending.id, turn.now))
    turn.save(pending.but(expires=turn.now))
    return CheckedLogin(outcome="logged_in", session=pending.id)

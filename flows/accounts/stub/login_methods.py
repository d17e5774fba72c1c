"""Login methods, carried out. LM."""

from typing import Literal

from flows.accounts.account import Account, Kind
from flows.accounts.account.access import identity_key
from flows.accounts.base import Outcome, Refusal
from flows.accounts.commands.login_methods import (
    BindLoginMethod,
    ChangeLoginMethod,
    CheckUnbind,
    ListLoginMethods,
    UnbindLoginMethod,
)
from flows.accounts.records import WecomEnterprise
from flows.accounts.rules import login_methods as rules
from flows.accounts.rules.login_methods import NewIdentity
from flows.accounts.rules.new_password import refuse_password
from flows.accounts.rules.password import with_password
from flows.accounts.simulator import Scan
from flows.accounts.stub.handlers import changes_own, handles, shows_own
from flows.accounts.stub.turn import R, Turn

shows_own(ListLoginMethods, rules.list_login_methods)
shows_own(CheckUnbind, rules.check_unbind)
changes_own(UnbindLoginMethod, rules.unbind)


@handles(BindLoginMethod)
async def bind_login_method(turn: Turn, command: BindLoginMethod) -> Outcome[Literal["bound"]] | Refusal:
    """The kind has to be free, the new identity proven, its password good. LM-1, LM-3."""
    if turn.account.method(command.kind):
        return Refusal(rule="LM-1", reason="kind_taken")
    new = await _proven_identity(turn, command, turn.account.id)
    if isinstance(new, Refusal):
        return new
    decided = rules.bind(turn.account, new, turn.now)
    return decided if isinstance(decided, Refusal) else _with_password(turn, command, decided)


@handles(ChangeLoginMethod)
async def change_login_method(turn: Turn, command: ChangeLoginMethod) -> Outcome[Literal["changed"]] | Refusal:
    """As binding, for a kind that is bound. LM-7."""
    if turn.account.method(command.kind) is None:
        return Refusal(rule="LM-7", reason="not_bound")
    new = await _proven_identity(turn, command, turn.account.id)
    if isinstance(new, Refusal):
        return new
    decided = rules.change(turn.account, command, new, turn.now)
    return decided if isinstance(decided, Refusal) else _with_password(turn, command, decided)


def _with_password(turn: Turn, command: BindLoginMethod | ChangeLoginMethod, decided: tuple[Account, R]) -> R | Refusal:
    """A new login e-mail always comes with a new password. PW-15, LM-3, LM-8."""
    account, outcome = decided
    if command.kind == "email":
        assert command.password is not None
        refusal = refuse_password(command.password, command.email, account, turn.services.passwords)
        if refusal:
            return refusal
        account = with_password(account, turn.services.passwords.hash(command.password), turn.now)
    turn.save(account)
    return outcome


async def _proven_identity(turn: Turn, command: BindLoginMethod | ChangeLoginMethod, account_id: str) -> NewIdentity | Refusal:
    """An address proves itself by a code, anything else by its platform. LM-3, guide-zh:475-599."""
    if command.kind == "email":
        if not (command.email and command.code and command.password):
            return Refusal(rule="LM-3", reason="bad_input", details={"needed": ("email", "code", "password")})
        wrong = await turn.try_code("login_email", command.email, command.code)
        return wrong or await _identity(turn, "email", command.email, account_id)
    evidence = await turn.services.simulator.evidence(command.scan or "")
    if not isinstance(evidence, Scan) or evidence.kind != command.kind:
        return Refusal(rule="LM-3", reason="not_authorized")
    return await identity_of_scan(turn, evidence, account_id)


async def identity_of_scan(turn: Turn, scan: Scan, account_id: str) -> NewIdentity:
    """What a scan proves, with what its platform allows. LM-15, LM-16, WX-2."""
    new = await _identity(turn, scan.kind, scan.identity, account_id)
    wecom = await turn.load(WecomEnterprise, scan.wecom_enterprise) if scan.wecom_enterprise else None
    authorized = wecom is not None and wecom.mode == "by_administrator" and wecom.sees(scan.identity)
    return new._replace(
        may_bind_wecom=scan.kind != "wecom" or scan.wecom_admin or authorized,
        has_permission=scan.kind != "official_account" or scan.account_permission,
    )


async def _identity(turn: Turn, kind: Kind, identity: str, account_id: str) -> NewIdentity:
    key = identity_key(kind, identity)
    return NewIdentity(
        kind=kind,
        identity=identity,
        bound_elsewhere=await turn.others("login", key, account_id),
        registered_elsewhere=await turn.others("registered", key, account_id),
    )

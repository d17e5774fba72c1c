"""The password of the e-mail login: change, reset, a sub-user's; what is typed lives for one turn. PW, LOCK."""

from __future__ import annotations

from typing import Literal

from pydantic import JsonValue, SecretStr

from flows.accounts.base import Refusal
from flows.accounts.commands.ground import SendCode, SentFactor
from flows.accounts.commands.login_methods import ListLoginMethods
from flows.accounts.commands.password import (
    ChangePassword,
    CheckPassword,
    FinishPasswordReset,
    GetLockState,
    RequestPasswordReset,
    ResetSubUserPassword,
)
from flows.accounts.commands.users import ListUsers
from flows.actions.asking import granted, perform, refused, sentence
from flows.actions.base import Call, Result, action
from flows.actions.labels import options
from flows.actions.times import minute

_FACTORS: tuple[SentFactor, ...] = ("phone_code", "email_code")
_TYPE_AGAIN = {"bad_code", "wrong_old", "not_repeated", "weak_password", "used_before"}


@action(identity=True, gives=("users", "wrong_today", "code_needed", "locked_until"))
async def plan_password(call: Call) -> Result[Literal["change", "no_password", "user", "no_users", "lock"]]:
    """What is possible for the account that is proven. PW-1, PW-14, LOCK-1."""
    match call.text("task"):
        case "sub_user":
            users = (await granted(call, ListUsers(kind="sub_user"))).users
            listed: list[JsonValue] = [{"id": user.id, "label": f"{user.name} · {user.id}"} for user in users]
            return Result("user" if users else "no_users", {"users": listed})
        case "locked":
            lock = await granted(call, GetLockState())
            until = minute(lock.locked_until) if lock.locked_until else ""
            return Result("lock", {"wrong_today": lock.wrong_today, "code_needed": lock.code_needed, "locked_until": until})
        case _:
            methods = (await granted(call, ListLoginMethods())).methods
            return Result("change" if any(method.kind == "email" for method in methods) else "no_password")


@action(changes=("changed",), checked=True, gives=("reason", "rule"))
async def change_password(call: Call) -> Result[Literal["changed", "again", "too_many_wrong", "refused"]]:
    """The old password and the new one twice, in one message. PW-9, PW-10."""
    typed = _typed(call, "old_and_new", 3)
    if typed is None:
        return Result("again", refused(call, Refusal(rule="PW-9", reason="old_and_new_needed")).values)
    old, new, repeat = typed
    changed = await perform(call, ChangePassword(old=old, new=new, repeat=repeat))
    if not isinstance(changed, Refusal):
        return Result("changed")
    if changed.details.get("check_void"):
        return Result("too_many_wrong")
    again = _again_or_refused(call, changed)
    return Result(again.outcome, again.values)


@action(changes=("reset",), checked=True, gives=("reason", "rule"))
async def reset_sub_user_password(call: Call) -> Result[Literal["reset", "again", "refused"]]:
    """By the root account or an administrator; the new one twice, in one message. PW-14."""
    typed = _typed(call, "sub_user_new", 2)
    if typed is None or typed[0] != typed[1]:
        reason = "not_repeated" if typed else "new_twice_needed"
        return Result("again", refused(call, Refusal(rule="PW-14", reason=reason)).values)
    reset = await perform(call, ResetSubUserPassword(user=call.text("user"), new=typed[0]))
    return _again_or_refused(call, reset) if isinstance(reset, Refusal) else Result("reset")


@action(gives=("failing",))
async def check_new_password(call: Call) -> Result[Literal["fine", "weak"]]:
    """Every rule that a text would break as a password; it is not kept. PW-2, PW-3, PW-6."""
    checked = await granted(call, CheckPassword(password=SecretStr(call.text("tried"))))
    weak = Refusal(rule="PW-2", reason="weak_password", details={"failing": checked.failing})
    return Result("weak", {"failing": sentence(weak, call.caller.lang)}) if checked.failing else Result("fine")


@action(gives=("factors",))
async def request_password_reset(call: Call) -> Result[Literal["sent"]]:
    """A mail with a link, said alike for unknown addresses; what the next code can go to. PW-11, PW-12."""
    await granted(call, RequestPasswordReset(email=call.text("login_email")))
    return Result("sent", {"factors": options("check_method", _FACTORS)})


@action(gives=("reason", "rule"))
async def send_reset_check_code(call: Call) -> Result[Literal["sent", "refused"]]:
    """The code of the check at the end of a reset. PW-11."""
    sent = await perform(call, SendCode(purpose="prove", account=call.text("login_email"), factor=_factor(call)))
    return refused(call, sent) if isinstance(sent, Refusal) else Result("sent")


@action(changes=("reset",), identity=False, gives=("reason", "rule"))
async def finish_password_reset(call: Call) -> Result[Literal["reset", "again", "expired", "refused"]]:
    """The link of the mail, the code, and the new password twice, in one message. PW-11, PW-12."""
    typed = _typed(call, "reset_secrets", 4)
    if typed is None:
        return Result("again", refused(call, Refusal(rule="PW-11", reason="reset_secrets_needed")).values)
    link, code, new, repeat = typed
    command = FinishPasswordReset(token=_token(link), code=code, new=new, repeat=repeat, method=_factor(call))
    reset = await perform(call, command)
    if isinstance(reset, Refusal):
        return _again_or_refused(call, reset)
    if reset.outcome == "check_needed":
        return Result("again", refused(call, Refusal(rule="PW-11", reason="reset_not_checked")).values)
    return Result(reset.outcome)


def _factor(call: Call) -> SentFactor:
    return "email_code" if call.text("reset_factor") == "email_code" else "phone_code"


def _token(link: SecretStr) -> SecretStr:
    """The end of a link, or what was typed without the address."""
    return SecretStr(link.get_secret_value().rpartition("=")[2].rpartition("/")[2])


def _typed(call: Call, slot: str, count: int) -> list[SecretStr] | None:
    """So many secrets, separated by spaces; None for more or fewer."""
    parts = call.text(slot).split()
    return [SecretStr(part) for part in parts] if len(parts) == count else None


def _again_or_refused(call: Call, refusal: Refusal) -> Result[Literal["again", "refused"]]:
    """Whether another text may do."""
    if refusal.reason in _TYPE_AGAIN:
        return Result("again", refused(call, refusal).values)
    return refused(call, refusal)

"""Applying for login with a new e-mail, by a face check. APL."""

from __future__ import annotations

from typing import Literal

from pydantic import SecretStr

from flows.accounts.base import Refusal
from flows.accounts.commands.applying import FinishLoginApplication, SetApplicationEmail, SetApplicationProtection, StartLoginApplication
from flows.actions.asking import perform, refused
from flows.actions.base import Call, Result, action
from flows.actions.proofs import new_login, sent_to, to_type_again


@action(gives=("reason", "rule"))
async def send_application_code(call: Call) -> Result[Literal["sent", "refused"]]:
    """To the contact phone. APL-2."""
    return await sent_to(call, "application_phone", "contact_phone")


@action(gives=("application", "reason", "rule"))
async def start_application(call: Call) -> Result[Literal["next", "wrong", "refused"]]:
    """Step 1; whether the details belong together is said at the end only. APL-2, APL-3."""
    started = await perform(
        call,
        StartLoginApplication(
            type="personal",
            account=call.text("account_hint"),
            name=call.text("holder_name"),
            id_number=call.text("id_number"),
            reason=call.text("apply_reason"),
            phone=call.text("contact_phone"),
            code=SecretStr(call.text("contact_code")),
        ),
    )
    return _wrong_or_refused(call, started) if isinstance(started, Refusal) else Result("next", {"application": started.application})


def _wrong_or_refused(call: Call, refusal: Refusal) -> Result[Literal["wrong", "refused"]]:
    if to_type_again(refusal):
        return Result("wrong", refused(call, refusal).values)
    return refused(call, refusal)


@action(gives=("reason", "rule"))
async def set_application_email(call: Call) -> Result[Literal["next", "wrong", "in_use", "refused"]]:
    """Step 2. APL-5."""
    typed = new_login(call.text("email_secrets"))
    if isinstance(typed, Refusal):
        return _wrong_or_refused(call, typed)
    email = SetApplicationEmail(
        application=call.text("application"), email=call.text("new_email"), code=typed.code, password=typed.password, repeat=typed.repeat
    )
    done = await perform(call, email)
    if not isinstance(done, Refusal):
        return Result(done.outcome)
    if done.reason == "identity_in_use":
        return Result("in_use", refused(call, done).values)
    return _wrong_or_refused(call, done)


@action()
async def wanted_protection(call: Call) -> Result[Literal["keep", "switch"]]:
    """What the answers about the second check mean for step 3: only who can receive messages switches. APL-6, APL-7."""
    check = call.text("protection")
    switch = check in {"phone_or_scan", "unsure"} or (check == "mfa" and call.text("number_in_use") == "yes")
    return Result("switch" if switch else "keep")


@action(gives=("reason", "rule"))
async def keep_protection(call: Call) -> Result[Literal["next", "mfa_stays", "refused"]]:
    """Step 3, unchanged; login MFA would still be asked for. APL-7."""
    kept = await perform(call, SetApplicationProtection(application=call.text("application")))
    if isinstance(kept, Refusal):
        return refused(call, kept)
    return Result("mfa_stays" if kept.outcome == "next_with_warning" else "next")


@action(gives=("reason", "rule"))
async def send_protection_code(call: Call) -> Result[Literal["sent", "refused"]]:
    """To the number that shall be the security phone. APL-6."""
    return await sent_to(call, "application_protection", "new_phone")


@action(gives=("reason", "rule"))
async def switch_protection(call: Call) -> Result[Literal["next", "wrong", "refused"]]:
    """Step 3 with a new security phone; it applies with the rest. APL-6."""
    switched = await perform(
        call,
        SetApplicationProtection(
            application=call.text("application"), phone=call.text("new_phone"), code=SecretStr(call.text("phone_code"))
        ),
    )
    return _wrong_or_refused(call, switched) if isinstance(switched, Refusal) else Result("next")


@action(changes=("done",), identity=False, gives=("reason", "rule"))
async def finish_application(call: Call) -> Result[Literal["done", "face_failed", "details_do_not_match", "refused"]]:
    """Step 4: the face; then everything applies at once. APL-8, APL-9."""
    finished = await perform(call, FinishLoginApplication(application=call.text("application"), face=call.text("face")))
    return refused(call, finished) if isinstance(finished, Refusal) else Result(finished.outcome)


@action()
async def id_number_given(call: Call) -> Result[Literal["given", "own_way"]]:
    """Whether the application shall be made here."""
    return Result("given" if call.text("id_number") else "own_way")

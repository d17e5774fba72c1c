"""Contact and security details: change a phone or an e-mail, keep addresses in step. CT."""

from __future__ import annotations

from typing import Literal

from pydantic import SecretStr

from flows.accounts.base import Refusal
from flows.accounts.commands.contacts import (
    ContactsShown,
    GetContactDetails,
    SetContactEmail,
    SetContactPhone,
    SetSecurityEmail,
    SetSecurityPhone,
)
from flows.actions.asking import granted, perform, refused
from flows.actions.base import Call, Result, action
from flows.actions.labels import label
from flows.actions.proofs import sent_to
from flows.model import Lang


@action(identity=True, gives=("details",))
async def which_detail(call: Call) -> Result[Literal["checked", "contact_phone", "contact_email"]]:
    """What the answers mean: only contact details alone need no check; and how the account is reached now, masked. CT-1, CT-5."""
    values = {"details": _details(await granted(call, GetContactDetails()), call.caller.lang)}
    if call.text("kind") == "email":
        return Result("contact_email" if call.text("email_use") == "contact" else "checked", values)
    return Result("contact_phone" if call.text("phone_use") == "contact" else "checked", values)


def _details(found: ContactsShown, lang: Lang) -> str:
    none, colon = ("未设置", "：") if lang == "zh" else ("not set", ": ")
    values = found.model_dump(exclude={"pending"})
    lines = [f"- {label('held', name, lang)}{colon}{value or none}" for name, value in values.items()]
    waiting = "（等新的点开链接：{}）" if lang == "zh" else " (waiting for the link to be opened by {})"
    pending = {f"contact_{change.what}": waiting.format(change.target) for change in found.pending}
    return "\n".join(line + pending.get(name, "") for name, line in zip(values, lines, strict=True))


@action()
async def checked_detail(call: Call) -> Result[Literal["security_phone", "security_email", "login_email", "contact_email"]]:
    """Which value changes, after the check."""
    if call.text("kind") == "phone":
        return Result("security_phone")
    match call.text("email_use"):
        case "contact":
            return Result("contact_email")
        case "security":
            return Result("security_email")
        case _:
            return Result("login_email")


@action(gives=("reason", "rule"))
async def send_security_phone_code(call: Call) -> Result[Literal["sent", "refused"]]:
    """A code to the new security phone. CT-2."""
    return await sent_to(call, "security_phone", "new_security_phone")


@action(gives=("reason", "rule"))
async def send_security_email_code(call: Call) -> Result[Literal["sent", "refused"]]:
    """A code to the new security e-mail. CT-4."""
    return await sent_to(call, "security_email", "new_security_email")


@action(changes=("changed", "changed_too"), checked=True, gives=("reason", "rule"))
async def set_security_phone(call: Call) -> Result[Literal["changed", "changed_too", "wrong", "refused"]]:
    """Change the security phone; with ``both``, the contact phone is asked for as well. CT-2, CT-5."""
    number, code = call.text("new_security_phone"), SecretStr(call.text("security_phone_code"))
    changed = await perform(call, SetSecurityPhone(number=number, code=code))
    if isinstance(changed, Refusal):
        return _again_or_refused(call, changed)
    if call.text("phone_use") != "both":
        return Result("changed")
    await perform(call, SetContactPhone(number=number), "contact")  # the same as before is as good as changed
    return Result("changed_too")


@action(changes=("changed",), checked=True, gives=("reason", "rule", "hint"))
async def set_security_email(call: Call) -> Result[Literal["changed", "wrong", "refused"]]:
    """Change the security e-mail, and the contact e-mail with it on request. CT-4, CT-8."""
    code, sync = SecretStr(call.text("security_email_code")), call.text("email_in_step") == "yes"
    changed = await perform(call, SetSecurityEmail(address=call.text("new_security_email"), code=code, sync_contact=sync))
    return _again_or_refused(call, changed) if isinstance(changed, Refusal) else Result("changed", {"hint": changed.hint or ""})


def _again_or_refused(call: Call, refusal: Refusal) -> Result[Literal["wrong", "refused"]]:
    """A code can be typed again; anything else needs another value."""
    why = refused(call, refusal).values
    return Result("wrong", why) if refusal.reason == "wrong_code" else Result("refused", why)


@action(changes=("link_sent",), gives=("reason", "rule"))
async def set_contact_phone(call: Call) -> Result[Literal["link_sent", "refused"]]:
    """Ask for another contact phone; it holds once its link is opened. CT-5."""
    asked = await perform(call, SetContactPhone(number=call.text("new_contact_phone")))
    return refused(call, asked) if isinstance(asked, Refusal) else Result("link_sent")


@action(changes=("link_sent",), checked=True, gives=("reason", "rule"))
async def set_contact_email(call: Call) -> Result[Literal["link_sent", "refused"]]:
    """Ask for another contact e-mail, which may become the security e-mail too. CT-5, CT-7."""
    sync = call.text("security_in_step") == "yes"
    asked = await perform(call, SetContactEmail(address=call.text("new_contact_email"), sync_security=sync))
    return refused(call, asked) if isinstance(asked, Refusal) else Result("link_sent")

"""What somebody without a proven identity shows instead: codes to new numbers and addresses, a face, a password typed twice."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pydantic import SecretStr

from flows.accounts.base import Refusal
from flows.accounts.commands.ground import OfferEvidence, Purpose, SendCode
from flows.actions.asking import granted, perform, refused
from flows.actions.base import Call, Result, action


@dataclass(frozen=True, slots=True)
class NewLogin:
    """A mailbox's code and the new password, as typed in one message: secrets live for one turn only."""

    code: SecretStr
    password: SecretStr
    repeat: SecretStr


def new_login(text: str) -> NewLogin | Refusal:
    """The code, the password and the password again, in this order; a refusal when something is missing."""
    *digits, password, repeat = text.split() if len(text.split()) > 2 else ("", "", "")
    code = "".join(digits)
    if re.fullmatch(r"\d{6}", code):
        return NewLogin(SecretStr(code), SecretStr(password), SecretStr(repeat))
    return Refusal(rule="PW-9", reason="code_and_password_needed")


def to_type_again(refusal: Refusal) -> bool:
    """Whether another code or password may do."""
    return refusal.reason in {"wrong_code", "code_and_password_needed", "not_repeated", "weak_password", "used_before"}


async def sent_to(call: Call, purpose: Purpose, slot: str) -> Result[Literal["sent", "refused"]]:
    """Send a code to the number or address in a slot."""
    sent = await perform(call, SendCode(purpose=purpose, target=call.text(slot)))
    return refused(call, sent) if isinstance(sent, Refusal) else Result("sent")


@action(gives=("reason", "rule"))
async def send_login_email_code(call: Call) -> Result[Literal["sent", "refused"]]:
    """A code to the address that shall log in."""
    return await sent_to(call, "login_email", "new_email")


@action(gives=("faces",))
async def offer_faces(call: Call) -> Result[Literal["offered"]]:
    """The face checks to choose from."""
    offered = await granted(call, OfferEvidence(kind="face"))
    return Result("offered", {"faces": [{"id": item.reference, "label": {"zh": item.zh, "en": item.en}} for item in offered.items]})

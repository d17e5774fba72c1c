"""The demo: what would have been sent, who can be signed in as, and putting everything back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from assistant.message import now
from assistant.store.demo import Demo
from flows.accounts.account import Account
from flows.accounts.demo import DEMO_PASSWORD, GOOD_FOR, device_at_hand
from flows.accounts.loopback import asked_here
from flows.accounts.masking import mask_email, mask_phone
from flows.accounts.rules.mfa import STEP, code_at, step_of
from web.context import Shared
from web.identity import sign
from web.origins import FromKnownPage
from web.problems import Problem
from web.settings import Settings

router = APIRouter(prefix="/api/v1/demo", tags=["demo"], dependencies=[FromKnownPage])


def may_be_shown(request: Request, settings: Settings) -> bool:
    """Whether the demo is for whoever asks: a proxy on this machine may bring strangers to a server that listens on loopback."""
    return settings.demo_for_anybody or asked_here(request.headers)


async def _demo(request: Request, shared: Shared) -> Demo:
    if shared.demo is None or not may_be_shown(request, shared.settings):
        raise Problem(404, "这个地址下没有内容。", "There is nothing at this address.")
    return shared.demo


Served = Annotated[Demo, Depends(_demo)]
"""The demo company; 404 where it is not served, and to whom it is not."""


class InboxMessage(BaseModel):
    """A message that a phone or mailbox would have got."""

    id: int
    to: str
    channel: Literal["sms", "email", "app"]
    text: str = Field(repr=False)
    code: str | None = Field(repr=False)
    at: datetime


class Inbox(BaseModel):
    """Messages, oldest first."""

    messages: list[InboxMessage]


class Title(BaseModel):
    """What an account is good for."""

    zh: str
    en: str


class DemoAccount(BaseModel):
    """An account to sign in as; ``identity`` is a token as a host page would give it."""

    id: str
    title: Title
    phone: str | None
    email: str | None
    identity: str = Field(repr=False)


class DemoAccounts(BaseModel):
    """All of them, and the password of those with a login e-mail."""

    accounts: list[DemoAccount]
    password: str = Field(repr=False)


class MfaCode(BaseModel):
    """What the MFA device of an account shows right now."""

    account: str
    code: str = Field(repr=False)
    seconds_left: int


class Authenticator(BaseModel):
    """The devices that the demo holds; their secrets stay here."""

    codes: list[MfaCode]


@router.get("/inbox")
async def read_inbox(demo: Served, after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0) -> Inbox:
    """What the account service sent since message ``after``."""
    received = await demo.received(after)
    return Inbox(messages=[InboxMessage(id=one.id, at=one.at, **one.message.model_dump()) for one in received])


@router.get("/accounts")
async def list_accounts(demo: Served, shared: Shared) -> DemoAccounts:
    """The demo accounts, each with a token that signs a visitor in."""
    assert shared.identity_secret is not None
    secret = shared.identity_secret.get_secret_value()
    found = [await demo.account(account_id) for account_id in GOOD_FOR]
    accounts = [_shown(account, secret) for account in found if account]
    return DemoAccounts(accounts=accounts, password=DEMO_PASSWORD.get_secret_value())


@router.get("/authenticator")
async def read_authenticator(demo: Served) -> Authenticator:
    """The current codes of the demo accounts' devices, also of one that is just being bound."""
    at = now()
    seconds_left = STEP - int(at.timestamp()) % STEP
    accounts = [account for account_id in GOOD_FOR if (account := await demo.account(account_id))]
    held = [(account.id, secret) for account in accounts if (secret := device_at_hand(account))]
    return Authenticator(codes=[MfaCode(account=one, code=code_at(secret, step_of(at)), seconds_left=seconds_left) for one, secret in held])


@router.post("/reset", status_code=204)
async def reset(demo: Served) -> Response:
    """Put the company back as it was, and empty the inbox."""
    await demo.reset()
    return Response(status_code=204)


def _shown(account: Account, secret: str) -> DemoAccount:
    zh, en = GOOD_FOR[account.id]
    contacts = account.contacts
    return DemoAccount(
        id=account.id,
        title=Title(zh=zh, en=en),
        phone=mask_phone(contacts.security_phone) if contacts.security_phone else None,
        email=mask_email(contacts.security_email) if contacts.security_email else None,
        identity=sign(account.id, secret, datetime.now(UTC)),
    )

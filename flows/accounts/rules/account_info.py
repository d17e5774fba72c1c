"""Basic information. ACC.

No operation moves a resource to another account or merges accounts (ACC-11), and accounts of the International site are
unknown here (ACC-10).
"""

import unicodedata
from datetime import datetime, timedelta
from typing import Literal, get_args

from flows.accounts.account import Account, FreezeReason
from flows.accounts.base import Outcome, Refusal, refuse
from flows.accounts.commands.account_info import (
    AccountShown,
    AppId,
    FreezeState,
    GetAccount,
    GetAppId,
    GetFreezeState,
    Industry,
    ListLogins,
    ListProducts,
    Logins,
    LoginShown,
    Products,
    SetIndustry,
    SetNickname,
)
from flows.accounts.masking import mask_ip
from flows.accounts.rules.new_password import is_old

NICKNAME_LENGTH = 50
"""ACC-5."""
LOGIN_HISTORY = timedelta(days=90)
"""ACC-13, faq-zh:1112-1115."""
WAYS_OUT: dict[FreezeReason, Literal["ticket", "verify_again", "pay", "withdraw_cancellation"]] = {
    "violation": "ticket",
    "verification_failed": "verify_again",
    "arrears": "pay",
    "before_cancellation": "withdraw_cancellation",
}
"""ACC-9, faq-zh:111-116."""


def get_account(account: Account, _query: GetAccount, now: datetime) -> AccountShown:
    """The basic information. ACC-1, ACC-2, ACC-4, guide-zh:87-93."""
    return AccountShown(
        account_id=account.id,
        appid=account.appid,
        nickname=account.nickname,
        verification=account.verification.status,
        industry=account.industry,
        registered_at=account.registered_at,
        registered_with=account.registered_with,
        status=account.status,
        advice=("password_old",) if is_old(account, now) else (),
    )


def get_app_id(account: Account, _query: GetAppId, _now: datetime) -> AppId:
    """UIN and APPID. ACC-12, faq-zh:154."""
    return AppId(account_id=account.id, appid=account.appid)


def set_nickname(
    account: Account, command: SetNickname, _now: datetime
) -> tuple[Account, Outcome[Literal["saved", "saved_with_warning"]]] | Refusal:
    """1 to 50 characters without controls; the verified name is allowed, with a warning. ACC-5, ACC-6, guide-zh:113-116."""
    nickname = command.nickname.strip()
    has_control = any(unicodedata.category(character) == "Cc" for character in nickname)
    if not 1 <= len(nickname) <= NICKNAME_LENGTH or has_control:
        return Refusal(rule="ACC-5", reason="bad_nickname", details={"longest": NICKNAME_LENGTH})
    entity = account.verification.entity
    same = entity is not None and entity.name == nickname
    return account.but(nickname=nickname), Outcome(outcome="saved_with_warning" if same else "saved")


def set_industry(account: Account, command: SetIndustry, _now: datetime) -> tuple[Account, Outcome[Literal["saved"]]] | Refusal:
    """One of the list. ACC-7."""
    listed = get_args(Industry)
    return refuse(command.industry not in listed, "ACC-7", "unknown_industry", industries=listed) or (
        account.but(industry=command.industry),
        Outcome(outcome="saved"),
    )


def list_products(account: Account, _query: ListProducts, _now: datetime) -> Products:
    """The activated products, faq-zh:158."""
    return Products(products=account.products)


def list_logins(account: Account, query: ListLogins, now: datetime) -> Logins:
    """Time, method, masked address and city, newest first, 90 days. ACC-13."""
    earliest = max(query.since or now - LOGIN_HISTORY, now - LOGIN_HISTORY)
    recent = sorted((login for login in account.logins if login.at >= earliest), key=lambda login: login.at, reverse=True)
    return Logins(logins=tuple(LoginShown(at=login.at, method=login.method, ip=mask_ip(login.ip), city=login.city) for login in recent))


def get_freeze_state(account: Account, _query: GetFreezeState, _now: datetime) -> FreezeState:
    """The reasons, each with its way out. ACC-9."""
    return FreezeState(next_steps={reason: WAYS_OUT[reason] for reason in account.freeze_reasons})

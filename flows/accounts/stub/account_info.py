"""Basic information, carried out. ACC."""

from flows.accounts.commands.account_info import (
    GetAccount,
    GetAppId,
    GetFreezeState,
    ListLogins,
    ListProducts,
    SetIndustry,
    SetNickname,
)
from flows.accounts.rules import account_info
from flows.accounts.stub.handlers import changes_own, shows_own

shows_own(GetAccount, account_info.get_account)
shows_own(GetAppId, account_info.get_app_id)
shows_own(ListProducts, account_info.list_products)
shows_own(ListLogins, account_info.list_logins)
shows_own(GetFreezeState, account_info.get_freeze_state)
changes_own(SetNickname, account_info.set_nickname)
changes_own(SetIndustry, account_info.set_industry)

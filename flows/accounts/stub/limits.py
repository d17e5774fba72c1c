"""Quotas, looked up. LIM."""

from typing import Literal

from flows.accounts.account import Account
from flows.accounts.base import Outcome, Refusal
from flows.accounts.commands.limits import GetUsage, Limits, ListLimits, QuotaUse, RaiseEnterpriseQuota, Usage
from flows.accounts.records.quotas import EnterpriseQuota
from flows.accounts.rules import limits
from flows.accounts.stub.handlers import handles
from flows.accounts.stub.turn import Turn


@handles(ListLimits)
async def list_limits(_turn: Turn, _query: ListLimits) -> Limits:
    """The table. LIM-1 to LIM-17."""
    return Limits(limits=dict(limits.TABLE))


@handles(GetUsage)
async def get_usage(turn: Turn, _query: GetUsage) -> Usage:
    """What counts against the account's own quotas. LIM-18, LIM-20."""
    account = turn.account
    places = {
        "LIM-6": ("security_phone", account.contacts.security_phone),
        "LIM-7": ("person", account.verification.person.id_number if account.verification.person else None),
        "LIM-8": ("company", account.verification.company.code if account.verification.company else None),
        "LIM-9": ("login", wechat.key if (wechat := account.method("wechat")) else None),
        "LIM-10": ("login", wecom.key if (wecom := account.method("wecom")) else None),
    }
    quotas = {
        rule: QuotaUse(used=len(await turn.find(Account, index, value)), limit=await _limit(turn, rule, value))
        for rule, (index, value) in places.items()
        if value
    }
    counted = sum(user.kind != "message_recipient" for user in account.users)
    return Usage(quotas={**quotas, "LIM-16": QuotaUse(used=counted, limit=limits.USERS)})


async def _limit(turn: Turn, rule: str, value: str) -> int:
    raised = await turn.load(EnterpriseQuota, value) if rule == "LIM-8" else None
    return raised.limit if raised else limits.TABLE[rule]


@handles(RaiseEnterpriseQuota)
async def raise_enterprise_quota(turn: Turn, command: RaiseEnterpriseQuota) -> Outcome[Literal["raised"]] | Refusal:
    """By staff, only upwards. LIM-19, guide-zh:59."""
    now = await _limit(turn, "LIM-8", command.code)
    if command.limit <= now:
        return Refusal(rule="LIM-19", reason="not_higher", details={"limit": now})
    turn.save(EnterpriseQuota(id=command.code, limit=command.limit))
    return Outcome(outcome="raised")

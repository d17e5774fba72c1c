"""Searching for an account, and proving that its name may be heard. REC-1 to REC-7."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import JsonValue

from flows.accounts.base import Refusal
from flows.accounts.commands.recovery import FoundAccount, ProveByFace, ProveByPhone, StartSearch
from flows.actions.asking import perform, refused
from flows.actions.base import Call, Result, action
from flows.actions.labels import label, names
from flows.model import Lang


@action(gives=("search", "reason", "rule"))
async def search_by_clue(call: Call) -> Result[Literal["proof", "own_way", "refused"]]:
    """By domain, filing, server or account ID; what is found is shown only to whoever proves to be its holder. REC-3, REC-4."""
    search = _by_clue(call)
    if search is None:
        return Result("own_way")
    started = await perform(call, search)
    return refused(call, started) if isinstance(started, Refusal) else Result("proof", {"search": started.search})


def _by_clue(call: Call) -> StartSearch | None:
    """The search for the clue that was chosen; None when the value was not given."""
    domain, filing, address, account = (call.text(slot) for slot in ("domain", "filing", "server_ip", "account_id"))
    match call.text("clue"):
        case "domain" if domain:
            return StartSearch(way="domain", domain=domain)
        case "icp" if filing:
            by_number = "备" in filing
            return StartSearch(way="icp", filing=filing if by_number else None, domain=None if by_number else filing)
        case "server_ip" if address:
            return StartSearch(way="server_ip", server="lighthouse" if call.text("server_kind") == "lighthouse" else "cvm", ip=address)
        case "account_id" if account:
            return StartSearch(way="account_id", account_id=account)
        case _:
            return None


@action()
async def holder_named(call: Call) -> Result[Literal["given", "own_way"]]:
    """Whether the search shall be made here."""
    return Result("given" if call.text("holder_name") else "own_way")


@action(gives=("search", "reason", "rule"))
async def search_by_person(call: Call) -> Result[Literal["face", "own_way", "refused"]]:
    """By name and ID number; the face check decides. REC-4."""
    if not call.text("id_number"):
        return Result("own_way")
    started = await perform(call, StartSearch(way="personal", name=call.text("holder_name"), id_number=call.text("id_number")))
    return refused(call, started) if isinstance(started, Refusal) else Result("face", {"search": started.search})


@action(gives=("reason", "rule"))
async def search_by_phone(call: Call) -> Result[Literal["sent", "own_way", "refused"]]:
    """The accounts are sent to the number, if it is a security phone; nothing is shown. REC-5."""
    if not call.text("security_phone"):
        return Result("own_way")
    started = await perform(call, StartSearch(way="security_phone", phone=call.text("security_phone")))
    return refused(call, started) if isinstance(started, Refusal) else Result("sent")


@action(gives=("reason", "rule"))
async def prove_by_phone(call: Call) -> Result[Literal["sent", "refused"]]:
    """Said alike, whether or not the number is the account's security phone. REC-3."""
    proven = await perform(call, ProveByPhone(search=call.text("search"), number=call.text("whole_phone")))
    return refused(call, proven) if isinstance(proven, Refusal) else Result("sent")


@action(gives=("found", "reason", "rule"))
async def prove_by_face(call: Call) -> Result[Literal["shown", "not_matched", "refused"]]:
    """The accounts that this face opens. REC-4."""
    proof = await perform(call, ProveByFace(search=call.text("search"), face=call.text("face")))
    if isinstance(proof, Refusal):
        return refused(call, proof)
    return Result(proof.outcome, {"found": listed(proof.accounts, call.caller.lang)})


def listed(accounts: Iterable[FoundAccount], lang: Lang) -> list[JsonValue]:
    """Accounts for a text to show; the registration method is empty once it is unbound. REC-7."""
    return [
        {
            "id": account.account_id,
            "registered": label("login_kind", account.registration_method, lang) if account.registration_method else "",
            "bound": names("login_kind", account.bound_kinds, lang),
            "verified_as": account.verified_as,
        }
        for account in accounts
    ]

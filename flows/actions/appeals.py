"""An enterprise's appeal for its accounts: submitting it, its progress, and what an approved one allows. REC-8 to REC-19."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import JsonValue, SecretStr

from flows.accounts.base import Refusal
from flows.accounts.commands.recovery import (
    AddLoginEmail,
    AppealShown,
    GetAppeal,
    ResetSecurityCheck,
    StartSearch,
    SubmitEnterpriseAppeal,
)
from flows.accounts.rules.recovery import MORE_PAPERS, PAPERS
from flows.actions.asking import perform, refused
from flows.actions.base import Call, Result, action
from flows.actions.proofs import new_login, sent_to, to_type_again
from flows.actions.recovery import listed
from flows.actions.times import last_day, minute

_Situation: TypeAlias = Literal["normal", "deregistered", "renamed"]
_SITUATIONS: dict[str, _Situation] = {"deregistered": "deregistered", "renamed": "renamed"}


@action()
async def company_named(call: Call) -> Result[Literal["given", "own_way"]]:
    """Whether the appeal shall be made here."""
    return Result("given" if call.text("company_name") else "own_way")


@action(gives=("search", "reason", "rule"))
async def search_company(call: Call) -> Result[Literal["started", "refused"]]:
    """Name, code and reason; by the legal representative, or by a handler with papers."""
    company = {"company_name": call.text("company_name"), "company_code": call.text("company_code"), "reason": call.text("appeal_reason")}
    if _by_representative(call):
        person = {"name": call.text("representative_name"), "id_number": call.text("representative_id")}
        search = StartSearch.model_validate({"way": "enterprise_representative", **company, **person})
    else:
        search = StartSearch.model_validate({"way": "enterprise_documents", **company})
    started = await perform(call, search)
    return refused(call, started) if isinstance(started, Refusal) else Result("started", {"search": started.search})


def _by_representative(call: Call) -> bool:
    return call.text("company_proof") == "yes"


@action(gives=("reason", "rule"))
async def send_appeal_code(call: Call) -> Result[Literal["sent", "refused"]]:
    """To the phone that hears of the review. REC-10."""
    return await sent_to(call, "appeal_phone", "contact_phone")


@action(changes=("in_review",), identity=False, gives=("new_query_code", "reason", "rule"))
async def submit_appeal(call: Call) -> Result[Literal["in_review", "not_matched", "wrong", "refused"]]:
    """The review begins; the query code is all that leads back to it. REC-9, REC-10."""
    situation = _SITUATIONS.get(call.text("company_history"), "normal")
    documents = not _by_representative(call)
    submitted = await perform(
        call,
        SubmitEnterpriseAppeal(
            search=call.text("search"),
            branch="documents" if documents else "representative",
            situation=situation if documents else "normal",
            face=call.text("face"),
            # The originals are handed in where the service asks for them; here is only noted that they are at hand.
            papers=dict.fromkeys((*PAPERS, *MORE_PAPERS[situation]), "at hand") if documents else {},
            handler_name=call.text("handler_name"),
            handler_id=call.text("handler_id") or None,
            phone=call.text("contact_phone"),
            code=SecretStr(call.text("appeal_code")),
        ),
    )
    if isinstance(submitted, Refusal):
        return _wrong_or_refused(call, submitted)
    return Result(submitted.outcome, {"new_query_code": submitted.query_code})


def _wrong_or_refused(call: Call, refusal: Refusal) -> Result[Literal["wrong", "refused"]]:
    if to_type_again(refusal):
        return Result("wrong", refused(call, refusal).values)
    return refused(call, refusal)


@action()
async def query_code_known(call: Call) -> Result[Literal["known", "own_way"]]:
    """Whether there is a query code to ask with."""
    return Result("known" if call.text("query_code") else "own_way")


@action(gives=("reason", "rule"))
async def send_query_code(call: Call) -> Result[Literal["sent", "refused"]]:
    """To the phone given in the appeal. REC-11."""
    return await sent_to(call, "appeal_query", "query_phone")


@action(gives=("found", "appeal_accounts", "with_email", "due", "until", "rejection", "reason", "rule"))
async def look_up_appeal(
    call: Call,
) -> Result[Literal["in_review", "approved", "nothing_found", "rejected", "not_found", "wrong", "refused"]]:
    """How it stands, for whoever holds query code and phone. REC-11."""
    query = GetAppeal(query_code=_appeal(call), phone=call.text("query_phone"), code=SecretStr(call.text("query_proof")))
    shown = await perform(call, query)
    if isinstance(shown, Refusal):
        return _wrong_or_refused(call, shown)
    outcome = "nothing_found" if shown.outcome == "approved" and not shown.accounts else shown.outcome
    return Result(outcome, _appeal_values(shown, call))


def _appeal(call: Call) -> str:
    return "".join(call.text("query_code").split()).upper()


def _appeal_values(shown: AppealShown, call: Call) -> dict[str, JsonValue]:
    return {
        "found": listed(shown.accounts, call.caller.lang),
        "appeal_accounts": [account.account_id for account in shown.accounts],
        "with_email": [account.account_id for account in shown.accounts if "email" in account.bound_kinds],
        "due": last_day(shown.due) if shown.due else "",
        "until": minute(shown.until) if shown.until else "",
        "rejection": shown.reason,
    }


@action()
async def login_email_there(call: Call) -> Result[Literal["there", "none"]]:
    """Whether a new login e-mail would replace one. REC-16."""
    with_email = call.slots.get("with_email")
    return Result("there" if isinstance(with_email, list) and call.text("appeal_account") in with_email else "none")


@action(changes=("added",), identity=False, gives=("reason", "rule"))
async def add_login_email(call: Call) -> Result[Literal["added", "wrong", "in_use", "refused"]]:
    """A new login e-mail with its password; once per account, within a day of the approval. REC-13, REC-15."""
    typed = new_login(call.text("email_secrets"))
    if isinstance(typed, Refusal):
        return _wrong_or_refused(call, typed)
    added = await perform(
        call,
        AddLoginEmail(
            appeal=_appeal(call),
            account=call.text("appeal_account"),
            email=call.text("new_email"),
            code=typed.code,
            password=typed.password,
            repeat=typed.repeat,
            replace=call.text("replace_email") == "yes",
        ),
    )
    if not isinstance(added, Refusal):
        return Result(added.outcome)
    if added.reason == "identity_in_use":
        return Result("in_use", refused(call, added).values)
    return _wrong_or_refused(call, added)


@action(gives=("reason", "rule"))
async def send_new_security_phone_code(call: Call) -> Result[Literal["sent", "refused"]]:
    """To the number that shall be the security phone. REC-14."""
    return await sent_to(call, "reset_phone", "new_phone")


@action(changes=("reset",), identity=False, gives=("reason", "rule"))
async def reset_security_check(call: Call) -> Result[Literal["reset", "wrong", "refused"]]:
    """Login and operation protection ask the new security phone; once per account, within a day of the approval. REC-14, REC-15."""
    reset = await perform(
        call,
        ResetSecurityCheck(
            appeal=_appeal(call), account=call.text("appeal_account"), phone=call.text("new_phone"), code=SecretStr(call.text("reset_code"))
        ),
    )
    return _wrong_or_refused(call, reset) if isinstance(reset, Refusal) else Result(reset.outcome)

"""Enterprise appeals, carried out. REC-8 to REC-19."""

from typing import Literal

from flows.accounts.account import Account
from flows.accounts.base import Outcome, Refusal
from flows.accounts.calendar import working_days_after
from flows.accounts.commands.recovery import (
    AddLoginEmail,
    AppealShown,
    AppealSubmitted,
    DecideAppeal,
    GetAppeal,
    ResetSecurityCheck,
    SubmitEnterpriseAppeal,
)
from flows.accounts.records.recovery import Appeal, AppealOpened, Search
from flows.accounts.rules import password, recovery
from flows.accounts.rules.contacts import refuse_phone
from flows.accounts.simulator import Face
from flows.accounts.stub.handlers import handles
from flows.accounts.stub.recovery import count_try, own_search
from flows.accounts.stub.turn import Turn


@handles(SubmitEnterpriseAppeal)
async def submit_enterprise_appeal(turn: Turn, command: SubmitEnterpriseAppeal) -> AppealSubmitted | Refusal:
    """Code, papers, face; then the review begins, whatever was found. REC-8, REC-9, REC-10, GEN-7."""
    if wrong := await turn.try_code("appeal_phone", command.phone, command.code):
        return wrong
    missing = recovery.missing_papers(command)
    if missing:
        return Refusal(rule="REC-9", reason="papers_missing", details={"missing": missing})
    search = await own_search(turn, command.search)
    if search is None or not search.company_code or not await _face_fits(turn, command, search):
        return await count_try(turn, turn.actor.conversation) or AppealSubmitted(outcome="not_matched")
    appeal = Appeal(
        id=turn.services.chance.pick(recovery.QUERY_CODE_ALPHABET, recovery.QUERY_CODE_LENGTH),
        phone=command.phone,
        company_code=search.company_code,
        papers=tuple(command.papers.values()),
        submitted_at=turn.now,
        due=working_days_after(turn.now, recovery.REVIEW_DAYS, turn.services.holidays),
        accounts=search.accounts,
    )
    turn.save(appeal)
    return AppealSubmitted(outcome="in_review", query_code=appeal.id)


async def _face_fits(turn: Turn, command: SubmitEnterpriseAppeal, search: Search) -> bool:
    """The representative whom the registry names now, or the handler with the papers. REC-8, guide-zh:934."""
    evidence = await turn.services.simulator.evidence(command.face)
    if not isinstance(evidence, Face):
        return False
    seen = (evidence.person.name, evidence.person.id_number)
    if command.branch == "documents":
        return seen == (command.handler_name, command.handler_id)
    registered = await turn.services.simulator.company(search.company_code)
    claimed = search.person
    if registered is None or claimed is None:
        return False
    representative = (registered.representative.name, registered.representative.id_number)
    return seen == representative == (claimed.name, claimed.id_number)


@handles(GetAppeal)
async def get_appeal(turn: Turn, command: GetAppeal) -> AppealShown | Refusal:
    """For whoever holds the code and the phone. REC-11, guide-zh:955-961."""
    if wrong := await turn.try_code("appeal_query", command.phone, command.code):
        return wrong
    appeal = await turn.load(Appeal, command.query_code.strip().upper())
    if appeal is None or appeal.phone != command.phone:
        return await count_try(turn, turn.actor.conversation) or AppealShown(outcome="not_found")
    turn.save(appeal.but(opened=(*appeal.opened, AppealOpened(conversation=turn.actor.conversation, at=turn.now))[-5:]))
    loaded = [await turn.load(Account, account_id) for account_id in appeal.accounts]
    return recovery.show_appeal(appeal, tuple(account for account in loaded if account and account.status != "cancelled"), turn.now)


async def _for_action(turn: Turn, appeal_id: str, account_id: str, action: recovery.Action) -> tuple[Appeal, Account] | Refusal:
    appeal = await turn.load(Appeal, appeal_id)
    refusal = recovery.refuse_action(appeal, account_id, action, turn.actor.conversation, turn.now)
    account = await turn.load(Account, account_id)
    if refusal or appeal is None or account is None or account.status == "cancelled":
        return refusal or Refusal(rule="REC-17", reason="no_approved_appeal")
    return appeal.but(used=(*appeal.used, (account_id, action))), account


@handles(AddLoginEmail)
async def add_login_email(turn: Turn, command: AddLoginEmail) -> Outcome[Literal["added"]] | Refusal:
    """Appeal, code, uniqueness, password. REC-13, REC-15, REC-16, PW-15."""
    allowed = await _for_action(turn, command.appeal, command.account, "add_login_email")
    if isinstance(allowed, Refusal):
        return allowed
    if wrong := await turn.try_code("login_email", command.email, command.code):
        return wrong
    appeal, account = allowed
    elsewhere = await turn.others("login", f"email:{command.email.lower()}", account.id)
    added = recovery.add_login_email(account, command, turn.now, elsewhere)
    if isinstance(added, Refusal):
        return added
    if refusal := password.refuse_new(added, command.password, command.repeat, turn.services.passwords):
        return refusal
    turn.save(password.with_password(added, turn.services.passwords.hash(command.password), turn.now))
    turn.save(appeal)
    return Outcome(outcome="added")


@handles(ResetSecurityCheck)
async def reset_security_check(turn: Turn, command: ResetSecurityCheck) -> Outcome[Literal["reset"]] | Refusal:
    """Appeal, code, quota. REC-14, REC-15, LIM-6."""
    allowed = await _for_action(turn, command.appeal, command.account, "reset_security_check")
    if isinstance(allowed, Refusal):
        return allowed
    if wrong := await turn.try_code("reset_phone", command.phone, command.code):
        return wrong
    appeal, account = allowed
    if refusal := refuse_phone(await turn.others("security_phone", command.phone, account.id)):
        return refusal
    turn.save(recovery.reset_security_check(account, command.phone, turn.now))
    turn.save(appeal)
    return Outcome(outcome="reset")


@handles(DecideAppeal)
async def decide_appeal(turn: Turn, command: DecideAppeal) -> Outcome[Literal["approved", "rejected"]] | Refusal:
    """Once, by staff. REC-12."""
    appeal = await turn.load(Appeal, command.query_code)
    if appeal is None or appeal.state != "in_review":
        return Refusal(rule="REC-12", reason="wrong_state")
    state: Literal["approved", "rejected"] = "approved" if command.approve else "rejected"
    turn.save(appeal.but(state=state, reason=command.reason, decided_at=turn.now))
    return Outcome(outcome=state)

"""WeCom, carried out. WX."""

from typing import Literal

from flows.accounts.account import Account, LoginMethod
from flows.accounts.base import Outcome, Refusal, refuse
from flows.accounts.commands.wecom import (
    AccountLinked,
    AddApp,
    AssignPolicies,
    DecideRequest,
    GetLinkedEnterprise,
    GetWecomSetup,
    LinkAccount,
    LinkedEnterprise,
    RequestDecided,
    RequestSubUser,
    SetVisibleScope,
    WecomSetup,
)
from flows.accounts.notifier import message_to
from flows.accounts.records import WecomEnterprise
from flows.accounts.rules import wecom
from flows.accounts.rules.limits import ACCOUNTS_PER_WECOM
from flows.accounts.simulator import Scan
from flows.accounts.stub.handlers import handles
from flows.accounts.stub.turn import Turn
from flows.accounts.stub.users import proven


async def _member(turn: Turn, reference: str) -> tuple[Scan, WecomEnterprise] | Refusal:
    """Who scanned, and in which enterprise: the scan is the proof. GEN-15."""
    scan = await turn.services.simulator.evidence(reference)
    if not isinstance(scan, Scan) or scan.kind != "wecom" or not scan.wecom_enterprise:
        return Refusal(rule="WX-1", reason="not_authorized")
    return scan, await turn.load(WecomEnterprise, scan.wecom_enterprise) or WecomEnterprise(id=scan.wecom_enterprise)


async def _linked_account(turn: Turn, enterprise: WecomEnterprise) -> Account | None:
    account = await turn.load(Account, enterprise.account) if enterprise.account else None
    return account if account and account.status != "cancelled" else None


@handles(GetWecomSetup)
async def get_wecom_setup(turn: Turn, query: GetWecomSetup) -> WecomSetup | Refusal:
    """Which step is next, for the member who asks. WX-6."""
    member = await _member(turn, query.scan)
    if isinstance(member, Refusal):
        return member
    scan, enterprise = member
    return wecom.setup(enterprise, scan.identity, await _linked_account(turn, enterprise))


@handles(GetLinkedEnterprise)
async def get_linked_enterprise(turn: Turn, _query: GetLinkedEnterprise) -> LinkedEnterprise:
    """By name. WX-3."""
    enterprise = await turn.load(WecomEnterprise, turn.account.wecom) if turn.account.wecom else None
    return LinkedEnterprise(name=(enterprise.name or enterprise.id) if enterprise else turn.account.wecom)


@handles(AddApp)
async def add_app(turn: Turn, command: AddApp) -> Outcome[Literal["added"]] | Refusal:
    """WX-1."""
    member = await _member(turn, command.scan)
    added = member if isinstance(member, Refusal) else wecom.add_app(member[1], member[0], command.scope)
    if isinstance(added, Refusal):
        return added
    turn.save(added)
    return Outcome(outcome="added")


@handles(SetVisibleScope)
async def set_visible_scope(turn: Turn, command: SetVisibleScope) -> Outcome[Literal["saved"]] | Refusal:
    """WX-12."""
    member = await _member(turn, command.scan)
    saved = member if isinstance(member, Refusal) else wecom.set_scope(member[1], member[0], command)
    if isinstance(saved, Refusal):
        return saved
    turn.save(saved)
    return Outcome(outcome="saved")


@handles(LinkAccount)
async def link_account(turn: Turn, command: LinkAccount) -> AccountLinked | Refusal:
    """The actor's own account, or a new one that this WeCom identity registers. WX-3, WX-4, WX-13."""
    member = await _member(turn, command.scan)
    if isinstance(member, Refusal):
        return member
    scan, enterprise = member
    account = _registered(turn, scan) if command.register_new else turn.account
    refusal = wecom.refuse_link(enterprise, scan, account, proven(turn), await _quota(turn, scan, register=command.register_new))
    if refusal:
        return refusal
    user_id = "2" + turn.services.chance.pick("0123456789", 11)
    turn.save(wecom.linked(account, enterprise, scan, user_id, turn.now))
    turn.save(enterprise.but(account=account.id, administrators=tuple(sorted({*enterprise.administrators, scan.identity}))))
    return AccountLinked(outcome="linked", account=account.id)


async def _quota(turn: Turn, scan: Scan, *, register: bool) -> Refusal | None:
    """Registers one, bound to at most twenty. WX-13, LIM-5, LIM-10, guide-zh:46, 51."""
    key = f"wecom:{scan.identity}"
    registered = register and bool(await turn.find(Account, "registered", key))
    bound = len(await turn.find(Account, "login", key))
    return refuse(registered, "WX-13", "wecom_quota", quota="LIM-5") or refuse(
        bound >= ACCOUNTS_PER_WECOM, "WX-13", "wecom_quota", quota="LIM-10"
    )


def _registered(turn: Turn, scan: Scan) -> Account:
    """A new account, usable at once. ACC-3, ACC-8, LM-6."""
    method = LoginMethod(kind="wecom", identity=scan.identity, is_registration=True, bound_at=turn.now)
    return Account(
        id="1" + turn.services.chance.pick("0123456789", 11),
        appid="13" + turn.services.chance.pick("0123456789", 8),
        nickname=scan.identity,
        registered_at=turn.now,
        registered_with="wecom",
        methods=(method,),
    )


@handles(RequestSubUser)
async def request_sub_user(turn: Turn, command: RequestSubUser) -> Outcome[Literal["link_created", "app_missing", "not_linked"]] | Refusal:
    """The link goes to the account's administrators. WX-5, WX-6, WX-7."""
    member = await _member(turn, command.scan)
    if isinstance(member, Refusal):
        return member
    scan, enterprise = member
    if not enterprise.app_added:
        return Outcome(outcome="app_missing")
    account = await _linked_account(turn, enterprise)
    if account is None:
        return Outcome(outcome="not_linked")
    if refusal := wecom.refuse_request(enterprise, account, scan.identity):
        return refusal
    token = turn.services.token()
    turn.save(wecom.with_request(enterprise, scan.identity, turn.services.digest("request", token), turn.now))
    turn.tell(*(message_to(f"wecom:{administrator}", "request", token=token) for administrator in enterprise.administrators))
    return Outcome(outcome="link_created")


@handles(DecideRequest)
async def decide_request(turn: Turn, command: DecideRequest) -> RequestDecided | Refusal:
    """The member hears of it through the app. WX-8, WX-10, guide-zh:2010."""
    digest = turn.services.digest("request", command.link.get_secret_value())
    found = await turn.find(WecomEnterprise, "request", digest)
    enterprise = await turn.load(WecomEnterprise, found[0]) if found else None
    mine = enterprise if enterprise and enterprise.account == turn.account.id else None
    request = next((one for one in mine.requests if one.token_digest == digest), None) if mine else None
    refusal = wecom.refuse_decision(turn.account, proven(turn), request, turn.now)
    if refusal or mine is None or request is None:
        return refusal or Refusal(rule="WX-7", reason="expired")
    state: Literal["approved", "rejected"] = "approved" if command.approve else "rejected"
    user_id = "2" + turn.services.chance.pick("0123456789", 11)
    if command.approve:
        account = wecom.approved(turn.account, mine, request.member, user_id, turn.now, promote=command.make_administrator)
        if isinstance(account, Refusal):
            return account
        turn.save(account)
    turn.save(mine.but(requests=tuple(one.but(state=state) if one == request else one for one in mine.requests)))
    turn.tell(message_to(f"wecom:{request.member}", "result", state=state))
    return RequestDecided(outcome=state, user=user_id if command.approve else None)


@handles(AssignPolicies)
async def assign_policies(turn: Turn, command: AssignPolicies) -> Outcome[Literal["saved"]] | Refusal:
    """WX-9."""
    return turn.apply(wecom.assign_policies(turn.account, command, proven(turn)))

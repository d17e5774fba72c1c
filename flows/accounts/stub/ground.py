"""Codes and identity checks, carried out. GEN."""

from collections.abc import Iterable
from typing import Protocol

from pydantic import SecretStr

from flows.accounts.account import Account, CheckMethod, PassedCheck
from flows.accounts.base import Detail, Outcome, Refusal
from flows.accounts.calendar import day_of
from flows.accounts.commands.base import Proven
from flows.accounts.commands.ground import (
    CheckIdentity,
    CheckMethods,
    EvidenceOffered,
    ListCheckMethods,
    OfferEvidence,
    Proof,
    ProveIdentity,
    SendCode,
    Validate,
    Validation,
)
from flows.accounts.notifier import message_to
from flows.accounts.rules import ground, mfa
from flows.accounts.rules.codes import CodeBox, Verdict, issue, seconds_to_wait, try_code
from flows.accounts.simulator import Scan
from flows.accounts.stub.handlers import handles
from flows.accounts.stub.turn import Turn
from flows.accounts.validators import VALIDATORS, Valid, email


@handles(ListCheckMethods)
async def list_check_methods(turn: Turn, _query: ListCheckMethods) -> CheckMethods | Refusal:
    """For the conversation that asks. GEN-4, GEN-5."""
    listed = ground.list_check_methods(turn.account, turn.actor.conversation, turn.now)
    return listed if isinstance(listed, Refusal) else listed.but(waits=await _waits(turn, listed.methods))


async def _waits(turn: Turn, methods: Iterable[CheckMethod]) -> dict[CheckMethod, int]:
    """How long until a code can be sent, unless the last one can still be entered. GEN-6."""
    waits: dict[CheckMethod, int] = {}
    for method in methods:
        target = factor_of(turn.account, method) if method in {"phone_code", "email_code"} else None
        box = await turn.load(CodeBox, target) if target else None
        if box and not box.waits_for("check", turn.now) and (wait := seconds_to_wait(box, turn.now)):
            waits[method] = wait
    return waits


@handles(Validate)
async def validate(turn: Turn, query: Validate) -> Validation:
    """Form only. VAL."""
    checked = VALIDATORS[query.validator](query.text, day_of(turn.now))
    return Validation(outcome="ok", value=checked.value) if isinstance(checked, Valid) else Validation(outcome=checked.reason)


async def account_by_hint(turn: Turn, hint: str) -> Account | None:
    """The account that an id or a login e-mail names; a cancelled one is unknown. GEN-12."""
    checked = email(hint)
    found = await turn.find(Account, "login", f"email:{checked.value.lower()}") if isinstance(checked, Valid) else ()
    account = await turn.load(Account, found[0] if found else hint.strip())
    return account if account and account.status != "cancelled" else None


def factor_of(account: Account, factor: CheckMethod) -> str | None:
    """Where a code to this factor goes."""
    return account.contacts.security_phone if factor == "phone_code" else account.contacts.security_email


def _hint_box(hint: str, factor: str) -> str:
    return f"hint:{hint.strip().lower()}|{factor}"


@handles(SendCode)
async def send_code(turn: Turn, command: SendCode) -> Outcome[str] | Refusal:
    """To a new target, to a factor of one's own account, or to a factor of a hinted one that may not exist. GEN-6, GEN-7."""
    if command.target is not None and command.purpose not in {"prove", "check"}:
        return await _issue(turn, command.purpose, command.target, command.target)
    if command.purpose == "check" and command.factor and isinstance(turn.actor, Proven):
        account = await turn.load(Account, turn.actor.account)
        target = factor_of(account, command.factor) if account and ground.still_proven(account, turn.actor, turn.now) else None
        return await _issue(turn, "check", target, target) if target else Refusal(rule="GEN-5", reason="no_check_method")
    if command.purpose == "prove" and command.factor and command.account:
        known = await account_by_hint(turn, command.account)
        return await _issue(turn, "prove", _hint_box(command.account, command.factor), factor_of(known, command.factor) if known else None)
    return Refusal(rule="GEN-6", reason="bad_input", details={"field": "target"})


async def _issue(turn: Turn, purpose: str, box_id: str, address: str | None) -> Outcome[str] | Refusal:
    """A code for the box; it is sent if there is somebody to send it to, and looks sent if not. GEN-7."""
    code = turn.services.code()
    box = await turn.load(CodeBox, box_id) or CodeBox(id=box_id)
    filled = issue(box, purpose, turn.services.digest(purpose, box_id, code), turn.now)
    if isinstance(filled, Refusal):
        return filled
    turn.save(filled)
    if address and (address == box_id or await may_be_sent_to(turn, address)):
        turn.tell(message_to(address, "code", code=code, purpose=purpose))
    return Outcome(outcome="sent")


async def may_be_sent_to(turn: Turn, address: str) -> bool:
    """The target's own pace holds as well, silently. GEN-6, GEN-7."""
    box = await turn.load(CodeBox, address) or CodeBox(id=address)
    paced = issue(box, "pace", "", turn.now)
    if isinstance(paced, Refusal):
        return False
    turn.save(paced.without("pace"))
    return True


@handles(ProveIdentity)
async def prove_identity(turn: Turn, command: ProveIdentity) -> Proof:
    """Thirty minutes of trust for the right code, which is an identity check as well. GEN-3, GEN-4."""
    box_id = _hint_box(command.account, command.factor)
    box = await turn.load(CodeBox, box_id) or CodeBox(id=box_id)
    worn, verdict = try_code(box, "prove", turn.services.digest("prove", box_id, command.code.get_secret_value()), turn.now)
    turn.count(worn)
    account = await account_by_hint(turn, command.account)
    if verdict != "right":
        return Proof(outcome=verdict)
    if account is None or factor_of(account, command.factor) is None:
        return Proof(outcome="wrong")
    check = PassedCheck(conversation=turn.actor.conversation, method=command.factor, at=turn.now)
    turn.save(ground.with_check(account, check))
    return Proof(outcome="proven", actor=Proven(conversation=turn.actor.conversation, account=account.id, at=turn.now))


@handles(OfferEvidence)
async def offer_evidence(turn: Turn, query: OfferEvidence) -> EvidenceOffered:
    """What the simulator has of this kind. GEN-15."""
    return EvidenceOffered(items=await turn.services.simulator.offered(query.kind, turn.actor.conversation))


@handles(CheckIdentity)
async def check_identity(turn: Turn, command: CheckIdentity) -> Outcome[str] | Refusal:
    """One success of one of the account's own check methods. GEN-4."""
    if command.method not in turn.account.usable_checks:
        return Refusal(rule="GEN-5", reason="no_check_method", details={"methods": turn.account.usable_checks})
    verdict = await _verdict(turn, command)
    if verdict != "right":
        return Outcome(outcome=verdict)
    check = PassedCheck(conversation=turn.actor.conversation, method=command.method, at=turn.now, instead=command.instead)
    turn.save(ground.with_check(turn.account, check))
    return Outcome(outcome="passed")


async def _verdict(turn: Turn, command: CheckIdentity) -> Verdict:
    if command.method in {"wechat_scan", "mfa"}:
        account, verdict = await verdict_without_code(turn, turn.account, command)
        turn.count(account)
        return verdict
    target = factor_of(turn.account, command.method)
    refusal = await turn.try_code("check", target or "", command.code) if command.code else None
    return _why(refusal) if refusal else ("right" if command.code else "wrong")


class Given(Protocol):
    """How a check is answered."""

    @property
    def method(self) -> CheckMethod:
        """Which check."""

    @property
    def code(self) -> SecretStr | None:
        """The code, of a device or sent."""

    @property
    def scan(self) -> str | None:
        """A scan's reference."""


async def verdict_without_code(turn: Turn, account: Account, given: Given) -> tuple[Account, Verdict]:
    """A scan by the bound WeChat, or a code of the bound device. GEN-4, LP-2."""
    if given.method == "wechat_scan":
        evidence = await turn.services.simulator.evidence(given.scan or "")
        wechat = account.method("wechat")
        same = isinstance(evidence, Scan) and wechat and (evidence.kind, evidence.identity) == ("wechat", wechat.identity)
        return account, "right" if same else "wrong"
    return mfa.check_by_mfa(account, given.code, turn.now) if given.code else (account, "wrong")


async def verdict_by_hint(turn: Turn, account: Account, hint: str, given: Given) -> tuple[Account, Verdict]:
    """Any of the account's checks, answered by somebody who is not proven yet; codes are those sent to the hinted account."""
    if given.method not in account.usable_checks:
        return account, "wrong"
    if given.method in {"wechat_scan", "mfa"}:
        return await verdict_without_code(turn, account, given)
    refusal = await turn.try_code("prove", _hint_box(hint, given.method), given.code) if given.code else None
    return account, _why(refusal) if refusal else ("right" if given.code else "wrong")


def _why(refusal: Refusal) -> Verdict:
    verdicts: dict[Detail, Verdict] = {"expired": "expired", "used_up": "used_up"}
    return verdicts.get(refusal.details["why"], "wrong")

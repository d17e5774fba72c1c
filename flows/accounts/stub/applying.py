"""Applying for login, carried out. APL."""

from typing import Literal

from flows.accounts.account import Account, Person
from flows.accounts.base import Outcome, Refusal
from flows.accounts.calendar import day_of
from flows.accounts.commands.applying import (
    ApplicationStarted,
    FinishLoginApplication,
    SetApplicationEmail,
    SetApplicationProtection,
    StartLoginApplication,
)
from flows.accounts.records.recovery import Application, Tries
from flows.accounts.rules import applying
from flows.accounts.rules.contacts import refuse_phone
from flows.accounts.rules.new_password import failures
from flows.accounts.simulator import Face
from flows.accounts.stub.ground import account_by_hint
from flows.accounts.stub.handlers import handles
from flows.accounts.stub.turn import Turn


@handles(StartLoginApplication)
async def start_login_application(turn: Turn, command: StartLoginApplication) -> ApplicationStarted | Refusal:
    """A draft; whether its details match is only said at the end. APL-2, APL-3."""
    if refusal := applying.refuse_start(command):
        return refusal
    assert command.phone
    assert command.code
    assert command.id_number
    if wrong := await turn.try_code("application_phone", command.phone, command.code):
        return wrong
    application = Application(
        id=turn.services.token(),
        account=command.account,
        person=Person(name=command.name, id_number=command.id_number),
        phone=command.phone,
        reason=command.reason,
        expires=turn.now + applying.DRAFT_LIFE,
    )
    turn.save(application)
    return ApplicationStarted(outcome="next", application=application.id)


async def _draft(turn: Turn, application_id: str) -> Application | Refusal:
    application = await turn.load(Application, application_id)
    refusal = applying.refuse_draft(application, turn.now)
    if refusal or application is None:
        return refusal or Refusal(rule="APL-10", reason="expired")
    return application


@handles(SetApplicationEmail)
async def set_application_email(turn: Turn, command: SetApplicationEmail) -> Outcome[Literal["next"]] | Refusal:
    """An address of no account, proven by a code, with a good password. APL-5, PW-15."""
    application = await _draft(turn, command.application)
    if isinstance(application, Refusal):
        return application
    if wrong := await turn.try_code("login_email", command.email, command.code):
        return wrong
    if await turn.find(Account, "login", f"email:{command.email.lower()}"):
        return Refusal(rule="APL-5", reason="identity_in_use")
    if command.password != command.repeat:
        return Refusal(rule="PW-9", reason="not_repeated")
    if failing := failures(command.password, command.email):
        return Refusal(rule="PW-2", reason="weak_password", details={"failing": failing})
    turn.save(application.but(email=command.email, password_hash=turn.services.passwords.hash(command.password)))
    return Outcome(outcome="next")


@handles(SetApplicationProtection)
async def set_application_protection(
    turn: Turn, command: SetApplicationProtection
) -> Outcome[Literal["next", "next_with_warning"]] | Refusal:
    """Kept, perhaps with a warning, or a new code-proven phone; it applies with the rest. APL-6, APL-7."""
    application = await _draft(turn, command.application)
    if isinstance(application, Refusal):
        return application
    account = await account_by_hint(turn, application.account)
    if command.phone is None:
        turn.save(application.but(protection="keep", new_phone=None))
        return Outcome(outcome="next_with_warning" if applying.warns_of_mfa(account, application) else "next")
    if command.code is None:
        return Refusal(rule="APL-6", reason="bad_input", details={"field": "code"})
    if wrong := await turn.try_code("application_protection", command.phone, command.code):
        return wrong
    if refusal := refuse_phone(await turn.others("security_phone", command.phone, account.id if account else "")):
        return refusal
    turn.save(application.but(protection="phone", new_phone=command.phone))
    return Outcome(outcome="next")


@handles(FinishLoginApplication)
async def finish_login_application(
    turn: Turn, command: FinishLoginApplication
) -> Outcome[Literal["done", "face_failed", "details_do_not_match"]] | Refusal:
    """The face of the person named, then whether the details match. APL-3, APL-8, APL-9, APL-10."""
    application = await _draft(turn, command.application)
    if isinstance(application, Refusal):
        return application
    if not application.email or not application.protection:
        return Refusal(rule="APL-5", reason="wrong_state")
    name = f"face:{application.account}"
    tries = await turn.load(Tries, name) or Tries(id=name, day=day_of(turn.now))
    if refusal := applying.too_many_faces(tries, day_of(turn.now)):
        return refusal
    evidence = await turn.services.simulator.evidence(command.face)
    if not isinstance(evidence, Face) or evidence.person != application.person:
        turn.save(applying.failed_face(tries, day_of(turn.now)))
        return Outcome(outcome="face_failed")
    account = await account_by_hint(turn, application.account)
    if account is None or not applying.is_theirs(account, application.person):
        return Outcome(outcome="details_do_not_match")
    return await _apply(turn, application, account)


async def _apply(turn: Turn, application: Application, account: Account) -> Outcome[Literal["done"]] | Refusal:
    """What may have been taken meanwhile is asked again. APL-5, APL-6, APL-9, APL-12."""
    if await turn.find(Account, "login", f"email:{(application.email or '').lower()}"):
        return Refusal(rule="APL-5", reason="identity_in_use")
    if application.new_phone:
        refusal = refuse_phone(await turn.others("security_phone", application.new_phone, account.id))
        if refusal:
            return refusal
    turn.save(applying.finish(account, application, turn.now))
    turn.save(application.but(expires=turn.now))
    return Outcome(outcome="done")

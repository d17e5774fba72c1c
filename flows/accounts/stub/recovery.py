"""Recovering an account: searches and proofs, carried out. REC."""

from flows.accounts.account import Account, Person
from flows.accounts.base import Outcome, Refusal
from flows.accounts.calendar import day_of
from flows.accounts.commands.recovery import FaceProof, ProveByFace, ProveByPhone, SearchStarted, StartSearch
from flows.accounts.notifier import Message, message_to
from flows.accounts.records.recovery import Search, Tries
from flows.accounts.rules import recovery
from flows.accounts.simulator import Face
from flows.accounts.stub.ground import may_be_sent_to
from flows.accounts.stub.handlers import handles
from flows.accounts.stub.turn import Turn


async def count_try(turn: Turn, *whose: str) -> Refusal | None:
    """One more try of this conversation, and of this phone. REC-18."""
    for name in whose:
        tries = await turn.load(Tries, name) or Tries(id=name, day=day_of(turn.now))
        counted = recovery.one_more(tries, day_of(turn.now))
        if isinstance(counted, Refusal):
            return counted
        turn.count(counted)
    return None


def accounts_message(address: str, accounts: tuple[Account, ...]) -> Message:
    """Ids, registration methods and the way on. REC-6, guide-zh:1031."""
    shown = [recovery.found(account) for account in accounts]
    listed = "; ".join(f"{account.account_id} {account.registration_method or '/'.join(account.bound_kinds)}" for account in shown)
    return message_to(address, "accounts", accounts=listed, next=recovery.NEXT_STEP)


@handles(StartSearch)
async def start_search(turn: Turn, command: StartSearch) -> SearchStarted | Refusal:
    """Look up, and say the same whatever was found. REC-1, REC-5, GEN-7."""
    refusal = await count_try(turn, turn.actor.conversation, *((command.phone,) if command.phone else ()))
    if refusal:
        return refusal
    found = await turn.accounts(*recovery.lookup_of(command))
    person = Person(name=command.name, id_number=command.id_number) if command.name and command.id_number else None
    search = Search(
        id=turn.services.token(),
        way=command.way,
        conversation=turn.actor.conversation,
        accounts=tuple(account.id for account in found if _fits(account, command)),
        person=person,
        company_code=command.company_code or "",
    )
    turn.save(search)
    if command.way == "security_phone":
        if found and await may_be_sent_to(turn, command.phone or ""):
            turn.tell(accounts_message(command.phone or "", found))
        return SearchStarted(outcome="message_sent", search=search.id)
    if command.way == "enterprise_representative":
        return SearchStarted(outcome="representative_needed", search=search.id)
    needs_face = command.way in {"personal", "enterprise_documents"}
    return SearchStarted(outcome="face_needed" if needs_face else "choose_proof", search=search.id)


def _fits(account: Account, command: StartSearch) -> bool:
    """Names belong to their numbers."""
    entity = account.verification.entity
    if command.way == "personal":
        return entity is not None and entity.name == command.name
    if command.way.startswith("enterprise"):
        return entity is not None and entity.name == command.company_name
    return True


async def own_search(turn: Turn, search_id: str) -> Search | None:
    """A search of this conversation."""
    search = await turn.load(Search, search_id)
    return search if search and search.conversation == turn.actor.conversation else None


@handles(ProveByPhone)
async def prove_by_phone(turn: Turn, command: ProveByPhone) -> Outcome[str] | Refusal:
    """The result goes to the number only if it is a found account's security phone. REC-3, guide-zh:1066."""
    if refusal := await count_try(turn, turn.actor.conversation, command.number):
        return refusal
    search = await own_search(turn, command.search)
    ids = search.accounts if search and not search.way.startswith("enterprise") else ()
    loaded = [await turn.load(Account, account_id) for account_id in ids]
    protected = tuple(account for account in loaded if account and account.contacts.security_phone == command.number)
    if protected and await may_be_sent_to(turn, command.number):
        turn.tell(accounts_message(command.number, protected))
    return Outcome(outcome="message_sent")


@handles(ProveByFace)
async def prove_by_face(turn: Turn, command: ProveByFace) -> FaceProof | Refusal:
    """Only the accounts that this face opens. REC-4, REC-5."""
    if refusal := await count_try(turn, turn.actor.conversation):
        return refusal
    search = await own_search(turn, command.search)
    evidence = await turn.services.simulator.evidence(command.face)
    if (
        search is None
        or not isinstance(evidence, Face)
        or search.way in {"security_phone", "enterprise_representative", "enterprise_documents"}
    ):
        return FaceProof(outcome="not_matched")
    loaded = [await turn.load(Account, account_id) for account_id in search.accounts]
    opened = tuple(recovery.found(account) for account in loaded if account and recovery.face_opens(account, evidence.person))
    return FaceProof(outcome="shown" if opened else "not_matched", accounts=opened)

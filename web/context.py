"""What the routes share, and the annotations by which they ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from pydantic import SecretStr

from assistant.dialogue import Dialogue
from assistant.knowledge import Knowledge
from assistant.session import Session
from assistant.store import ConversationStore, Database
from assistant.store.accounts import AccountsIn
from assistant.store.demo import Demo
from web.limits import Limits
from web.phrasings import Phrasings
from web.problems import unknown_conversation
from web.settings import Settings


@dataclass(frozen=True, slots=True)
class Context:
    """The assembled application."""

    settings: Settings
    database: Database
    knowledge: Knowledge
    store: ConversationStore
    dialogue: Dialogue
    limits: Limits
    accounts_in: AccountsIn
    phrasings: Phrasings
    identity_secret: SecretStr | None
    demo: Demo | None


async def _context(request: Request) -> Context:
    found: Context = request.app.state.context
    return found


Shared = Annotated[Context, Depends(_context)]


async def _authenticated(conversation_id: str, request: Request, shared: Shared) -> Session:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token or len(conversation_id) > 64:
        raise unknown_conversation()
    return await shared.store.authenticate(conversation_id, token)


WithToken = Depends(_authenticated)
"""For routes that only need to know that the token is right."""
Authenticated = Annotated[Session, Depends(_authenticated)]
"""The session of a conversation whose token came with the request; 404 otherwise."""

"""What a turn comes to, without keeping it: understand, route, respond."""

from __future__ import annotations

from assistant.guide import Stage
from assistant.knowledge import Knowledge
from assistant.message import Incoming
from assistant.respond import Response, respond
from assistant.route import Route, route
from assistant.session import Session
from assistant.understand import Understanding, understand


async def take_turn(incoming: Incoming, session: Session, knowledge: Knowledge, stage: Stage) -> tuple[Understanding, Route, Response]:
    """The understanding, the route and the response; nothing is stored or sent, but flows act on the ``stage``."""
    understood = understand(incoming, session, knowledge)
    session = session.model_copy(update={"lang": understood.lang})
    decided = route(understood, session, knowledge)
    return understood, decided, await respond(decided, understood, session, knowledge, stage)

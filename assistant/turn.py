"""What a turn comes to, without keeping it: understand, route, respond."""

from __future__ import annotations

from assistant.knowledge import Knowledge
from assistant.message import Incoming
from assistant.respond import Response, respond
from assistant.route import Route, route
from assistant.session import Session
from assistant.understand import Understanding, understand


def take_turn(incoming: Incoming, session: Session, knowledge: Knowledge) -> tuple[Understanding, Route, Response]:
    """The understanding, the route and the response; nothing is stored or sent."""
    understood = understand(incoming, session, knowledge)
    session = session.model_copy(update={"lang": understood.lang})
    decided = route(understood, session, knowledge)
    return understood, decided, respond(decided, understood, session, knowledge)

"""While the account service does not answer: nothing is changed, a ticket can be left, and a number picks it."""

from __future__ import annotations

from pathlib import Path

from assistant.knowledge import Knowledge
from assistant.message import Incoming, Reply
from assistant.store.tickets import Filter, TicketStore
from flows.blocks import Choices, Ticket
from flows.engine import RETRY_CHOICE, TICKET_CHOICE
from tests.assistant.talking import running


def _offered(reply: Reply) -> list[str]:
    return [option.id for message in reply.messages for block in message.blocks if isinstance(block, Choices) for option in block.options]


def _tickets(reply: Reply) -> list[str]:
    return [block.id for message in reply.messages for block in message.blocks if isinstance(block, Ticket)]


async def test_a_ticket_is_left_once_and_the_flow_waits(knowledge: Knowledge, tmp_path: Path) -> None:
    async with running(knowledge, tmp_path, demo=False, accounts_url="http://127.0.0.1:9") as app:
        conversation, _ = await app.dialogue.open("web", "en")

        async def say(number: int, **message: str) -> Reply:
            return await app.dialogue.handle(conversation.id, Incoming(message_id=f"m{number}", **message))

        for turn, text in enumerate(
            ("change contact details", "Phone", "Both of them", "The old phone still gets texts", "Yes, do it now"), 1
        ):
            await say(turn, text=text)
        await say(8, text="100000000003")
        asked = await say(9, text="Code to the security phone")
        assert TICKET_CHOICE in _offered(asked)
        number = _offered(asked).index(TICKET_CHOICE) + 1

        left = await say(10, text=str(number))
        assert len(_tickets(left)) == 1
        assert left.state.flow == "contact-details"
        assert [ticket.number for ticket in await TicketStore(app.database).find(Filter())] == _tickets(left)

        assert RETRY_CHOICE in _offered(left)
        again = await say(11, text="1")
        assert _tickets(await say(12, text=str(_offered(again).index(TICKET_CHOICE) + 1))) == _tickets(left)

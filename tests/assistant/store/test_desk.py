"""What the support group hears of: a conversation that waits and a new ticket, once each and with nothing personal in it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from sqlalchemy import select

from assistant.knowledge import Knowledge
from assistant.store import tables
from tests.assistant.talking import Running, Talk, running, turns_of
from tests.conftest import ROOT


async def _announced(app: Running) -> list[str]:
    async with app.database.engine.connect() as connection:
        rows = await connection.execute(select(tables.outbox.c.key).where(tables.outbox.c.kind == "wecom_robot"))
        return [str(row.key).split(":")[1] for row in rows]


async def test_a_waiting_conversation_and_a_new_ticket_are_announced_once(knowledge: Knowledge, tmp_path: Path) -> None:
    async with running(knowledge, tmp_path) as app:
        talk = Talk(app)
        await talk.open()
        for _ in range(2):
            await talk.play({"choose": "act:human"})
        assert await _announced(app) == ["handoff"]
        for turn in turns_of(ROOT / "tests/transcripts/flows/contact-support-en-ticket-own-account.yaml"):
            await talk.play(turn)
        # Its number is asked about again later: that is nothing new.
        assert Counter(await _announced(app)) == {"handoff": 1, "ticket": len(set(re.findall(r"TK\d{10}", talk.said)))}

"""Keeps the phrasings that editors add in force in this process: its own at once, other processes' within seconds."""

from __future__ import annotations

import asyncio
import contextlib

import structlog
from sqlalchemy.exc import SQLAlchemyError

from assistant.knowledge import Knowledge
from assistant.overlay import Overlay
from assistant.store import Database
from assistant.store.improve import ImproveStore
from kb.entry import LANGS

log = structlog.get_logger()

EVERY = 2.0
"""Seconds between two looks for what other processes added."""


class Phrasings:
    """The store of added phrasings, and ``knowledge`` that knows them."""

    def __init__(self, knowledge: Knowledge, database: Database) -> None:
        self.store = ImproveStore(database)
        entry_ids = {entry.id for lang in LANGS for entry in knowledge.entries(lang)}
        self._overlay = Overlay(knowledge.searcher.index.analyser, entry_ids)
        self._following: asyncio.Task[None] | None = None
        self.knowledge = knowledge.with_overlay(self._overlay)

    async def refresh(self) -> None:
        """Put in force what the store has now."""
        await self._overlay.refresh(self.store)

    async def start(self) -> None:
        """Load the phrasings, and follow their changes from now on."""
        await self.refresh()
        self._following = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        """Follow no longer."""
        if self._following:
            self._following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._following

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.refresh()
            except (SQLAlchemyError, OSError) as error:
                # What is in force stays so until the database answers again.
                log.warning("phrasings", reason=str(error))

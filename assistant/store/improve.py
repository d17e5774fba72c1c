"""What people add to the knowledge base between releases: phrasings in force, and drafts of entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update

from assistant.message import now
from assistant.store import tables
from assistant.store.database import Database
from kb.entry import Lang

_phrasings = tables.added_phrasings
_drafts = tables.drafts


@dataclass(frozen=True, slots=True)
class AddedPhrasing:
    """A phrasing that was attached to an entry; in force until it is withdrawn, also after it was promoted to the files."""

    id: int
    entry_id: str
    lang: Lang
    text: str
    added_by: str
    added_at: datetime
    promoted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposed entry: the Markdown of both languages."""

    id: int
    entry_id: str
    zh: str
    en: str
    drafted_by: str
    drafted_at: datetime
    promoted_at: datetime | None

    def markdown(self, lang: Lang) -> str:
        """The file of one language."""
        return self.zh if lang == "zh" else self.en


class ImproveStore:
    """Added phrasings and drafts of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def attach(self, entry_id: str, lang: Lang, text: str, by: str) -> int:
        """Add a phrasing to an entry; its row id. The text is masked by the caller."""
        values = {"entry_id": entry_id, "lang": lang, "text": text, "added_by": by, "added_at": now()}
        async with self._database.transaction() as connection:
            added = await connection.execute(insert(_phrasings).values(values).returning(_phrasings.c.id))
            return int(added.scalar_one())

    async def withdraw(self, phrasing_id: int) -> bool:
        """Take a phrasing out of force; False when it is not in force."""
        mine = (_phrasings.c.id == phrasing_id, _phrasings.c.withdrawn_at.is_(None))
        async with self._database.transaction() as connection:
            return (await connection.execute(update(_phrasings).where(*mine).values(withdrawn_at=now()))).rowcount > 0

    async def in_force(self) -> list[AddedPhrasing]:
        """All phrasings in force, the newest first."""
        columns = [column for column in _phrasings.c if column.name != "withdrawn_at"]
        query = select(*columns).where(_phrasings.c.withdrawn_at.is_(None)).order_by(_phrasings.c.id.desc())
        async with self._database.engine.connect() as connection:
            return [AddedPhrasing(**row._mapping) for row in await connection.execute(query)]  # noqa: SLF001  # its documented name

    async def revision(self) -> tuple[int, int]:
        """Two figures that change whenever the phrasings in force do."""
        query = select(func.max(_phrasings.c.id), func.count(_phrasings.c.withdrawn_at))
        async with self._database.engine.connect() as connection:
            newest, withdrawn = (await connection.execute(query)).one()
        return newest or 0, withdrawn

    async def mark_promoted(self, phrasing_ids: Sequence[int]) -> None:
        """Remember that these phrasings are in the files."""
        async with self._database.transaction() as connection:
            await connection.execute(update(_phrasings).where(_phrasings.c.id.in_(phrasing_ids)).values(promoted_at=now()))

    async def add_draft(self, entry_id: str, zh: str, en: str, by: str) -> int:
        """Keep a draft; its row id."""
        values = {"entry_id": entry_id, "zh": zh, "en": en, "drafted_by": by, "drafted_at": now()}
        async with self._database.transaction() as connection:
            return int((await connection.execute(insert(_drafts).values(values).returning(_drafts.c.id))).scalar_one())

    async def drafts(self) -> list[Draft]:
        """All drafts, the newest first."""
        async with self._database.engine.connect() as connection:
            rows = await connection.execute(select(_drafts).order_by(_drafts.c.id.desc()))
            return [Draft(**row._mapping) for row in rows]  # noqa: SLF001  # its documented name

    async def mark_draft_promoted(self, draft_id: int) -> None:
        """Remember that this draft lies in the drafts folder."""
        async with self._database.transaction() as connection:
            await connection.execute(update(_drafts).where(_drafts.c.id == draft_id).values(promoted_at=now()))

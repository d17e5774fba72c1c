"""WeCom users as this service knows them: their conversation, their language, the account they have proven once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import or_, select, update

from assistant.cipher import Cipher
from assistant.message import now
from assistant.session import Session
from assistant.store.database import Database
from assistant.store.once import insert_once
from assistant.store.tables import conversations, wecom_members
from flows.accounts.commands.base import Proven
from kb.entry import Lang

Channel = Literal["wecom_app", "wecom_bot"]

URL_LIFE = timedelta(minutes=55)
"""WeCom takes one answer at a response URL within an hour."""


@dataclass(frozen=True, slots=True)
class Member:
    """One user in one chat; ``chat`` is empty where nobody else reads along."""

    id: int
    channel: Channel
    user_id: str
    chat: str
    conversation_id: str | None
    lang: Lang
    account: str | None
    unbound_at: datetime | None

    @property
    def lane(self) -> str:
        """In which order-keeping lane of the outbox their messages go."""
        return f"{self.channel}:{self.id}"


class Members:
    """All members of one database."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def recognise(self, channel: Channel, corp: str, user_id: str, chat: str = "") -> Member:
        """The member; entered at first sight."""
        key = {"channel": channel, "corp": corp, "chat": chat, "user_id": user_id}
        match = [wecom_members.c[name] == value for name, value in key.items()]
        async with self._database.engine.connect() as connection:
            row = (await connection.execute(select(wecom_members).where(*match))).one_or_none()
        if row is None:
            async with self._database.transaction() as connection:
                await insert_once(connection, wecom_members, {**key, "lang": "zh", "live_cursor": 0})
                row = (await connection.execute(select(wecom_members).where(*match))).one()
        return member_from(row)

    async def get(self, member_id: int) -> Member:
        """The member as they stand now."""
        async with self._database.engine.connect() as connection:
            return member_from((await connection.execute(select(wecom_members).where(wecom_members.c.id == member_id))).one())

    async def adopt(self, member: Member, conversation_id: str) -> str:
        """Make this the member's conversation unless another worker was faster; which one it is."""
        where = (wecom_members.c.id == member.id, wecom_members.c.conversation_id.is_(None))
        async with self._database.transaction() as connection:
            # The cursor starts anew: SQLite gives the row ids of purged messages out again.
            await connection.execute(update(wecom_members).where(*where).values(conversation_id=conversation_id, live_cursor=0))
            query = select(wecom_members.c.conversation_id).where(wecom_members.c.id == member.id)
            chosen: str = (await connection.execute(query)).scalar_one()
        return chosen

    async def session(self, conversation_id: str) -> Session:
        """A conversation's live state, outside its lock and with sensitive values still encrypted."""
        async with self._database.engine.connect() as connection:
            query = select(conversations.c.session).where(conversations.c.id == conversation_id)
            stored = (await connection.execute(query)).scalar_one_or_none()
        return Session.model_validate(stored or {})

    async def remember(self, member: Member, lang: Lang, proven: Proven | None) -> None:
        """Keep what a turn showed: the member's language, and the account of a fresh proof."""
        binds = proven and proven.how != "wecom_user" and proven.account != member.account
        if member.chat or (proven and member.unbound_at and proven.at <= member.unbound_at):
            binds = False
        if lang == member.lang and not binds:
            return
        changes: dict[str, object] = {"lang": lang}
        if proven and binds:
            changes |= {"account": proven.account, "bound_at": now()}
        async with self._database.transaction() as connection:
            await connection.execute(update(wecom_members).where(wecom_members.c.id == member.id).values(changes))

    async def unbind(self, user_id: str) -> int:
        """Forget which account a user has proven, wherever they wrote from; how many bindings there were.

        The conversations forget the proof as well, or the next turn would bind the account again.
        """
        bound = (wecom_members.c.user_id == user_id, wecom_members.c.account.is_not(None))
        async with self._database.transaction() as connection:
            found = (await connection.execute(select(wecom_members.c.conversation_id).where(*bound).with_for_update())).scalars().all()
            await connection.execute(update(wecom_members).where(*bound).values(account=None, bound_at=None, unbound_at=now()))
            for conversation_id in filter(None, found):
                place = conversations.c.id == conversation_id
                stored = (await connection.execute(select(conversations.c.session).where(place).with_for_update())).scalar_one()
                session = Session.model_validate(stored).model_copy(update={"identity": None})
                await connection.execute(update(conversations).where(place).values(session=session.model_dump(mode="json")))
        return len(found)

    async def greet(self, member: Member, every: timedelta) -> bool:
        """Whether it is time to greet; true once in a while, whichever worker asks."""
        due = or_(wecom_members.c.greeted_at.is_(None), wecom_members.c.greeted_at < now() - every)
        async with self._database.transaction() as connection:
            greeted = update(wecom_members).where(wecom_members.c.id == member.id, due).values(greeted_at=now())
            return (await connection.execute(greeted)).rowcount == 1

    async def keep_url(self, member: Member, url: str) -> None:
        """An address that takes one answer without a question, for the next hour."""
        async with self._database.transaction() as connection:
            changes = {"response_url": self._cipher.encrypt(url), "response_url_at": now()}
            await connection.execute(update(wecom_members).where(wecom_members.c.id == member.id).values(changes))

    async def take_url(self, member_id: int) -> str | None:
        """That address, once."""
        place = wecom_members.c.id == member_id
        async with self._database.transaction() as connection:
            query = select(wecom_members.c.response_url, wecom_members.c.response_url_at).where(place).with_for_update()
            row = (await connection.execute(query)).one_or_none()
            if row is None or row.response_url is None:
                return None
            await connection.execute(update(wecom_members).where(place).values(response_url=None, response_url_at=None))
        return self._cipher.decrypt(row.response_url) if row.response_url_at > now() - URL_LIFE else None


def member_from(row: object) -> Member:
    """The member of a row."""
    return Member(**{name: getattr(row, name) for name in Member.__slots__})

"""How the assistant does: volumes, answers, topics, verdicts, handoffs and flows, counted by the database itself.

Days are those of Shanghai (GEN-1 of the account rules), on both databases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Executable, Row, Select, and_, case, distinct, exists, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from assistant.store import tables
from assistant.store.database import Database
from flows.accounts.calendar import SHANGHAI

_conversations, _turns, _feedback, _steps = tables.conversations, tables.turns, tables.feedback, tables.flow_steps
_handoffs = tables.handoffs


class _ShanghaiDay(FunctionElement[str]):
    """The calendar day of a time, as text."""

    inherit_cache = True


@compiles(_ShanghaiDay, "sqlite")
def _sqlite_day(element: _ShanghaiDay, compiler: Any, **kwargs: Any) -> str:
    return f"date({compiler.process(element.clauses, **kwargs)}, '+8 hours')"


@compiles(_ShanghaiDay, "postgresql")
def _postgresql_day(element: _ShanghaiDay, compiler: Any, **kwargs: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **kwargs)} AT TIME ZONE 'UTC' + interval '8 hours', 'YYYY-MM-DD')"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both included, in all channels or one."""

    first: date
    last: date
    channel: str | None = None

    @property
    def days(self) -> list[date]:
        """Every day of it."""
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @property
    def begin(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.first, time(), SHANGHAI)

    @property
    def end(self) -> datetime:
        """The moment after its last."""
        return datetime.combine(self.last + timedelta(days=1), time(), SHANGHAI)


@dataclass(frozen=True, slots=True)
class Daily:
    """A figure of one day and one series."""

    day: date
    series: str
    count: int


@dataclass(frozen=True, slots=True)
class Topic:
    """In how many conversations an entry or a flow was the answer, and how many thumbs its replies got."""

    kind: str
    id: str
    count: int
    helpful: int
    unhelpful: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """How far the runs of a flow came; ``steps`` counts the runs that entered each step, ``ended`` those that are over."""

    flow: str
    runs: int
    steps: dict[str, int] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)

    @property
    def done(self) -> int:
        """Runs that came to an end of the flow."""
        return self.ended.get("done", 0)

    @property
    def cancelled(self) -> int:
        """Runs that somebody stopped."""
        return self.ended.get("cancelled", 0)

    @property
    def open(self) -> int:
        """Runs that were left where they are, or still go on."""
        return max(0, self.runs - sum(self.ended.values()))


class InsightStore:
    """Figures of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def channels(self) -> list[str]:
        """The channels there have been conversations in."""
        rows = await self._rows(select(_conversations.c.channel).distinct().order_by(_conversations.c.channel))
        return [row.channel for row in rows]

    async def conversations(self, period: Period) -> list[Daily]:
        """Conversations opened, by day and channel."""
        day, series = _ShanghaiDay(_conversations.c.created_at).label("day"), _conversations.c.channel.label("series")
        query = select(day, series, func.count().label("total")).where(*_within(_conversations.c.created_at, period))
        return await self._daily(query)

    async def messages(self, period: Period) -> list[Daily]:
        """Messages answered, by day and channel."""
        return await self._of_turns(_conversations.c.channel, period)

    async def kinds(self, period: Period) -> list[Daily]:
        """Replies by what they were: an answer, a question back, a fallback and so on."""
        return await self._of_turns(_turns.c.kind, period)

    async def unclear(self, period: Period) -> int:
        """Questions back that led neither to an answer nor into a flow."""
        after = _turns.alias()
        same = (after.c.conversation_id == _turns.c.conversation_id, after.c.turn == _turns.c.turn + 1)
        led_on = exists().where(*same, after.c.kind.in_(("answer", "flow")))
        query = select(func.count().label("total")).select_from(_joined()).where(_turns.c.kind == "clarify", ~led_on)
        return sum(row.total for row in await self._rows(query.where(*_within(_turns.c.at, period))))

    async def handoffs(self, period: Period) -> list[Daily]:
        """Conversations handed to a person, by day and channel."""
        day, series = _ShanghaiDay(_handoffs.c.requested_at).label("day"), _conversations.c.channel.label("series")
        query = select(day, series, func.count().label("total")).select_from(_handoffs.join(_conversations))
        return await self._daily(query.where(*_within(_handoffs.c.requested_at, period)))

    async def median_wait(self, period: Period) -> timedelta | None:
        """How long half of those who asked for a person waited at most; None when nobody was taken over."""
        query = select(_handoffs.c.requested_at, _handoffs.c.taken_at).select_from(_handoffs.join(_conversations))
        # Whoever was taken over without asking did not wait.
        asked = _handoffs.c.taken_at > _handoffs.c.requested_at
        rows = await self._rows(query.where(asked, *_within(_handoffs.c.requested_at, period)))
        return timedelta(seconds=median((row.taken_at - row.requested_at).total_seconds() for row in rows)) if rows else None

    async def verdicts(self, period: Period) -> list[Daily]:
        """Thumbs by the day of the reply they are about: ``helpful`` and ``unhelpful``."""
        verdict = case((_feedback.c.helpful, "helpful"), else_="unhelpful").label("series")
        day = _ShanghaiDay(_turns.c.at).label("day")
        query = select(day, verdict, func.count().label("total")).select_from(_joined().join(_feedback, _same_turn()))
        return await self._daily(query.where(*_within(_turns.c.at, period)))

    async def topics(self, period: Period, most: int = 1_000) -> list[Topic]:
        """Entries and flows, the most frequent first."""
        found = [
            *await self._topics("entry", _turns.c.entry_id, period),
            *await self._topics("flow", _turns.c.flow, period),
        ]
        return sorted(found, key=lambda topic: (-topic.count, topic.kind, topic.id))[:most]

    async def entries_hit(self, period: Period) -> Counter[str]:
        """In how many conversations each entry was given."""
        return Counter({topic.id: topic.count for topic in await self._topics("entry", _turns.c.entry_id, period)})

    async def funnels(self, period: Period) -> list[Funnel]:
        """Every flow that was walked, the most frequent first."""
        # "|" cannot be part of an id or a run.
        run = _steps.c.conversation_id + "|" + _steps.c.run
        within = _within(_steps.c.at, period)
        source = _steps.join(_conversations, _conversations.c.id == _steps.c.conversation_id)

        def runs_by(*columns: ColumnElement[Any]) -> Select[Any]:
            counted = select(*columns, func.count(distinct(run)).label("total"))
            return counted.select_from(source).where(*within).group_by(*columns)

        whole = await self._rows(runs_by(_steps.c.flow))
        funnels = {row.flow: Funnel(row.flow, row.total) for row in whole}
        for row in await self._rows(runs_by(_steps.c.flow, _steps.c.step)):
            funnels[row.flow].steps[row.step] = row.total
        for row in await self._rows(runs_by(_steps.c.flow, _steps.c.ended).where(_steps.c.ended.is_not(None))):
            funnels[row.flow].ended[row.ended] = row.total
        return sorted(funnels.values(), key=lambda funnel: (-funnel.runs, funnel.flow))

    async def _of_turns(self, series: ColumnElement[str], period: Period, *conditions: ColumnElement[bool]) -> list[Daily]:
        day = _ShanghaiDay(_turns.c.at).label("day")
        query = select(day, series.label("series"), func.count().label("total")).select_from(_joined())
        return await self._daily(query.where(*_within(_turns.c.at, period), *conditions))

    async def _topics(self, kind: str, column: ColumnElement[Any], period: Period) -> list[Topic]:
        helpful = func.sum(case((_feedback.c.helpful, 1), else_=0)).label("helpful")
        unhelpful = func.sum(case((_feedback.c.helpful.is_(False), 1), else_=0)).label("unhelpful")
        source = _joined().outerjoin(_feedback, _same_turn())
        many = func.count(distinct(_turns.c.conversation_id)).label("total")
        query = select(column.label("id"), many, helpful, unhelpful).select_from(source)
        rows = await self._rows(query.where(column.is_not(None), *_within(_turns.c.at, period)).group_by(column))
        return [Topic(kind, row.id, row.total, row.helpful, row.unhelpful) for row in rows]

    async def _daily(self, query: Select[str, str, int]) -> list[Daily]:
        day, series = query.selected_columns.day, query.selected_columns.series
        rows = await self._rows(query.group_by(day, series).order_by(day, series))
        return [Daily(date.fromisoformat(row.day), row.series, row.total) for row in rows]

    async def _rows(self, query: Executable) -> Sequence[Row[Any]]:
        async with self._database.engine.connect() as connection:
            return list(await connection.execute(query))


def _joined() -> Any:
    return _turns.join(_conversations, _conversations.c.id == _turns.c.conversation_id)


def _same_turn() -> ColumnElement[bool]:
    return and_(_feedback.c.conversation_id == _turns.c.conversation_id, _feedback.c.turn == _turns.c.turn)


def _within(column: ColumnElement[datetime], period: Period) -> list[ColumnElement[bool]]:
    """The conditions of a period on a time; the channel is the conversation's."""
    found = [column >= period.begin, column < period.end]
    return [*found, _conversations.c.channel == period.channel] if period.channel else found

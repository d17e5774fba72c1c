"""What visitors and support agents share beyond the account service: checklists that outlive a flow."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from flows.blocks import Checklist, ChecklistItem
from flows.model import Bilingual, Lang, Model

ItemStatus: TypeAlias = Literal["todo", "done", "blocked", "not_applicable"]
By: TypeAlias = Literal["visitor", "agent", "account"]
"""Who set an item: the visitor's word, an agent, or the account service, which knows."""


class SharedItem(Model):
    """One thing to do: how far it is, since when, by whom, and what stands in the way."""

    id: str
    label: Bilingual
    status: ItemStatus = "todo"
    by: By | None = None
    who: str = ""
    """The agent's display name."""
    login: str = ""
    """The name that the agent signs in with, for colleagues."""
    at: datetime | None = None
    reason: Bilingual | None = None


class SharedChecklist(Model):
    """A checklist as kept; ``conversation`` is where it began."""

    id: str
    conversation: str
    flow: str
    title: Bilingual
    items: tuple[SharedItem, ...]
    closed: bool = False

    def with_item(self, item: SharedItem) -> SharedChecklist:
        """The list with one item replaced."""
        return self.model_copy(update={"items": tuple(item if old.id == item.id else old for old in self.items)})

    def block(self, lang: Lang) -> Checklist:
        """As a message shows it; a blocked item says why."""
        items = (ChecklistItem(id=item.id, label=item.label[lang] + _because(item.reason, lang), status=item.status) for item in self.items)
        return Checklist(id=self.id, items=tuple(items))


def _because(reason: Bilingual | None, lang: Lang) -> str:
    if reason is None:
        return ""
    return f"（{reason.zh}）" if lang == "zh" else f" ({reason.en})"


class Desk(Protocol):
    """Keeps checklists, in the transaction of the turn."""

    async def checklist(self, checklist_id: str) -> SharedChecklist | None:
        """The list with this id."""

    async def keep(self, checklist: SharedChecklist) -> None:
        """Write it."""


class MemoryDesk:
    """Forgets when the process ends: for the terminal and for tests."""

    def __init__(self) -> None:
        self._checklists: dict[str, SharedChecklist] = {}

    async def checklist(self, checklist_id: str) -> SharedChecklist | None:
        """The list with this id."""
        return self._checklists.get(checklist_id)

    async def keep(self, checklist: SharedChecklist) -> None:
        """Keep it."""
        self._checklists[checklist.id] = checklist

"""A WeCom enterprise and its use of the app."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from pydantic import Field

from flows.accounts.base import Document, Model


class WecomMember(Model):
    """A member by names only: never phone or e-mail. WX-11, guide-zh:1950, 2058."""

    id: str
    name: str
    departments: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


class SubUserRequest(Model):
    """A member's request for a sub-user; its link lives four hours. WX-7."""

    token_digest: str = Field(repr=False)
    member: str
    expires: datetime
    state: Literal["open", "approved", "rejected"] = "open"


class WecomEnterprise(Document):
    """What the app sees of an enterprise. WX-1."""

    name: str = ""
    administrators: tuple[str, ...] = ()
    members: tuple[WecomMember, ...] = ()
    app_added: bool = False
    mode: Literal["none", "by_administrator", "by_member"] = "none"
    departments: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    scope_members: tuple[str, ...] = ()
    account: str | None = None
    requests: tuple[SubUserRequest, ...] = ()

    def member(self, member_id: str) -> WecomMember | None:
        """A member by id."""
        return next((member for member in self.members if member.id == member_id), None)

    def sees(self, member_id: str) -> bool:
        """Whether the member is in the visible scope: by name, department or tag. WX-1, WX-12."""
        member = self.member(member_id)
        if member is None or not self.app_added:
            return False
        return bool(member_id in self.scope_members or set(member.departments) & set(self.departments) or set(member.tags) & set(self.tags))

    def lookups(self) -> Iterator[tuple[str, str]]:
        """By its account and by the links of its requests."""
        if self.account:
            yield "account", self.account
        for request in self.requests:
            yield "request", request.token_digest

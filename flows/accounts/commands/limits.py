"""Quotas."""

from typing import ClassVar, Literal

from flows.accounts.base import Model, Outcome
from flows.accounts.commands.base import Change, Formats, Query, Who


class Limits(Model):
    """Every quota by its rule."""

    limits: dict[str, int]


class ListLimits(Query[Limits]):
    """The table. LIM-1 to LIM-17."""

    who: ClassVar[Who] = "anyone"


class QuotaUse(Model):
    """How much of a quota is used."""

    used: int
    limit: int

    @property
    def free(self) -> int:
        """What is left; never less than nothing. LIM-20."""
        return max(0, self.limit - self.used)


class Usage(Model):
    """By rule."""

    quotas: dict[str, QuotaUse]


class GetUsage(Query[Usage]):
    """Used and free for the account's own phone, identity, methods and users."""


class RaiseEnterpriseQuota(Change[Outcome[Literal["raised"]]]):
    """More accounts for one enterprise, by its account manager. LIM-19."""

    who: ClassVar[Who] = "staff"
    formats: ClassVar[Formats] = {"code": ("uscc", "bad_credit_code")}
    code: str
    limit: int

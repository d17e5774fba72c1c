"""Quotas that staff has raised."""

from flows.accounts.base import Document


class EnterpriseQuota(Document):
    """How many accounts one enterprise may verify, by its code. LIM-19."""

    limit: int

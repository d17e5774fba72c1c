"""A login that waits for its check, and the wrong passwords of addresses nobody has."""

from datetime import datetime

from flows.accounts.account import CheckMethod, Kind, Lock
from flows.accounts.base import Document


class PendingLogin(Document):
    """Right so far; the check is still to be passed. LP-10."""

    account: str
    method: Kind
    device: str
    city: str
    ip: str
    check: CheckMethod
    protected: bool
    expires: datetime


class StrangersLock(Document):
    """Wrong passwords for an unknown address are counted alike. LOCK-9."""

    lock: Lock = Lock()

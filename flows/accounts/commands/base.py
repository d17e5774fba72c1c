"""What every command has: who may give it, the form of its fields, its result's type."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, ClassVar, Generic, Literal, Self, TypeAlias, TypeVar

from pydantic import Field, SecretStr

from flows.accounts.base import Model, Refusal
from flows.accounts.validators import VALIDATORS, Invalid, ValidatorName

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

Who: TypeAlias = Literal["anyone", "proven", "checked", "staff"]
"""Anyone with the proofs in the inputs, a proven identity, one with a fresh identity check, staff or the simulator."""


class Anonymous(Model):
    """Somebody unknown; the conversation carries what was tried. GEN-2."""

    kind: Literal["anonymous"] = "anonymous"
    conversation: str


class Proven(Model):
    """An identity proven by a host page's token, a bound WeCom user or a code; ``user`` names a sub-user. GEN-3."""

    kind: Literal["proven"] = "proven"
    conversation: str
    account: str
    at: datetime
    user: str | None = None
    how: Literal["host_token", "wecom_user", "code"] = "code"


class Staff(Model):
    """Support staff or the simulator; never a chat flow."""

    kind: Literal["staff"] = "staff"
    name: str

    @property
    def conversation(self) -> str:
        """Staff act outside conversations."""
        return f"staff:{self.name}"


Actor: TypeAlias = Annotated[Anonymous | Proven | Staff, Field(discriminator="kind")]

Formats: TypeAlias = Mapping[str, tuple[ValidatorName, str]]
"""Field → its validator and the reason for refusing it."""


class Command(Model, Generic[R_co]):
    """Something somebody wants; ``R_co`` is what comes of it."""

    who: ClassVar[Who] = "proven"
    formats: ClassVar[Formats] = {}
    root_only: ClassVar[bool] = False
    changes: ClassVar[bool] = False

    @classmethod
    def result_type(cls) -> Any:
        """What this command returns, for those who decode it."""
        for base in cls.__mro__:
            arguments = getattr(base, "__pydantic_generic_metadata__", {}).get("args")
            if arguments:
                return arguments[0]
        raise TypeError(f"{cls.__name__} names no result")

    def normalised(self, today: date) -> Self | Refusal:
        """The command with its fields in normal form, or why one has none. GEN-11."""
        changed: dict[str, Any] = {}
        for field, (validator, reason) in self.formats.items():
            value = getattr(self, field)
            if value is None:
                continue
            secret = isinstance(value, SecretStr)
            checked = VALIDATORS[validator](value.get_secret_value() if secret else value, today)
            if isinstance(checked, Invalid):
                return Refusal(rule=checked.rule, reason=reason, details={"field": field, "why": checked.reason})
            changed[field] = SecretStr(checked.value) if secret else checked.value
        return self.but(**changed) if changed else self


class Query(Command[R_co]):
    """A question about an account; changes nothing of it."""


class Change(Command[R_co]):
    """A change; carried out once per idempotency key. GEN-9."""

    changes: ClassVar[bool] = True
    root_only: ClassVar[bool] = True
    tells: ClassVar[bool] = False
    """Whether the account's security phone and e-mail hear of it. GEN-14."""
    in_frozen: ClassVar[bool] = False
    in_review: ClassVar[bool] = False
    in_cooling_off: ClassVar[bool] = True
    """Billing and Account Center keep working in the cooling-off. CAN-9."""


@cache
def operation_name(command: type[Command[Any]]) -> str:
    """``SetNickname`` → ``set_nickname``."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in command.__name__).lstrip("_")

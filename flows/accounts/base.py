"""The small shapes that the whole room shares: frozen models, secrets, outcomes and refusals."""

from collections.abc import Iterable
from typing import Annotated, Any, Generic, Self, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, PlainSerializer, SecretStr, SerializationInfo

Detail: TypeAlias = str | int | tuple[str, ...]
"""What a refusal may say about itself: never an unmasked value."""


class Model(BaseModel):
    """A frozen value without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def but(self, **changes: Any) -> Self:
        """The same value with some fields changed, validated again."""
        return type(self).model_validate({**self.__dict__, **changes})


class Document(Model):
    """Something the store keeps as a whole, under an id, with what it can be found by."""

    id: str

    def lookups(self) -> Iterable[tuple[str, str]]:
        """Pairs of index and value."""
        return ()


def _show_if_asked(value: SecretStr, info: SerializationInfo) -> str:
    shown = isinstance(info.context, dict) and info.context.get("secrets") is True
    return value.get_secret_value() if shown else str(value)


Secret: TypeAlias = Annotated[SecretStr, PlainSerializer(_show_if_asked)]
"""A text that no repr, log or ordinary dump shows (GEN-10); ``model_dump(context={"secrets": True})`` does, for stores and HTTP."""

Name_co = TypeVar("Name_co", bound=str, covariant=True)


class Outcome(Model, Generic[Name_co]):
    """What came of a command, by name; flows branch on it."""

    outcome: Name_co


class Refusal(Model):
    """Nothing was changed: which rule, and why."""

    rule: str
    reason: str
    details: dict[str, Detail] = {}


def refuse(when: bool, rule: str, reason: str, **details: Detail) -> Refusal | None:
    """The refusal, when its condition holds; rules chain these with ``or``."""
    return Refusal(rule=rule, reason=reason, details=details) if when else None


def model_json(model: BaseModel) -> str:
    """A model as JSON, secrets included: for digests, stores and the wire, never for logs."""
    return model.model_dump_json(context={"secrets": True})

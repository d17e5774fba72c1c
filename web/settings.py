"""Settings from the environment; the only place that reads it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Settings(BaseSettings):
    """Everything that can be set; each field is an environment variable with the prefix ``ASSISTANT_``."""

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_", extra="ignore", frozen=True)

    data: Path = Field(default=Path("data"), description="Folder for SQLite, keys and the compiled index.")
    database_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices("database_url", "DATABASE_URL"),
        description="SQLAlchemy URL; SQLite in the data folder by default.",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on.")
    workers: int = Field(default=1, ge=1, le=64, description="Server processes.")
    rate_limit: Literal["on", "off"] = Field(default="on", description="off only for measuring.")
    rate_conversations: str = Field(default="30/minute", description="New conversations per address.")
    rate_messages: str = Field(default="30/minute", description="Messages per conversation.")
    rate_lookups: str = Field(default="600/minute", description="Look-ups per address.")
    rate_storage: str = Field(
        default="memory://", pattern="^(memory|rediss?)://", description="Where counts live: redis://host for several replicas."
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Comma-separated origins of pages that embed the widget; * for any."
    )
    body_limit: int = Field(default=64 * 1024, description="Largest request body in bytes.")
    trusted_proxies: str = Field(default="127.0.0.1", description="Proxies whose X-Forwarded-For is believed.")
    identity_secret: SecretStr | None = Field(
        default=None, min_length=32, description="Key (32 characters or more) that signs the identity tokens of host pages."
    )
    semantic: bool = Field(default=False, description="Let the small model of the 'semantic' extra vote on unsure queries.")
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @property
    def database(self) -> str:
        """The database to use."""
        return self.database_url or f"sqlite:///{self.data / 'assistant.db'}"

    @property
    def cache(self) -> Path:
        """Where compiled files live; may be deleted at any time."""
        return self.data / "cache"


def publish(settings: Settings) -> None:
    """Hand the settings to worker processes, which read them from the environment."""
    os.environ["ASSISTANT_DATA"] = str(settings.data)
    os.environ["DATABASE_URL"] = settings.database

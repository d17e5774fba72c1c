"""Settings from the environment; the only place that reads it."""

from __future__ import annotations

import ipaddress
import os
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from flows.accounts.loopback import is_loopback

_SECRET_LENGTH = 32


class Settings(BaseSettings):
    """Everything that can be set; each field is an environment variable with the prefix ``ASSISTANT_``, empty ones are not set."""

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_", env_ignore_empty=True, extra="ignore", frozen=True)

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
    rate_storage: str = Field(default="memory://", description="Where counts live: memory://, or redis://host for several replicas.")
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Comma-separated origins of pages that embed the widget; * for any."
    )
    body_limit: int = Field(default=64 * 1024, ge=16 * 1024, description="Largest request body in bytes.")
    trusted_proxies: str = Field(default="127.0.0.1", description="Proxies whose X-Forwarded-For is believed.")
    identity_secret: SecretStr | None = Field(
        default=None, description="Key (32 characters or more) that signs the identity tokens of host pages."
    )
    encryption_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        default=(), description="Comma-separated keys for stored account data: the first encrypts, all decrypt, the last one has to stay."
    )
    demo: bool | None = Field(default=None, description="The demo company and its inbox; on by default on loopback only.")
    demo_beyond_loopback: bool = Field(default=False, description="Said besides demo, lets other machines use the demo.")
    accounts_url: str | None = Field(default=None, description="The account service; the built-in one otherwise.")
    accounts_token: SecretStr | None = Field(default=None, description="Bearer token for the account service.")
    wecom_corp_id: str | None = Field(default=None, description="The company's id in WeCom.")
    wecom_agent_id: int | None = Field(default=None, description="AgentId of the self-built application.")
    wecom_secret: SecretStr | None = Field(default=None, description="Secret of the self-built application.")
    wecom_app_token: SecretStr | None = Field(default=None, description="Token of the application's callback address.")
    wecom_app_aes_key: SecretStr | None = Field(default=None, description="EncodingAESKey of the application's callback address.")
    wecom_bot_token: SecretStr | None = Field(default=None, description="Token of the AI bot's callback address.")
    wecom_bot_aes_key: SecretStr | None = Field(default=None, description="EncodingAESKey of the AI bot's callback address.")
    wecom_robot_key: SecretStr | None = Field(default=None, description="Key of the group robot that tells the support group what is new.")
    wecom_api_base: str = Field(default="https://qyapi.weixin.qq.com", description="WeCom's API; plain HTTP on this machine only.")
    semantic: bool = Field(default=False, description="Let the small model of the 'semantic' extra vote on unsure queries.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="How much is logged.")

    @field_validator("cors_origins", "encryption_keys", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("rate_conversations", "rate_messages", "rate_lookups")
    @classmethod
    def _rate(cls, value: str) -> str:
        from limits import parse

        try:
            rate = parse(value)
        except ValueError as error:
            raise ValueError("a rate is a number and a time, such as 30/minute or 5/10 seconds") from error
        if rate.amount < 1:
            raise ValueError("nobody could use the server; allow 1 or more, such as 30/minute")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies(cls, value: str) -> str:
        for proxy in value.split(","):
            try:
                if proxy.strip() != "*":
                    ipaddress.ip_network(proxy.strip())
            except ValueError as error:  # uvicorn would take it for a name that no visitor ever has
                raise ValueError(f"{proxy.strip()} is neither an address nor a network; write 10.0.0.5 or 10.0.0.0/8") from error
        return value

    @field_validator("accounts_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value and not re.match(r"https?://[^/\s]", value):
            raise ValueError("must be a web address, such as https://accounts.example.com/")
        return value

    @field_validator("rate_storage")
    @classmethod
    def _storage(cls, value: str) -> str:
        if not re.match(r"memory://$|rediss?://\S", value):
            raise ValueError("must be memory:// or redis://host:port/number (rediss:// with TLS)")
        return value

    @field_validator("cors_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if origin != "*" and not re.fullmatch(r"[a-z][a-z0-9+.-]*://[^/\s;,?#]+", origin):
                raise ValueError(f"{origin} is no origin; write scheme and host, without a path: https://example.com")
        return value

    @field_validator("identity_secret")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value and len(value.get_secret_value()) < _SECRET_LENGTH:
            raise ValueError(f"too short; it needs {_SECRET_LENGTH} random characters or more")
        return value

    @field_validator("wecom_app_aes_key", "wecom_bot_aes_key")
    @classmethod
    def _aes_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.fullmatch(r"[0-9A-Za-z]{43}", value.get_secret_value()):
            raise ValueError("an EncodingAESKey has 43 letters and digits; copy it again from WeCom's admin console")
        return value

    @field_validator("wecom_api_base")
    @classmethod
    def _safe_base(cls, value: str) -> str:
        if not re.match(r"https://|http://(127\.0\.0\.1|localhost)(:\d+)?(/|$)", value):
            raise ValueError("must begin with https://; http:// is for 127.0.0.1 and localhost only")
        return value.rstrip("/")

    @property
    def wecom_configured(self) -> bool:
        """Whether anything goes out to WeCom or comes in."""
        return any((self.wecom_secret, self.wecom_app_token, self.wecom_bot_token, self.wecom_robot_key))

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine reaches the server."""
        return is_loopback(self.host)

    @property
    def demo_mode(self) -> bool:
        """Whether the demo company is served; it belongs to the built-in account service."""
        return self.accounts_url is None and (self.on_loopback if self.demo is None else self.demo)

    @property
    def demo_for_anybody(self) -> bool:
        """Whether the demo was told twice that it may leave this machine."""
        return bool(self.demo) and self.demo_beyond_loopback

    def address(self, port: int | None = None) -> str:
        """Where the server answers."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port if port is None else port}"

    @property
    def database(self) -> str:
        """The database to use."""
        return self.database_url or f"sqlite:///{self.data / 'assistant.db'}"

    @property
    def cache(self) -> Path:
        """Where compiled files live; may be deleted at any time."""
        return self.data / "cache"


def variable(field: str) -> str:
    """The environment variable of a field."""
    return "DATABASE_URL" if field.upper() == "DATABASE_URL" else f"ASSISTANT_{field.upper()}"


def publish(settings: Settings) -> None:
    """Hand the settings to worker processes, which read them from the environment."""
    os.environ["ASSISTANT_DATA"] = str(settings.data)
    os.environ["ASSISTANT_HOST"] = settings.host
    os.environ["DATABASE_URL"] = settings.database

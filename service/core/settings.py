"""What differs between two installations, read from the environment once and handed down."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEVELOPMENT_SECRET = "only-for-development-never-in-production"  # noqa: S105 refused outside development
SHORTEST_SECRET = 32
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SENDER = re.compile(
    r"(?:(?P<name>[^<>]*)<)?(?P<address>[\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*)(?(name)>)",
    re.ASCII | re.IGNORECASE,
)
"""«Podium <post@podium.example>», or the address alone; signs in the name need no quotes."""


class Environment(StrEnum):
    DEVELOPMENT = "development"
    DEMO = "demo"
    PRODUCTION = "production"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="PODIUM_", env_ignore_empty=True, frozen=True, extra="forbid"
    )

    environment: Environment = Field(
        Environment.PRODUCTION,
        description="`production` refuses unsafe values; `demo` shows an invented region.",
    )
    base_url: str = Field(
        "http://127.0.0.1:8000",
        description="Address people use; every link in a page or mail starts with it.",
    )
    secret_key: SecretStr = Field(
        SecretStr(DEVELOPMENT_SECRET), description="Signs links and codes; at least 32 random characters."
    )
    database_url: str = Field(
        "sqlite:///var/podium.db",
        description="`sqlite:///path` or `postgresql+psycopg://user:password@host/name`.",
    )
    var_dir: Path = Field(Path("var"), description="Folder for mail that is written instead of sent.")
    trusted_hosts: list[str] = Field(
        default_factory=list, description="Further host names the service answers to, as a JSON list."
    )
    trusted_proxies: str = Field(
        "127.0.0.1", description="Proxies whose forwarding headers are believed, comma-separated addresses."
    )
    smtp_url: SecretStr | None = Field(
        None,
        description="`smtp://user:password@host:587` or `smtps://…`; empty: mail goes to files. `smtp` "
        "demands STARTTLS, unless the host is this machine (`127.0.0.1`, `localhost`) or `?starttls=off` "
        "follows.",
    )
    mail_from: str = Field("Podium <podium@localhost>", description="Sender of every mail.")
    bounce_address: str = Field(
        "",
        description="Where reports of undelivered mail go; `bounces@podium.example` becomes "
        "`bounces+ID@podium.example` per mail. Empty: to the sender.",
    )
    bounce_folder: Path | None = Field(
        None, description="Mailbox folder (Maildir) in which those reports arrive; the worker reads it."
    )
    operator_name: str = Field("Podium", description="Who runs this installation; shown on public pages.")
    operator_email: str = Field(
        "beheer@localhost", description="Whom people write to about this installation."
    )
    lease_seconds: int = Field(
        120, ge=1, le=3600, description="After this long, the work of a killed worker is taken up by another."
    )
    log_format: str = Field(
        "json", pattern="^(json|text)$", description="`json` for machines, `text` for people."
    )

    @property
    def is_development(self) -> bool:
        return self.environment is not Environment.PRODUCTION

    @property
    def has_https(self) -> bool:
        return urlsplit(self.base_url).scheme == "https"

    @property
    def hosts(self) -> list[str]:
        """The names the service answers to; on one's own machine both names of it."""
        own = LOOPBACK[:2] if self.is_development and self.host in LOOPBACK else (self.host,)
        return [*own, *self.trusted_hosts]

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or ""

    @property
    def sender(self) -> tuple[str, str]:
        """Name and address from which mail comes."""
        found = SENDER.fullmatch(self.mail_from.strip())
        assert found is not None, "validated"
        return " ".join((found["name"] or "").replace('"', "").split()), found["address"]

    @model_validator(mode="after")
    def refuse_a_sender_that_is_none(self) -> Self:
        """Each mail would be refused, as if its reader had no address."""
        if not self.mail_from.isprintable() or not SENDER.fullmatch(self.mail_from.strip()):
            raise ValueError("PODIUM_MAIL_FROM must be one address, such as Podium <post@podium.example>")
        return self

    @model_validator(mode="after")
    def refuse_a_bounce_address_that_is_none(self) -> Self:
        """Reports would go to the sender, where nobody looks for them."""
        found = SENDER.fullmatch(self.bounce_address)
        if self.bounce_address and (found is None or found["name"] is not None):
            raise ValueError("PODIUM_BOUNCE_ADDRESS must be an address alone, such as bounces@podium.example")
        return self

    @model_validator(mode="after")
    def refuse_unsafe_values(self) -> Self:
        if urlsplit(self.base_url).scheme not in {"http", "https"} or not self.host:
            raise ValueError("PODIUM_BASE_URL must be an address such as https://podium.example")
        if self.environment is Environment.DEVELOPMENT:
            return self
        secret = self.secret_key.get_secret_value()
        if self.environment is Environment.DEMO and self.host in LOOPBACK:
            return self
        if secret == DEVELOPMENT_SECRET or len(secret) < SHORTEST_SECRET:
            raise ValueError(
                f"PODIUM_SECRET_KEY must hold at least {SHORTEST_SECRET} random characters; "
                "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        if not self.has_https:
            raise ValueError("PODIUM_BASE_URL must start with https:// outside development")
        return self

"""Every setting and limit, on one page; each is read from a variable `CRANE_...`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """How the service runs. The README lists all of these."""

    model_config = SettingsConfigDict(env_prefix="CRANE_", extra="ignore")

    database_url: str = Field(
        "sqlite+aiosqlite:///crane.db", description="Where the books are kept."
    )
    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="The port to listen on.")
    workers: int = Field(1, ge=1, le=64, description="Processes; more than one on PostgreSQL only.")
    tls_cert: str = Field("", description="The certificate, with those that it rests on, in PEM.")
    tls_key: str = Field("", description="The certificate's private key, in PEM.")
    require_https: bool = Field(False, description="Refuse what comes over plain HTTP.")
    trusted_proxies: str = Field(
        "", description="Addresses whose X-Forwarded-For and -Proto are believed, by commas."
    )
    pool: int = Field(8, ge=1, le=200, description="Database connections of a process.")
    batch: int = Field(64, ge=1, le=1_000, description="Most mutations that share a commit.")

    public_url: str = Field(
        "", description="The address at which people reach this service; else host and port."
    )
    files: str = Field("crane-files", description="Where files are kept: a folder, or s3://...")
    mailer: SecretStr = Field(
        SecretStr("crane-mails"), description="Who takes mails: a folder, or smtp(s)://..."
    )
    mail_from: str = Field("books@localhost", description="The address that mails come from.")
    link_secret: SecretStr | None = Field(
        None, description="What links are signed with; else one is made, and kept with the books."
    )
    link_days: int = Field(90, ge=1, le=3_650, description="Days for which a link opens.")

    compiled: bool = Field(True, description="Compile documents that are executed again.")
    rest_direct: bool = Field(
        False, description="Answer REST writes at once instead of queueing those that may be."
    )
    jobs: int = Field(64, ge=0, description="Jobs that a process runs at a time; 0 for none.")
    job_lease: int = Field(
        30, ge=1, description="Seconds after which the jobs of a worker that died are begun anew."
    )
    rate_live: int = Field(
        1_000, ge=0, description="Requests a minute of a live organization; 0 for any number."
    )
    rate_test: int = Field(100, ge=0, description="The same of a sandbox.")

    metrics_token: SecretStr | None = Field(
        None, min_length=16, description="What /metrics wants to be shown; else it answers locally."
    )
    metrics_seconds: float = Field(10, gt=0, description="How often figures are put down.")

    billing: Literal["unmetered", "metered"] = Field(
        "unmetered", description="Whether operations cost credits."
    )
    prices: str = Field("", description="A JSON file with prices in place of the declared ones.")
    stripe_key: SecretStr | None = Field(
        None, description="Stripe's secret key; without it credits are granted on a click."
    )
    stripe_webhook_secret: SecretStr | None = Field(
        None, description="What Stripe signs with when it tells of a payment."
    )

    cache: int = Field(
        67_108_864, ge=0, description="Most bytes of kept answers in a process; 0 to keep none."
    )

    limit_body: int = Field(1_048_576, ge=1_024, description="Most bytes of a request's body.")
    limit_upload: int = Field(10_485_760, ge=1_024, description="Most bytes of a file.")
    limit_head: int = Field(16_384, ge=1_024, description="Most bytes of a request's head.")
    limit_batch: int = Field(10, ge=1, description="Most GraphQL requests in one HTTP request.")
    limit_depth: int = Field(12, ge=1, description="How deep a document may nest fields.")
    limit_aliases: int = Field(30, ge=0, description="Most aliases in a document.")
    limit_tokens: int = Field(2_000, ge=10, description="Most words and signs of a document.")
    limit_cost: int = Field(10_000, ge=1, description="Most objects a document may answer with.")
    limit_introspection_depth: int = Field(20, ge=1, description="The same for introspection.")
    limit_introspection_cost: int = Field(5_000, ge=1, description="The same for introspection.")
    limit_list: int = Field(50, ge=1, description="The size assumed of a list without a limit.")
    limit_parts: int = Field(20, ge=1, description="The size assumed of a list that takes none.")

    timeout_head: float = Field(10, gt=0, description="Seconds for a request's head to arrive.")
    timeout_body: float = Field(15, gt=0, description="Seconds for a request's body to arrive.")
    timeout_idle: float = Field(60, gt=0, description="Seconds an idle connection is kept.")
    timeout_shutdown: int = Field(20, ge=0, description="Seconds for requests to end at shutdown.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least that is logged."
    )

    @property
    def reached_at(self) -> str:
        """The address at which people reach the service."""
        protocol = "https" if self.tls_cert else "http"
        return self.public_url or f"{protocol}://{self.host}:{self.port}"

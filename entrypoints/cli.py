"""The command line, `crane`: serve the books, and what is done beside it.

Each command is thin: it reads its settings, does its work by the other modules of this
package, and says plainly what came of it. What it cannot do ends it with exit status 1 and
one sentence with the cause and the cure; a traceback is for what nobody foresaw.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click
from sqlalchemy import Connection
from sqlalchemy.exc import ArgumentError, DBAPIError

from entrypoints import serving
from entrypoints.asking import UnreachableError
from entrypoints.billing import require_billing
from entrypoints.check_command import check
from entrypoints.credits_command import credits
from entrypoints.demo.opening import Opened, open_demo
from entrypoints.ledger_files import LoadError
from entrypoints.load_command import load
from entrypoints.options import database_option, is_sqlite, opened_database, place_of, settings_of
from entrypoints.worker_command import worker
from ledger.errors import LedgerError
from ledger.events import Origin
from ledger.templates import Template
from resolvers import organizations as founding
from resolvers.minting import Mint
from settings import Settings
from store import migrations, organizations
from store.engines import DatabaseHeldError
from store.files import files_of

_EXPECTED = (DatabaseHeldError, LoadError, UnreachableError, ArgumentError, OSError)


class Commands(click.Group):
    """The commands, with one place for what may go wrong in any of them."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an expected failure becomes its sentence and exit status 1."""
        try:
            return super().invoke(ctx)
        except LedgerError as refusal:
            raise click.ClickException(f"{refusal.message} {refusal.suggestion or ''}") from None
        except DBAPIError as error:
            raise click.ClickException(f"The database says: {error.orig}") from None
        except BrokenPipeError:
            raise
        except _EXPECTED as error:
            raise click.ClickException(str(error)) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="crane-ledger", message="Crane Ledger %(version)s")
def main() -> None:
    """Crane Ledger: double-entry books behind a GraphQL API."""


main.add_command(load)
main.add_command(check)
main.add_command(credits)
main.add_command(worker)


@main.command()
@click.option("--host", help="The address to listen on; else CRANE_HOST, else 127.0.0.1.")
@click.option("--port", type=int, help="The port to listen on; else CRANE_PORT, else 8000.")
@database_option
@click.option("--tls-cert", metavar="FILE", help="Serve HTTPS with this certificate (PEM).")
@click.option("--tls-key", metavar="FILE", help="The certificate's private key (PEM).")
@click.option("--demo", is_flag=True, help="Make a small company with a year of books, once.")
@click.option("--workers", type=int, help="Processes; more than one on PostgreSQL only.")
def serve(*, demo: bool, **given: Any) -> None:
    """Serve the API and the playground, on tables that are brought up to date first."""
    settings = settings_of(database_url=given.pop("database"), **given)
    if settings.workers > 1 and is_sqlite(settings):
        raise click.UsageError(
            "SQLite serves one process at a time. Leave --workers out, or keep the books in "
            "PostgreSQL (--database postgresql://...)."
        )
    require_billing(settings)
    _require_pair(settings)
    opened = _listening(settings)
    is_empty, made = asyncio.run(_prepare(settings, demo=demo))
    _announce(settings, opened, is_empty, made)
    # Each process of the server reads its settings anew, from the environment.
    for name in ("database_url", *given):
        os.environ[f"CRANE_{name.upper()}"] = str(getattr(settings, name))
    serving.run(settings, opened)


def _require_pair(settings: Settings) -> None:
    try:
        serving.require_pair(settings)
    except (OSError, ValueError) as error:
        raise click.UsageError(
            f"HTTPS cannot be served with --tls-cert and --tls-key: {error}."
        ) from None


def _listening(settings: Settings) -> socket.socket:
    try:
        return serving.listening(settings.host, settings.port)
    except OSError as error:
        raise click.ClickException(
            f"Cannot listen on {settings.host}, port {settings.port}: {error.strerror}. "
            "Choose another by --host and --port."
        ) from None


async def _prepare(settings: Settings, *, demo: bool) -> tuple[bool, Opened | None]:
    """Bring the tables up to date; say whether there is no organization yet; make the demo."""

    def prepare(connection: Connection) -> tuple[bool, Opened | None]:
        migrations.upgrade(connection)
        files = files_of(settings.files)
        made = open_demo(connection, datetime.now(UTC), Mint(), files) if demo else None
        return not organizations.every(connection), made

    async with opened_database(settings) as database:
        return await database.write(prepare)


def _announce(
    settings: Settings, opened: socket.socket, is_empty: bool, made: Opened | None
) -> None:
    host = "localhost" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104
    host = f"[{host}]" if ":" in host else host
    protocol = "https" if settings.tls_cert else "http"
    address = f"{protocol}://{host}:{opened.getsockname()[1]}"
    click.echo(f"Crane Ledger listens at {address}, its books in {place_of(settings)}.")
    click.echo(f"  GraphQL      {address}/graphql")
    click.echo(f"  Playground   {address}/graphql/playground")
    if made is not None:
        _announce_demo(made)
    elif is_empty:
        first = "stop this server and " if is_sqlite(settings) else ""
        click.echo(f"There is no organization yet. To make one and get its keys, {first}run:")
        click.echo('  crane organization create --name "My company" --currency USD')
    click.echo("Stop with Ctrl+C.")


def _announce_demo(made: Opened) -> None:
    later = "which was there already, has new keys for 30 days"
    click.echo(f"The demo company, {'with a year of books' if made.is_new else later}:")
    click.echo(f"  Its key      {made.live_key}")
    click.echo(f"  Its sandbox  {made.test_key}  (the chart, no books)")
    click.echo("The keys are shown this once; paste the first one into the playground.")


@main.group()
def organization() -> None:
    """Organizations: each a set of books with its own keys."""


@organization.command()
@click.option("--name", required=True, help="What the organization is called.")
@click.option("--currency", required=True, help="Its base currency by ISO 4217, such as USD.")
@click.option(
    "--chart",
    type=click.Choice([template.value for template in Template]),
    default=Template.STANDARD.value,
    show_default=True,
    help="The accounts to begin with: a small usable chart, or the system accounts alone.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@database_option
def create(name: str, currency: str, chart: str, as_json: bool, database: str | None) -> None:
    """Make an organization with its sandbox, and print the first key of each."""
    founded = asyncio.run(
        _found(settings_of(database_url=database), name, currency.upper(), Template(chart))
    )
    if as_json:
        click.echo(json.dumps(asdict(founded)))
        return
    click.echo(f"Made {name}, {founded.organization_id}.")
    click.echo(f"  Its key      {founded.live_key}")
    click.echo(f"  Its sandbox  {founded.test_key}  ({founded.test_organization_id})")
    click.echo("The keys may do everything in their books, and are shown this once: keep them.")


async def _found(
    settings: Settings, name: str, currency: str, template: Template
) -> founding.Founded:
    async with opened_database(settings) as database:
        await database.write(migrations.upgrade)
        return await database.write(
            founding.found,
            name=name,
            currency=currency,
            template=template,
            origin=Origin("cli", None, "cli", "cli"),
            now=datetime.now(UTC),
            mint=Mint(),
        )


@main.command()
@database_option
def migrate(database: str | None) -> None:
    """Bring the tables of the database up to date."""
    settings = settings_of(database_url=database)
    asyncio.run(_migrate(settings))
    click.echo(f"The tables in {place_of(settings)} are up to date.")


async def _migrate(settings: Settings) -> None:
    async with opened_database(settings) as database:
        await database.write(migrations.upgrade)


if __name__ == "__main__":
    main()

"""`crane credits`: grant credits to an organization, and see what it has."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import click

from entrypoints.options import database_option, is_sqlite, opened_database, place_of, settings_of
from ledger import ids
from ledger.credits import GrantSource
from ledger.events import Origin
from resolvers import credits as granting
from resolvers.credits import Balance
from resolvers.minting import Mint
from settings import Settings
from store import migrations, organizations

_GIVEN = [GrantSource.MANUAL.value, GrantSource.REFUND.value]
_as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group()
def credits() -> None:
    """Credits: what operations cost where the service is metered."""


@credits.command()
@click.argument("organization")
@click.argument("number", metavar="CREDITS", type=int)
@click.option("--reference", metavar="R", help="Of what they are for; a second time grants none.")
@click.option("--source", type=click.Choice(_GIVEN), default=_GIVEN[0], show_default=True)
@_as_json
@database_option
def grant(
    organization: str,
    number: int,
    reference: str | None,
    source: str,
    as_json: bool,
    database: str | None,
) -> None:
    """Give credits to an organization, such as those that were paid for by other means."""
    settings = settings_of(database_url=database)
    asked = (organization, number, GrantSource(source), reference)
    _show(asyncio.run(_grant(settings, *asked)), as_json=as_json)


@credits.command()
@click.argument("organization")
@_as_json
@database_option
def show(organization: str, as_json: bool, database: str | None) -> None:
    """Show what an organization has left, and was granted; a server may have the books."""
    settings = settings_of(database_url=database)
    if is_sqlite(settings) and not Path(place_of(settings)).exists():
        raise click.ClickException(f"There are no books in {place_of(settings)}.")
    _show(asyncio.run(_read(settings, organization)), as_json=as_json)


async def _grant(
    settings: Settings, organization: str, number: int, source: GrantSource, reference: str | None
) -> Balance:
    async with opened_database(settings) as database:
        await database.write(migrations.upgrade)
        return await database.write(
            granting.grant,
            ids.normalise("org_", organization),
            number,
            source=source,
            reference=reference,
            origin=Origin("cli", None, "cli", "cli"),
            now=datetime.now(UTC),
            mint=Mint(),
        )


async def _read(settings: Settings, organization: str) -> Balance:
    key = ids.normalise("org_", organization)
    async with opened_database(settings, read_only=True) as database:
        if not await database.read(migrations.is_current):
            raise click.ClickException(
                f"The tables in {place_of(settings)} are not up to date. Run: crane migrate"
            )
        if key not in await database.read(organizations.existing, [key]):
            raise click.ClickException(f"There is no organization {organization}.")
        return await database.read(granting.balance, key)


def _show(found: Balance, *, as_json: bool) -> None:
    account = found.account
    told = {
        "organization_id": account.organization_id,
        "credits_remaining": account.balance,
        "credits_total": account.granted,
    }
    if as_json:
        click.echo(json.dumps(told))
        return
    left, total = f"{account.balance:,}", f"{account.granted:,}"
    click.echo(f"{account.organization_id} has {left} credits left of {total} granted.")

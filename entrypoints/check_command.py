"""The command `crane check`: what must hold in all books, recomputed, and what it shows."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from entrypoints.options import database_option, is_sqlite, opened_database, place_of, settings_of
from ledger.health import Finding
from ledger.organizations import Organization
from resolvers import health
from settings import Settings
from store import migrations, organizations


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object an organization.")
@database_option
@click.pass_context
def check(ctx: click.Context, as_json: bool, database: str | None) -> None:
    """Recompute what must hold in all books; exit status 1 if anything does not.

    It only reads, and may run while a server has the books.
    """
    settings = settings_of(database_url=database)
    if is_sqlite(settings) and not Path(place_of(settings)).exists():
        raise click.ClickException(f"There are no books in {place_of(settings)}.")
    if not asyncio.run(_check(settings, as_json=as_json)):
        ctx.exit(1)


async def _check(settings: Settings, *, as_json: bool) -> bool:
    """Examine and print one organization after the other; say whether all holds."""
    async with opened_database(settings, read_only=True) as database:
        if not await database.read(migrations.is_current):
            raise click.ClickException(
                f"The tables in {place_of(settings)} are not up to date. Run: crane migrate"
            )
        is_sound = True
        for fact in await database.read(organizations.every):
            findings = await database.read(health.examine, fact.id)
            (_print_json if as_json else _print_table)(fact, findings)
            is_sound = is_sound and all(finding.holds for finding in findings)
        return is_sound


def _print_json(fact: Organization, findings: list[Finding]) -> None:
    checks = [{**asdict(finding), "holds": finding.holds} for finding in findings]
    told = {"organization_id": fact.id, "name": fact.name}
    healthy = all(finding.holds for finding in findings)
    click.echo(json.dumps({**told, "is_healthy": healthy, "checks": checks}))


def _print_table(fact: Organization, findings: list[Finding]) -> None:
    click.echo(f"{fact.name}, {fact.id}")
    table = Table("Check", "Looked at", "Violations")
    for finding in findings:
        table.add_row(finding.check, f"{finding.examined:,}", f"{finding.violations:,}")
    Console().print(table)
    for finding in findings:
        for example in finding.examples:
            click.echo(f"{finding.check}: {example}")

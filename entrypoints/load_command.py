"""The command `crane load`: a ledger from a file into an organization, and what it shows."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import click
import httpx2
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from entrypoints.asking import Ask, RefusedError, Remote, remote
from entrypoints.ledger_files import LedgerFile, open_ledger
from entrypoints.loading import Loading, Tally
from entrypoints.verifying import Verdict, verify

_MOST_SHOWN = 50
TOTALS = """query Totals($day: Date!) {
  trialBalance(asOf: $day) { totalDebits totalCredits currency { code } }
}"""


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", envvar="CRANE_KEY", required=True, help="A key of the organization.")
@click.option(
    "--url",
    envvar="CRANE_URL",
    default="http://127.0.0.1:8000",
    show_default=True,
    help="Where the server is.",
)
@click.option("--name", help="What begins the external ids; else the ledger's own name.")
@click.option(
    "--verify", "is_verified", is_flag=True, help="Compare the reports with the expected figures."
)
@click.pass_context
def load(
    ctx: click.Context, file: Path, key: str, url: str, name: str | None, is_verified: bool
) -> None:
    """Load a ledger, by the API, each transaction exactly once.

    FILE is a ledger in JSON, or JSON lines of transactions with the accounts in a file beside
    it (big.jsonl, big.accounts.json). A load that was interrupted is resumed by the same
    command. The key may also come from CRANE_KEY.
    """
    ledger = open_ledger(file, name)
    if is_verified and ledger.expected is None:
        raise click.ClickException(f"{file.name} expects no figures: leave --verify out.")
    try:
        verdict = asyncio.run(_load(ledger, key, url, is_verified=is_verified))
    except RefusedError as refusal:
        raise click.ClickException(refusal.told) from None
    if verdict is not None and verdict.differences:
        ctx.exit(1)


async def _load(ledger: LedgerFile, key: str, url: str, *, is_verified: bool) -> Verdict | None:
    bar = _bar()
    async with _connected(url) as http:
        ask = Remote(http, key, bar.console.print)
        task = bar.add_task("Loading", total=ledger.size, told="")

        def show(tally: Tally) -> None:
            bar.update(task, completed=tally.passed, told=f"{tally.entries:,} entries")

        loading = Loading(ask, ledger, show)
        began = time.monotonic()
        with bar:
            await loading.prepare()
            tally = await loading.run()
        _tell(tally, time.monotonic() - began)
        if tally.last_date:
            await _tell_totals(ask, tally.last_date)
        return await _verified(ask, ledger) if is_verified else None


def _bar() -> Progress:
    """A progress bar on standard error, where it does not mix with what the command says."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[told]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


def _connected(url: str) -> httpx2.AsyncClient:
    if not url.startswith(("http://", "https://")):
        raise click.BadParameter("It begins with http:// or https://.", param_hint="--url")
    return remote(url)


def _tell(tally: Tally, seconds: float) -> None:
    rate = f", {tally.entries / seconds:,.0f} a second" if tally.loaded else ""
    click.echo(
        f"Loaded {tally.loaded:,} transactions with {tally.entries:,} entries "
        f"in {seconds:.1f} s{rate}; {tally.skipped:,} were there already."
    )


async def _tell_totals(ask: Ask, day: str) -> None:
    report = (await ask(TOTALS, {"day": day}))["trialBalance"]
    debits, credits = report["totalDebits"], report["totalCredits"]
    click.echo(f"Trial balance of {day} in {report['currency']['code']}: {debits} = {credits}.")


async def _verified(ask: Ask, ledger: LedgerFile) -> Verdict:
    verdict = await verify(ask, ledger.expected or {})
    for difference in verdict.differences[:_MOST_SHOWN]:
        click.echo(difference)
    if verdict.unknown:
        click.echo(f"No report has: {', '.join(sorted(verdict.unknown))}.")
    wrong = len(verdict.differences)
    found = f"{wrong:,} differ" if wrong else "all as expected"
    click.echo(f"Compared {verdict.compared:,} figures: {found}.")
    return verdict

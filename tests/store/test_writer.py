"""How commands share commits: who waits for whom, and who fails for whom."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from entering import contents, events, unhealthy
from house import Client, House
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from ledger.accounts import AccountType, EntryType
from ledger.errors import LedgerError, Reason
from ledger.events import Change, Origin
from ledger.transactions import Draft, DraftEntry
from resolvers import accounts, transactions
from resolvers.accounts import NewAccount
from resolvers.books import Call, Command, Decision
from resolvers.minting import Mint
from resolvers.writer import Writer
from store.changes import StaleBooksError

DAY = date(2026, 1, 5)


class Watched:
    """A writer of its own on a house's database, which remembers the batches it committed."""

    def __init__(self, house: House, books: Client, chart: dict[str, str], **options) -> None:
        self.books, self.chart = books, chart
        self.batches: list[int] = []
        self.failures: list[Exception] = []
        self.statements = 0
        self.database = house.database
        self.is_sqlite = house.is_sqlite
        self.writer = Writer(self, Mint(), **options)
        engine = house.database.writer
        event.listen(engine, "before_cursor_execute", self._count)

    def _count(self, *_: object) -> None:
        self.statements += 1

    async def write(self, work):
        """Commit a batch, unless a failure was arranged."""
        if self.failures:
            raise self.failures.pop(0)
        found = await self.database.write(work)
        self.batches.append(len(work.__self__.calls))
        return found

    async def submit(self, command, **more):
        """What comes of a command: `Written` or the exception."""
        origin = Origin("test", None, "req_test", "test")
        call = replace(Call(self.books.organization_id, "test", origin), **more)
        try:
            return await self.writer.submit(call, command)
        except Exception as error:  # noqa: BLE001
            return error

    def draft(self, *, external_id=None, amount="1.00"):
        lines = [("1000", EntryType.DEBIT), ("4000", EntryType.CREDIT)]
        entries = [DraftEntry(self.chart[code], side, amount) for code, side in lines]
        return Draft("Sale", DAY, entries, external_id=external_id)

    def sale(self, *, external_id=None, post=True):
        return transactions.create(self.draft(external_id=external_id), post=post)

    def bulk(self, *drafts):
        return transactions.create_many(drafts, post=True, continue_on_error=False)


@pytest.fixture
async def watched(house, books):
    return Watched(house, books, await books.accounts())


def raising(error):
    def decide(_books):
        raise error

    return Command(decide)


async def test_a_lone_command_goes_at_once(watched):
    written = await watched.submit(watched.sale())
    assert watched.batches == [1]
    assert written.facts[written.outcome].journal_number == 1


async def test_what_comes_while_a_commit_is_under_way_shares_the_next(watched):
    done = await asyncio.gather(*(watched.submit(watched.sale()) for _ in range(50)))
    under_way_at_first = 1 if watched.is_sqlite else 2
    assert sorted(watched.batches) == [*[1] * under_way_at_first, 50 - under_way_at_first]
    numbers = sorted(written.facts[written.outcome].journal_number for written in done)
    assert numbers == list(range(1, 51))
    assert await unhealthy(watched.books) == []


async def test_statements_do_not_grow_with_the_commands_of_a_commit(watched):
    counted = []
    for size in (2, 60):
        await asyncio.gather(*(watched.submit(watched.sale(post=False)) for _ in range(3)))
        watched.statements, watched.batches = 0, []
        asked = [watched.submit(watched.sale()) for _ in range(size)]
        await asyncio.gather(*asked)
        counted.append(watched.statements / len(watched.batches))
    assert counted[1] <= counted[0] + 1


async def test_no_commit_carries_more_than_the_most(house, watched):
    few = Watched(house, watched.books, watched.chart, most=5)
    await asyncio.gather(*(few.submit(few.sale()) for _ in range(23)))
    assert max(few.batches) == 5
    assert sum(few.batches) == 23


async def test_commands_that_change_the_chart_go_by_themselves(watched):
    opening = [NewAccount(f"90{n}", "A", AccountType.ASSET) for n in range(5)]
    asked = [watched.submit(watched.sale()) for _ in range(5)]
    asked += [watched.submit(accounts.create(new)) for new in opening]
    asked += [watched.submit(watched.sale()) for _ in range(5)]
    done = await asyncio.gather(*asked)
    assert not [each for each in done if isinstance(each, Exception)]
    assert sum(watched.batches) == 15
    assert await unhealthy(watched.books) == []


async def test_a_refused_command_fails_alone_and_costs_no_commit_of_its_own(watched):
    refusal = LedgerError(Reason.INVALID_VALUE, "No.")
    asked = [watched.submit(watched.sale()) for _ in range(10)]
    asked[5:5] = [watched.submit(raising(refusal))]
    done = await asyncio.gather(*asked)
    assert done[5] is refusal
    assert sum(watched.batches) == 11
    assert len(watched.batches) <= 3
    assert await unhealthy(watched.books) == []


async def test_a_command_that_breaks_takes_no_other_with_it(watched):
    asked = [watched.submit(watched.sale()) for _ in range(10)]
    broken = KeyError("a mistake of ours")
    asked[5:5] = [watched.submit(raising(broken))]
    done = await asyncio.gather(*asked)
    assert done[5] is broken
    assert [isinstance(each, Exception) for each in done].count(True) == 1
    assert await unhealthy(watched.books) == []


async def test_a_statement_that_fails_fails_for_its_own_command_alone(house, watched):
    """The ledger would have refused it: here it is let through to the database."""

    def decide(books):
        fact = watched.sale(post=False).decide(books).changes[0].after
        entries = tuple(replace(line, account_id="act_nobody") for line in fact.entries)
        return Decision((Change("created", None, replace(fact, entries=entries)),), fact.id)

    asked = [watched.submit(watched.sale()) for _ in range(6)]
    asked[3:3] = [watched.submit(Command(decide))]
    done = await asyncio.gather(*asked)
    assert type(done[3]).__name__ == "IntegrityError"
    assert [isinstance(each, Exception) for each in done].count(True) == 1
    assert len((await contents(house))["transaction"]) == 6
    assert await unhealthy(watched.books) == []


async def test_stale_books_are_read_again(watched):
    await watched.submit(watched.sale())
    watched.failures = [StaleBooksError([watched.books.organization_id])] * 3
    written = await watched.submit(watched.sale())
    assert written.facts[written.outcome].journal_number == 2
    assert watched.failures == []


async def test_books_that_are_always_stale_are_busy_in_the_end(watched):
    watched.failures = [StaleBooksError([watched.books.organization_id])] * 8
    error = await watched.submit(watched.sale())
    assert error.reason is Reason.BUSY
    assert not isinstance(await watched.submit(watched.sale()), Exception)


def deadlock():
    """An error as a deadlock of PostgreSQL raises it."""
    cause = Exception("deadlock detected")
    cause.sqlstate = "40P01"
    return OperationalError("UPDATE", {}, cause)


async def test_a_constraint_after_a_deadlock_is_tried_again_as_well(watched):
    """As when another server was faster: on the second look its row is seen."""
    await watched.submit(watched.sale(external_id="a"))
    looks = []

    def decide(books):
        looks.append(books)
        return watched.sale(external_id="a" if len(looks) == 1 else "b").decide(books)

    watched.failures = [deadlock()]
    assert not isinstance(await watched.submit(Command(decide)), Exception)
    assert len(looks) == 2


async def test_deadlocks_are_tried_again_inside(watched):
    watched.failures = [deadlock() for _ in range(3)]
    assert not isinstance(await watched.submit(watched.sale()), Exception)
    assert watched.batches == [1]


async def test_who_leaves_does_not_take_the_commit_along(house, watched):
    task = asyncio.create_task(watched.submit(watched.sale()))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await watched.writer.close()
    assert len((await contents(house))["transaction"]) == 1


async def test_closing_waits_for_all_that_was_submitted(house, watched):
    tasks = [asyncio.create_task(watched.submit(watched.sale())) for _ in range(30)]
    await asyncio.sleep(0)
    await watched.writer.close()
    assert len((await contents(house))["transaction"]) == 30
    await asyncio.gather(*tasks)


async def test_a_command_sees_what_an_earlier_one_of_its_commit_decided(watched):
    """Two sales under one external id, in one commit: the second is refused with its reason."""
    first = asyncio.create_task(watched.submit(watched.sale()))
    more = [watched.submit(watched.sale(external_id="a")) for _ in range(2)]
    _, one, two = await asyncio.gather(first, *more)
    refused = [each for each in (one, two) if isinstance(each, LedgerError)]
    assert [error.reason for error in refused] == [Reason.DUPLICATE]


async def test_a_command_sees_nothing_of_what_was_only_tried_or_refused_before_it(watched):
    """They share a commit: the first sales keep the writer busy while the others gather."""
    asked = [watched.submit(watched.sale()) for _ in range(2)]
    tried, refused = watched.draft(external_id="y"), watched.draft(external_id="z")
    asked += [
        watched.submit(watched.bulk(tried), dry_run=True),
        watched.submit(watched.bulk(refused, watched.draft(amount="0"))),
        watched.submit(watched.bulk(tried)),
        watched.submit(watched.bulk(refused)),
    ]
    done = await asyncio.gather(*asked)
    assert [isinstance(each, Exception) for each in done] == [False] * 3 + [True] + [False] * 2
    assert max(watched.batches) >= 4
    assert await unhealthy(watched.books) == []


async def test_what_is_posted_and_reversed_in_one_commit_has_the_events_of_both(house, watched):
    pending = (await watched.submit(watched.sale(post=False))).outcome
    asked = [watched.submit(watched.sale()) for _ in range(2)]
    asked += [watched.submit(transactions.post(pending, version=None))]
    asked += [watched.submit(transactions.reverse(pending, on=None, reason="R"))]
    await asyncio.gather(*asked)
    assert max(watched.batches) > 1
    found = [each for each in await events(watched.books, house) if each["entity_id"] == pending]
    created, posted, reversed_ = found
    assert (posted["type"], reversed_["type"]) == ("transaction.posted", "transaction.reversed")
    assert posted["before"] == created["after"]
    assert posted["after"]["status"] == "posted"
    assert "reversed_by" not in posted["after"]
    assert posted["after"]["journal_number"] in {2, 3}
    assert reversed_["before"] == posted["after"]
    assert reversed_["after"]["status"] == "reversed"
    assert await unhealthy(watched.books) == []


async def test_the_time_of_a_commit_is_that_of_the_clock(house, watched):
    moment = datetime(2030, 1, 1, tzinfo=UTC)
    fixed = Watched(house, watched.books, watched.chart, clock=lambda: moment)
    written = await fixed.submit(fixed.sale())
    assert written.facts[written.outcome].posted_at == moment
    found = await house.database.read(lambda c: c.scalar(text("SELECT max(created_at) FROM event")))
    assert str(found).startswith("2030-01-01")

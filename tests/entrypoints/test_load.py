"""`crane load`: ledgers from files, each transaction exactly once, whatever happens on the way."""

from __future__ import annotations

import json
from pathlib import Path

import httpx2
import pytest
from house import running

from entrypoints import asking, loading
from entrypoints.asking import RefusedError, Remote, UnreachableError
from entrypoints.ledger_files import LoadError, open_ledger
from entrypoints.loading import Loading, chunks, in_line
from entrypoints.verifying import verify
from ledger.templates import Template

HERE = Path(__file__)
LITTLE = HERE.parents[1] / "ledger" / "little_ledger.json"
SHARED = HERE.parents[3] / "shared" / "cases" / "ledgers"
CASES = [LITTLE, *(p for p in sorted(SHARED.glob("*.json")) if not p.name.startswith("large_"))]
ACCOUNTS = [
    {"code": "1", "name": "Bank", "type": "asset", "currency": "USD"},
    {"code": "4", "name": "Sales", "type": "revenue", "currency": "USD"},
]
ALL = """{ transactions(orderBy: {field: CREATED_AT, direction: ASC}) {
  externalId journalNumber date description reference status baseAmount
} }"""


def sale(number, amount="10.00", **more):
    entries = [
        {"account_code": "1", "entry_type": "debit", "amount": amount},
        {"account_code": "4", "entry_type": "credit", "amount": amount},
    ]
    return {"date": "2026-01-05", "description": f"Sale {number}", "entries": entries, **more}


class Folder:
    """Writes ledgers of JSON lines."""

    def __init__(self, path):
        self.path = path

    def lines(self, transactions, name="sales", accounts=ACCOUNTS):
        (self.path / f"{name}.accounts.json").write_text(json.dumps(accounts))
        file = self.path / f"{name}.jsonl"
        file.write_text("".join(f"{json.dumps(each)}\n" for each in transactions))
        return file


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


@pytest.fixture
async def client(house):
    return await house.organization(template=Template.NONE)


@pytest.fixture
async def lone(databases):
    """An organization on SQLite, for what has nothing to do with the engine."""
    async with running(await databases.new("sqlite")) as started:
        yield await started.organization(template=Template.NONE)


async def load(client, file, ask=None, name=None):
    ledger = open_ledger(file, name)
    under_way = Loading(ask or Remote(client.http, client.key), ledger)
    await under_way.prepare()
    tally = await under_way.run()
    return tally.loaded, tally.skipped


async def listed(client):
    """What was loaded, by external id."""
    found = (await client.ask(ALL))["transactions"]
    by_id = {row["externalId"]: row for row in found}
    assert len(by_id) == len(found)
    return by_id


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
async def test_a_whole_ledger_gives_every_figure_that_it_expects(house, path):
    ledger = open_ledger(path)
    client = await house.organization(currency=ledger.base_currency, template=Template.NONE)
    assert await load(client, path) == (ledger.size, 0)
    verdict = await verify(Remote(client.http, client.key), ledger.expected)
    assert verdict.differences == []
    assert verdict.unknown == set()
    assert verdict.compared > 25


async def test_figures_that_differ_are_named(lone):
    await load(lone, LITTLE)
    expected = open_ledger(LITTLE).expected
    expected["as_of"]["2024-12-31"]["balances"]["1000"] = "450.01"
    expected["as_of"]["2024-12-31"]["net_income_to_date"] = "0.00"
    verdict = await verify(Remote(lone.http, lone.key), expected)
    assert verdict.differences == [
        "2024-12-31, balances, 1000: expected 450.01, found 450.00",
        "2024-12-31, net_income_to_date: expected 0.00, found 113.00",
    ]


async def test_loading_again_changes_nothing(client):
    loaded = await load(client, LITTLE)
    before = await listed(client)
    assert await load(client, LITTLE) == (0, loaded[0])
    assert await listed(client) == before


async def test_json_lines_are_loaded_in_the_order_of_the_file(client, folder, monkeypatch):
    monkeypatch.setattr(loading, "MOST_TRANSACTIONS", 7)
    file = folder.lines([sale(n, reference=f"R{n}") for n in range(1, 101)])
    assert await load(client, file) == (100, 0)
    found = await listed(client)
    assert [found[f"sales:{n}"]["journalNumber"] for n in range(1, 101)] == list(range(1, 101))
    assert {row["status"] for row in found.values()} == {"POSTED"}
    assert found["sales:7"]["reference"] == "R7"


async def test_accounts_are_matched_by_code_and_opened_when_missing(house, folder):
    client = await house.organization()
    accounts = [
        {"code": "1011", "name": "Till", "type": "asset", "currency": "EUR", "parent_code": "1012"},
        {"code": "1012", "name": "Tills", "type": "asset", "currency": "USD", "subtype": "cash"},
        {"code": "1000", "name": "Petty cash", "type": "asset", "currency": "USD"},
        {"code": "4000", "name": "Sales", "type": "revenue", "currency": "USD"},
    ]
    accounts[1]["description"] = "All of them."
    entries = [
        {"account_code": "1011", "entry_type": "debit", "amount": "10.00", "rate": "1.100000"},
        {"account_code": "4000", "entry_type": "credit", "amount": "11.00", "currency": "USD"},
    ]
    entries[0] |= {"currency": "EUR", "base_amount": "11.00", "rounding_of_base": 0}
    file = folder.lines([sale(1, entries=entries)], accounts=accounts)
    before = await client.accounts()
    assert await load(client, file) == (1, 0)
    found = await client.ask(
        """{ accounts(where: {code: {in: ["1000", "1011", "1012"]}}) {
          code name subtype description parent { code } balance { amount } balances {
            balance { amount currency { code } } baseBalance { amount } } } }"""
    )
    held = {"balance": {"amount": "10.00", "currency": {"code": "EUR"}}}
    till = {"name": "Till", "subtype": None, "description": None, "parent": {"code": "1012"}}
    tills = {"name": "Tills", "subtype": "CASH", "description": "All of them.", "parent": None}
    cash = {"name": "Cash", "subtype": "CASH", "description": None, "parent": None}
    nothing = {"balance": {"amount": "0.00"}, "balances": []}
    assert found["accounts"] == [
        {"code": "1000", **cash, **nothing},
        {
            "code": "1011",
            **till,
            "balance": {"amount": "11.00"},
            "balances": [{**held, "baseBalance": {"amount": "11.00"}}],
        },
        {"code": "1012", **tills, **nothing},
    ]
    assert set(await client.accounts()) - set(before) == {"1011", "1012"}


async def test_members_of_a_transaction_are_kept(client, folder):
    more = {"kind": "opening", "payment_method": "cash", "metadata": {"till": 3}}
    await load(client, folder.lines([sale(1, **more)]))
    found = await client.ask("{ transactions { kind paymentMethod metadata } }")
    kept = {"kind": "OPENING", "paymentMethod": "cash", "metadata": {"till": 3}}
    assert found["transactions"] == [kept]


async def test_a_clash_of_types_names_the_code_and_the_cure_and_changes_nothing(house, folder):
    client = await house.organization()
    accounts = [{**ACCOUNTS[0], "code": "2000"}, {**ACCOUNTS[1], "code": "4001"}]
    before = await client.accounts()
    with pytest.raises(LoadError) as refusal:
        await load(client, folder.lines([sale(1)], accounts=accounts))
    assert str(refusal.value) == (
        "Account 2000 'Bank' is of type asset in the ledger, and of type liability in the "
        "organization. Give it another code, or load the ledger into an organization made "
        "with --chart none."
    )
    assert await client.accounts() == before


async def test_a_ledger_in_another_currency_is_refused(lone, tmp_path):
    ledger = {"base_currency": "SEK", "accounts": ACCOUNTS, "transactions": [sale(1)]}
    file = tmp_path / "svensk.json"
    file.write_text(json.dumps(ledger))
    with pytest.raises(LoadError, match=r"kept in SEK.*in USD.*--currency SEK"):
        await load(lone, file)
    assert await listed(lone) == {}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (sale(3, "1.005"), r"sales.jsonl, line 3 \(2026-01-05 'Sale 3'\): .*decimal"),
        (sale(3, 1.5), "sales.jsonl, line 3: The figure 1.5 is not written as a string"),
        (sale(3, entries=[]), r"line 3 \(2026-01-05 'Sale 3'\): .* from 2 to 1000 entries"),
        (sale(3, entries=None), "line 3: It has no list of entries"),
        (sale(3, entries=[{"account_code": "1"}]), "line 3: An entry has no 'entry_type'"),
        (sale(3, date="2026-02-30"), r"line 3 \(2026-02-30 'Sale 3'\): .*2026-02-30"),
        (
            sale(3, entries=[{**sale(3)["entries"][0], "account_code": "9"}]),
            "line 3: There is no account '9' among the ledger's accounts or the organization's",
        ),
        (["no", "object"], "line 3 is not a JSON object"),
    ],
    ids=lambda value: None,
)
async def test_what_is_wrong_is_told_with_its_line_and_the_load_goes_on_once_it_is_right(
    lone, folder, monkeypatch, wrong, told
):
    monkeypatch.setattr(loading, "MOST_TRANSACTIONS", 2)
    right = [sale(n) for n in range(1, 8)]
    with pytest.raises(LoadError, match=told):
        await load(lone, folder.lines([*right[:2], wrong, *right[3:]]))
    assert set(await listed(lone)) == {"sales:1", "sales:2"}
    assert await load(lone, folder.lines(right)) == (5, 2)
    assert set(await listed(lone)) == {f"sales:{n}" for n in range(1, 8)}


async def test_a_line_that_is_no_json_is_named(lone, folder):
    file = folder.lines([sale(1)])
    file.write_text(file.read_text() + "\n{broken\n")
    with pytest.raises(LoadError, match=r"sales.jsonl, line 3 is not JSON"):
        await load(lone, file)


async def test_chunks_of_another_size_and_holes_do_not_matter_to_a_load_that_goes_on(
    client, folder, monkeypatch
):
    everything = [sale(n) for n in range(1, 41)]
    first = Loading(Remote(client.http, client.key), open_ledger(folder.lines(everything)))
    await first.prepare()
    items = list(first._items())
    for begin, end in ((0, 10), (20, 30)):
        await first._create(items[begin:end])
    monkeypatch.setattr(loading, "MOST_TRANSACTIONS", 7)
    assert await load(client, folder.lines(everything)) == (20, 20)
    assert set(await listed(client)) == {f"sales:{n}" for n in range(1, 41)}


async def test_a_file_that_has_grown_is_loaded_from_where_it_ended(lone, folder):
    await load(lone, folder.lines([sale(n) for n in range(1, 6)]))
    assert await load(lone, folder.lines([sale(n) for n in range(1, 9)])) == (3, 5)


@pytest.mark.parametrize(
    "changed", [sale(2, "11.00"), sale(9), sale(2, date="2026-01-06"), sale(2, reference="R2")]
)
async def test_a_line_that_was_loaded_as_something_else_is_never_skipped(lone, folder, changed):
    await load(lone, folder.lines([sale(1), sale(2), sale(3)]))
    with pytest.raises(LoadError) as refusal:
        await load(lone, folder.lines([sale(1), changed, sale(3), sale(4)]))
    assert str(refusal.value) == (
        "sales.jsonl, line 2 was loaded before, and was another transaction: 2026-01-05 'Sale 2' "
        "over 10.00. Put the line back as it was, or load another ledger under another name, "
        "by --name."
    )
    assert len(await listed(lone)) == 3


async def test_the_same_file_under_another_name_is_another_ledger(lone, folder):
    file = folder.lines([sale(1), sale(2)])
    await load(lone, file)
    assert await load(lone, file, name="Sales  of a twin") == (2, 0)
    assert "Sales of a twin:2" in await listed(lone)


class Weather(httpx2.AsyncBaseTransport):
    """A network on which answers are lost, and servers are busy, before all goes well."""

    def __init__(self, inner, trouble):
        self.inner = inner
        self.trouble = list(trouble)

    async def handle_async_request(self, request):
        kind = self.trouble.pop(0) if self.trouble else None
        if kind in {502, 503, 429}:
            return httpx2.Response(kind, text="later")
        if kind == "unsent":
            raise httpx2.ConnectError("All connection attempts failed")
        answer = await self.inner.handle_async_request(request)
        if kind == "lost":
            await answer.aread()
            raise httpx2.ReadError("The answer was lost")
        return answer


@pytest.fixture
def no_delays(monkeypatch):
    monkeypatch.setattr(asking, "_FIRST_DELAYS", (0.001,) * 3)
    monkeypatch.setattr(asking, "_DELAYS", (0.001,) * 12)


def through(client, *trouble, notices=None):
    transport = Weather(client.http._transport, trouble)
    http = httpx2.AsyncClient(transport=transport, base_url="http://test")
    return Remote(http, client.key, [].append if notices is None else notices.append)


async def test_lost_answers_and_busy_servers_neither_lose_nor_double_anything(
    client, folder, monkeypatch, no_delays
):
    monkeypatch.setattr(loading, "MOST_TRANSACTIONS", 5)
    notices = []
    # Each request meets something: who asks, the chart, the accounts, the chart, the chunks.
    trouble = ["lost", None, 503, None, "lost", None, None, None, "lost", "lost", None, "unsent"]
    ask = through(client, *trouble, *["lost", None, 502] * 3, notices=notices)
    file = folder.lines([sale(n) for n in range(1, 41)])
    assert await load(client, file, ask) == (40, 0)
    found = await listed(client)
    assert set(found) == {f"sales:{n}" for n in range(1, 41)}
    assert "The answer was lost. Trying again in 0.001 s." in notices


async def test_a_server_that_never_answers_is_given_up(lone, folder, no_delays):
    with pytest.raises(UnreachableError) as refusal:
        await load(lone, folder.lines([sale(1)]), through(lone, *["unsent"] * 9))
    assert str(refusal.value) == ("http://test cannot be reached: All connection attempts failed.")


async def test_what_is_no_api_is_told_at_once(lone, folder):
    ask = Remote(lone.http, lone.key)
    ask._http = httpx2.AsyncClient(
        transport=httpx2.MockTransport(lambda _: httpx2.Response(404, text="<p>Nothing here")),
        base_url="http://test",
    )
    with pytest.raises(UnreachableError, match="HTTP 404, and no JSON: '<p>Nothing here'"):
        await load(lone, folder.lines([sale(1)]), ask)


async def test_a_key_that_is_not_known_is_refused_with_the_cause_and_the_cure(lone, folder):
    with pytest.raises(RefusedError) as refusal:
        await load(lone, folder.lines([sale(1)]), Remote(lone.http, "cl_live_wrong"))
    assert refusal.value.reason == "unauthenticated"
    assert "Authorization" in refusal.value.told


def test_requests_stay_below_a_megabyte(tmp_path):
    folder = Folder(tmp_path)
    long = [sale(n, description="x" * 1_000, metadata={"more": "y" * 2_000}) for n in range(900)]
    holders = {c: loading.Holder("act_" + "0" * 20, t, "USD") for c, t in (("1", "A"), ("4", "R"))}
    under_way = Loading(None, open_ledger(folder.lines(long)), holders=holders, base="USD")
    parts = list(chunks(under_way._items()))
    sizes = [len(json.dumps([item.given for item in part])) for part in parts]
    assert sum(map(len, parts)) == 900
    assert max(sizes) < 1_000_000
    assert len(parts) < 6


def test_parents_come_before_their_accounts_in_whatever_order_they_are_told():
    rows = [{"code": "3", "parentCode": "2"}, {"code": "2", "parentCode": "1"}, {"code": "1"}]
    rows.append({"code": "4", "parentCode": "elsewhere"})
    assert [row["code"] for row in in_line(rows)] == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[]", "ledger.json is not a JSON object"),
        ("{", "ledger.json is not JSON"),
        ('{"accounts": []}', "no list of transactions"),
        ('{"transactions": [], "accounts": [1]}', "no list of accounts"),
    ],
)
def test_a_file_that_is_no_ledger_is_refused(tmp_path, content, told):
    file = tmp_path / "ledger.json"
    file.write_text(content)
    with pytest.raises(LoadError, match=told):
        open_ledger(file)


def test_lines_without_accounts_beside_them_are_refused(tmp_path):
    file = tmp_path / "big.jsonl"
    file.write_text("")
    with pytest.raises(LoadError, match=r"no big.accounts.json beside big.jsonl"):
        open_ledger(file)

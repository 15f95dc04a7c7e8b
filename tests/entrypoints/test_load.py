"""`crane load`: each transaction of a ledger exactly once, however often it is loaded."""

from __future__ import annotations

import json

import pytest
from loads import ACCOUNTS, LITTLE, listed, load, sale

from entrypoints import loading
from entrypoints.asking import Remote
from entrypoints.ledger_files import LoadError, open_ledger
from entrypoints.loading import Loading


async def test_loading_again_changes_nothing(bare):
    loaded = await load(bare, LITTLE)
    before = await listed(bare)
    assert await load(bare, LITTLE) == (0, loaded[0])
    assert await listed(bare) == before


async def test_json_lines_are_loaded_in_the_order_of_the_file(bare, folder, monkeypatch):
    monkeypatch.setattr(loading, "MOST_TRANSACTIONS", 7)
    file = folder.lines([sale(n, reference=f"R{n}") for n in range(1, 101)])
    assert await load(bare, file) == (100, 0)
    found = await listed(bare)
    assert [found[f"sales:{n}"]["journalNumber"] for n in range(1, 101)] == list(range(1, 101))
    assert {row["status"] for row in found.values()} == {"POSTED"}
    assert found["sales:7"]["reference"] == "R7"


async def test_accounts_are_matched_by_code_and_opened_when_missing(house, folder):
    bare = await house.organization()
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
    before = await bare.accounts()
    assert await load(bare, file) == (1, 0)
    found = await bare.ask(
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
    assert set(await bare.accounts()) - set(before) == {"1011", "1012"}


async def test_members_of_a_transaction_are_kept(bare, folder):
    more = {"kind": "opening", "payment_method": "cash", "metadata": {"till": 3}}
    more["type"] = "transfer"
    await load(bare, folder.lines([sale(1, **more)]))
    found = await bare.ask("{ transactions { kind type paymentMethod metadata } }")
    kept = {"kind": "OPENING", "paymentMethod": "cash", "metadata": {"till": 3}}
    kept["type"] = "TRANSFER"
    assert found["transactions"] == [kept]


async def test_a_clash_of_types_names_the_code_and_the_cure_and_changes_nothing(house, folder):
    bare = await house.organization()
    accounts = [{**ACCOUNTS[0], "code": "2000"}, {**ACCOUNTS[1], "code": "4001"}]
    before = await bare.accounts()
    with pytest.raises(LoadError) as refusal:
        await load(bare, folder.lines([sale(1)], accounts=accounts))
    assert str(refusal.value) == (
        "Account 2000 'Bank' is of type asset in the ledger, and of type liability in the "
        "organization. Give it another code, or load the ledger into an organization made "
        "with --chart none."
    )
    assert await bare.accounts() == before


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
    bare, folder, monkeypatch
):
    everything = [sale(n) for n in range(1, 41)]
    first = Loading(Remote(bare.http, bare.key), open_ledger(folder.lines(everything)))
    await first.prepare()
    items = list(first._items())
    for begin, end in ((0, 10), (20, 30)):
        await first._create(items[begin:end])
    monkeypatch.setattr(loading, "MOST_TRANSACTIONS", 7)
    assert await load(bare, folder.lines(everything)) == (20, 20)
    assert set(await listed(bare)) == {f"sales:{n}" for n in range(1, 41)}


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

"""Ledgers as they stand in files, and how they are cut into requests."""

from __future__ import annotations

import json

import pytest
from loads import sale

from entrypoints import loading
from entrypoints.ledger_files import LoadError, open_ledger
from entrypoints.loading import Loading, chunks, in_line


def test_requests_stay_below_a_megabyte(folder):
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

"""Tables as journals: our own form, the report of QuickBooks, and whatever else may be sent."""

from __future__ import annotations

from datetime import date

import pytest
from books import answer

from ledger.accounts import EntryType
from ledger.errors import LedgerError, Reason
from ledger.import_tables import day_of, read_csv, read_quickbooks
from ledger.importing import DateOrder, ImportSource, Told, ToldEntry

DEBIT, CREDIT = EntryType.DEBIT, EntryType.CREDIT
TWO = """\
number,date,description,account,debit,credit,reference,currency,exchange_rate,base_amount
7,2026-01-15,Cash sale,1000,100.00,,R-1,,,
,,Coffee,4000,,100.00,,,,
8,2026-01-16,Paper,5200,50.00,,,EUR,1.10,55.00
8,2026-01-16,Paper,1000,,55.00,,USD,,
"""
REPORT = """\
Little Books
Journal
"January 2026"
,"Trans #","Type","Date","Num","Adj","Name","Memo","Account","Debit","Credit"
,"1","Deposit","01/02/2026","","","","Opening","Checking","50,000.00",""
,"","","","","","","","Opening Balance Equity","","50,000.00"
,"","","","","","","","","50,000.00","50,000.00"
,"2","Invoice","01/31/2026","1001","","Jane","","Accounts Receivable","80.00",""
,"","","","","","Jane","Beans","Sales:Coffee","0.00","80.00"
,"","","","","","Jane","Given away","Sales:Coffee","","0.00"
,"","","","","","","","","80.00","80.00"
,"3","Check","02/01/2026","7","","","VOID","Checking","0.00",""
,"","","","","","","VOID","Office:Paper","0.00",""
"TOTAL","","","","","","","","","50,080.00","50,080.00"
"""


def table(*lines, head="number,date,description,account,debit,credit"):
    return "\n".join([head, *lines, ""])


def faults(read, text):
    """Each bad line of a file, and what is wrong with it."""
    error = answer(read, text)
    assert error.details["faults"] == len(error.details["lines"])
    return [(told["line"], told["message"]) for told in error.details["lines"]]


def test_a_line_is_an_entry_and_lines_of_one_number_are_a_transaction():
    journal = read_csv(TWO)
    assert (journal.source, journal.accounts, journal.ignored) == (ImportSource.CSV, (), 0)
    assert journal.transactions == [
        Told(
            2,
            "7",
            date(2026, 1, 15),
            "Cash sale",
            [
                ToldEntry(2, "1000", DEBIT, "100.00"),
                ToldEntry(3, "4000", CREDIT, "100.00", description="Coffee"),
            ],
            "R-1",
        ),
        Told(
            4,
            "8",
            date(2026, 1, 16),
            "Paper",
            [
                ToldEntry(4, "5200", DEBIT, "50.00", "EUR", "1.10", "55.00"),
                ToldEntry(5, "1000", CREDIT, "55.00", "USD"),
            ],
        ),
    ]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff", "\n\n"])
def test_marks_between_cells_ends_of_lines_and_a_byte_order_mark_say_nothing(mark, end, start):
    text = start + TWO.replace(",", mark).replace("\n", end)
    told = read_csv(text).transactions
    assert [(each.number, each.date, len(each.entries)) for each in told] == [
        ("7", date(2026, 1, 15), 2),
        ("8", date(2026, 1, 16), 2),
    ]
    shift = 2 if start == "\n\n" else 0
    assert [each.line - shift for each in told] == [2, 4]


def test_columns_may_stand_in_any_order_and_lines_be_told_apart_by_their_reference():
    text = table(
        ' 10.00 ,,"1000",R-1,2026-01-15',
        ",10.00,4000,,",
        '5,,1000,R-2,2026-01-16,"",',
        ",5,4000,R-2,2026-01-16",
        head="Debit, CREDIT,Account,reference,Date",
    )
    first, second = read_csv(text).transactions
    assert (first.number, first.reference, first.description) == ("R-1", "R-1", "")
    assert [entry.amount for entry in first.entries] == ["10.00", "10.00"]
    assert (second.number, second.line) == ("R-2", 4)


def test_a_cell_may_hold_lines_quotes_and_formulas_which_are_text():
    text = table(
        '1,2026-01-15,"=HYPERLINK(""http://x"")\nand more",1000,1.00,',
        "1,,,4000,,1.00",
        "2,2026-01-15,x,1000,1.00",
        "2,,,4000,,y",
    )
    first, second = read_csv(text).transactions
    assert first.description == '=HYPERLINK("http://x")\nand more'
    assert [entry.line for entry in first.entries] == [2, 4]
    assert second.entries[1].amount == "y"  # which the books refuse, at its line


def test_all_bad_lines_are_told_at_once_each_by_its_number():
    text = table(
        ",2026-01-15,A,1000,1.00,",
        "1,2026-01-15,A,1000,1.00,",
        "1,2026-01-16,A,4000,,1.00",
        "2,,B,1000,1.00,",
        "2,,B,4000,1.00,1.00",
        "3,2026-02-30,C,1000,,",
        "3,,C,,1.00,",
        "4,01/31/2026,D,1000,1.00,",
        "4,,D,4000,,1.00,more,and more",
    )
    assert faults(read_csv, text) == [
        (2, "It belongs to no transaction: no number stands in it, or above it."),
        (4, "It is of 2026-01-16, and line 3 of the same transaction of 2026-01-15."),
        (5, "It has no date."),
        (6, "It has both a debit and a credit."),
        (7, "It has neither a debit nor a credit."),
        (7, "'2026-02-30' is not a date that exists."),
        (8, "It names no account."),
        (9, "'01/31/2026' is not a date that exists."),
        (10, "It has 8 cells, and there are 6 columns."),
    ]
    error = answer(read_csv, text)
    assert (error.reason, error.field) == (Reason.INVALID_VALUE, "data")
    assert error.message.startswith("9 lines of the file cannot be imported. The first, line 2: It")


def test_one_bad_line_is_refused_for_its_own_reason():
    error = answer(read_csv, table("1,soon,A,1000,1.00,", "1,,A,4000,,1.00"))
    assert error.reason is Reason.INVALID_DATE
    assert error.message == "Line 2: 'soon' is not a date that exists."
    assert error.suggestion == "Write dates as 2026-01-31."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The first lines of the file do not name all"),
        ("\0\0\0", "The first lines of the file do not name all"),
        ("number,date\n1,2\n", "The first lines of the file do not name all"),
        (table(head='"number","date","account"'), "The first lines of the file do not name all"),
        ("," * 1_000_000, "The first lines of the file do not name all"),
        (table(head="date,account,debit,credit,number," + "," * 100), "more than 100 columns"),
        (table(head="date,account,debit,credit,number,debit"), "The column 'debit' is there twice"),
        (table(head="date,account,debit,credit,number,currncy"), "There is no column 'currncy'."),
        (table(head="date,account,debit,credit"), "Neither a column `number` nor `reference`"),
        (table(), "From 1 to 1,000 transactions can be imported at once; the file has 0."),
        (table('1,2026-01-15,"never closed,1000,1.00,', "1,,,"), "Line 2: a cell cannot be read"),
        (table('1,2026-01-15,"a"b,1000,1.00,'), "Line 2: a cell cannot be read"),
        (table(f"1,2026-01-15,{'x' * 200_000},1000,1.00,"), "Line 2: a cell cannot be read"),
        ('"never closed', "Line 1: a cell cannot be read: unexpected end of data."),
    ],
)
def test_what_is_no_table_of_ours_is_refused_whole(text, message):
    error = answer(read_csv, text)
    assert message in error.message
    assert (error.reason, error.field) == (Reason.INVALID_VALUE, "data")


def test_an_import_has_a_limit_of_a_thousand_transactions():
    lines = [f"{n},2026-01-15,A,1000,1.00,\n{n},,,4000,,1.00" for n in range(1, 1_002)]
    assert len(read_csv(table(*lines[:1_000])).transactions) == 1_000
    error = answer(read_csv, table(*lines))
    assert (error.reason, error.details) == (
        Reason.TOO_MANY_ITEMS,
        {"items": 1_001, "limit": 1_000},
    )


def test_and_of_ten_thousand_lines():
    lines = [f"{n // 20},2026-01-15,A,1000,1.00," for n in range(10_001)]
    assert len(read_csv(table(*lines[:10_000])).transactions) == 500
    error = answer(read_csv, table(*lines))
    assert (error.reason, error.details) == (Reason.TOO_MANY_ITEMS, {"limit": 10_000})


def test_the_journal_of_quickbooks_is_read_as_it_is_exported():
    journal = read_quickbooks(REPORT)
    assert journal.source is ImportSource.QUICKBOOKS
    assert journal.transactions == [
        Told(
            5,
            "1",
            date(2026, 1, 2),
            "Opening",
            [
                ToldEntry(5, "Checking", DEBIT, "50000.00", description="Opening"),
                ToldEntry(6, "Opening Balance Equity", CREDIT, "50000.00"),
            ],
            metadata={"quickbooks_kind": "Deposit"},
        ),
        Told(
            8,
            "2",
            date(2026, 1, 31),
            "Beans",
            [
                ToldEntry(8, "Accounts Receivable", DEBIT, "80.00", description="Jane"),
                ToldEntry(9, "Sales:Coffee", CREDIT, "80.00", description="Jane: Beans"),
            ],
            "1001",
            metadata={"quickbooks_kind": "Invoice", "quickbooks_name": "Jane"},
        ),
    ]
    assert journal.ignored == 6  # two totals and their sum, a zero, and a cheque that was voided


def test_dates_of_quickbooks_are_read_in_the_order_that_is_said():
    head = "Trans #,Date,Account,Debit,Credit"
    text = table("1,03/04/2026,A,1.00,", "1,,B,,1.00", head=head)
    by_order = {order: read_quickbooks(text, order).transactions[0].date for order in DateOrder}
    assert by_order == {DateOrder.MDY: date(2026, 3, 4), DateOrder.DMY: date(2026, 4, 3)}
    (told,) = read_quickbooks(text).transactions
    assert (told.description, told.reference, told.metadata) == ("QuickBooks 1", None, {})
    text = table("1,31/01/2026,A,1.00,", "1,,B,,1.00", head=head)
    error = answer(read_quickbooks, text)
    assert (
        error.suggestion == "Write dates as 1/31/2026, or say by `dateOrder` how they are written."
    )
    assert read_quickbooks(text, DateOrder.DMY).transactions[0].date == date(2026, 1, 31)


def test_what_quickbooks_would_not_write_is_refused_at_its_line():
    text = table(
        ",,,,5.00,",
        "1,Deposit,01/02/2026,Checking,1.00,",
        ",,,,1.00,",
        ",,,Equity,,1.00",
        "2,Deposit,,Checking,1.00,",
        ",,,Equity,1.00,2.00",
        head="Trans #,Type,Date,Account,Debit,Credit",
    )
    assert faults(read_quickbooks, text) == [
        (2, "It belongs to no transaction: no number stands in it, or above it."),
        (4, "It names no account."),
        (6, "It has no date."),
        (7, "It has both a debit and a credit."),
    ]


def test_a_transaction_that_begins_without_an_account_is_not_added_to_the_one_above():
    text = table(
        "1,01/02/2026,Checking,1.00,",
        ",,Equity,,1.00",
        "2,01/03/2026,,,",
        ",,Checking,2.00,",
        ",,Equity,,2.00",
        head="Trans #,Date,Account,Debit,Credit",
    )
    told = read_quickbooks(text).transactions
    assert [(each.number, each.date.day, len(each.entries)) for each in told] == [
        ("1", 2, 2),
        ("2", 3, 2),
    ]


def test_commas_between_thousands_are_taken_of_quickbooks_alone():
    text = table(
        '1,2026-01-02,A,"1,234.50",', '1,,B,,"1,234.50"', head="Trans #,Date,Account,Debit,Credit"
    )
    (told,) = read_quickbooks(text).transactions
    assert [entry.amount for entry in told.entries] == ["1234.50", "1234.50"]
    (told,) = read_csv(text.replace("Trans #", "number")).transactions
    assert told.entries[0].amount == "1,234.50"  # which the books refuse, at its line
    odd = text.replace("1,234.50", "12,34.50")
    assert read_quickbooks(odd).transactions[0].entries[0].amount == "12,34.50"


@pytest.mark.parametrize(
    "text", ["2026-1-5", "20260105", "2026-01-05T10:00", "1/5/26", "", "\u0661"]
)
def test_no_other_way_to_write_a_date_is_guessed_at(text):
    with pytest.raises(LedgerError) as caught:
        day_of(text, DateOrder.MDY)
    assert caught.value.reason is Reason.INVALID_DATE
    assert day_of("2026-01-05", DateOrder.MDY) == date(2026, 1, 5)

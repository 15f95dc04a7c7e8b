"""Entries on control accounts that no document stands behind: whose they are, and what they are."""

from dataclasses import replace

import pytest
from books import NOW, posted
from desk import Desk
from documented import CHART, CUSTOMER, INVOICE, P, R, day
from tying import tie_out

from ledger.direct_items import control_entries, items_of
from ledger.open_items import Due, OpenItem
from ledger.transactions import TransactionKind

(SALE,) = posted("""
2025-03-01: Sold on account, without an invoice
    debit  1100  100.00 EUR @ 1.10
    credit 4000  100.00 EUR
""")
(NETTED,) = posted("""
2025-03-01: What we owe against what is owed to us
    debit  2000  40.00
    credit 1100  40.00
""")
(RENT,) = posted("""
2025-03-01: Rent
    debit  5200  100.00
    credit 1010  100.00
""")


def of_ann(transaction):
    return replace(transaction, contact_id=CUSTOMER.id)


def test_an_entry_that_makes_the_control_account_grow_is_owed_and_due_at_once():
    assert items_of(CHART, of_ann(SALE)) == [
        OpenItem(
            "org_1",
            "jnl_100",
            R,
            CUSTOMER.id,
            day("2025-03-01"),
            day("2025-03-01"),
            "EUR",
            amount=100_00,
            base_amount=110_00,
            open_amount=100_00,
            open_base=110_00,
            created_at=NOW,
            dues=(Due(day("2025-03-01"), 100_00),),
            next_due=day("2025-03-01"),
            touched_on=day("2025-03-01"),
        )
    ]


def test_one_that_makes_it_shrink_is_a_credit_and_never_due():
    found = items_of(CHART, of_ann(NETTED))
    assert [(each.id, each.side, each.amount, each.open_base) for each in found] == [
        ("jnl_100", P, -40_00, -40_00),
        ("jnl_101", R, -40_00, -40_00),
    ]
    assert all((each.dues, each.next_due) == ((), None) for each in found)


@pytest.mark.parametrize(
    ("transaction", "sides"),
    [
        (SALE, {"jnl_100": R}),
        (NETTED, {"jnl_100": P, "jnl_101": R}),
        (RENT, {}),
    ],
)
def test_entries_on_control_accounts_are_found_with_their_sides(transaction, sides):
    assert control_entries(CHART, transaction) == sides


@pytest.mark.parametrize(
    "transaction",
    [
        SALE,
        of_ann(RENT),
        of_ann(replace(SALE, source_id="inv_1")),
        of_ann(replace(SALE, kind=TransactionKind.REVERSAL)),
    ],
)
def test_what_has_no_contact_or_a_document_or_is_a_reversal_opens_nothing(transaction):
    assert items_of(CHART, transaction) == []


def test_reversing_a_direct_entry_ends_its_items():
    desk = Desk()
    entered = desk.enter("2025-03-01: Netted\n    debit 2000 40.00\n    credit 1100 40.00")
    tie_out(desk)
    desk.reverse(entered, "2025-03-10")
    assert {each.ended_on for each in desk.items.values()} == {day("2025-03-10")}
    assert not any(each.open_amount for each in desk.items.values())
    tie_out(desk)


def test_entries_without_a_contact_are_nobodys_and_still_on_the_account():
    desk = Desk()
    desk.issue(INVOICE, "4000 10.00")
    entered = desk.enter("2025-03-01: Found\n    debit 1100 5.00\n    credit 3900 5.00", None)
    assert len(desk.items) == 1
    tie_out(desk)
    desk.reverse(entered)
    tie_out(desk)

"""Documents in few words, and entries as a table.

A line of a document is an account and a price; before the price may stand a quantity, after it
a tax rate of `taxed`: `4000 3 x 33.33 sales`. A table of entries is what an accountant would
write: account, debit, credit, and where it is foreign what it comes to in the books.

    1100 | 100.00 EUR = 110.00 |
    4000 |                     | 100.00 EUR = 110.00
"""

from datetime import date

from books import NOW, account, chart_of
from taxed import RATES

from ledger.accounts import EntryType
from ledger.categories import Category, CategoryType
from ledger.contacts import Contact, ContactType
from ledger.currencies import CURRENCIES
from ledger.document_drafting import DocumentDraft
from ledger.documents import DocumentKind
from ledger.items import Item, ItemType
from ledger.line_drafting import Catalogue, LineDraft
from ledger.money import amount_text
from ledger.open_items import Side

INVOICE, BILL, CREDIT_NOTE, VENDOR_CREDIT = DocumentKind
R, P = Side

CHART = chart_of().having([account("1030", currency="EUR")])
CUSTOMER = Contact("org_1", "con_a", "Ann", (ContactType.CUSTOMER,), NOW, NOW, salt="0")
VENDOR = Contact("org_1", "con_b", "Bob", (ContactType.VENDOR,), NOW, NOW, salt="0")
CATALOGUE = Catalogue(
    {
        each.id: each
        for each in [
            Item("org_1", "itm_1", "Rope", ItemType.PRODUCT, "USD", NOW, NOW),
            Item("org_1", "itm_old", "Tar", ItemType.PRODUCT, "USD", NOW, NOW, is_active=False),
        ]
    },
    RATES,
    {
        name: Category("org_1", name, name, CategoryType.INCOME, NOW, NOW, is_active=name != "old")
        for name in ("shop", "web", "old")
    },
)


def day(text):
    return date.fromisoformat(text)


def line(text, **more: object):
    """A line of a draft: `4000 3 x 33.33 sales`; without a tax rate there is no tax."""
    code, *words = text.split()
    quantity = words.pop(0) if "x" in words else "1"
    price, *rates = [word for word in words if word != "x"]
    given = {"description": "Something", "tax_rate_id": next(iter(rates), "")} | more
    return LineDraft(account_id=f"act_{code}", quantity=quantity, unit_price=price, **given)


def draft(kind, *lines, contact=None, on="2025-03-01", **more: object):
    """What a caller says of a document; a line is a text or a `LineDraft`."""
    usual = CUSTOMER if kind.side is R else VENDOR
    read = [line(each) if isinstance(each, str) else each for each in lines]
    return DocumentDraft(kind, (contact or usual).id, day(on), read, **more)


def table(text):
    """The rows of a table of entries, as `entries` gives them."""
    rows = [row.split("|") for row in text.strip().splitlines()]
    return [tuple(" ".join(cell.split()) for cell in row) for row in rows]


def entries(transaction, base="USD"):
    """Account, debit and credit of each entry of a transaction."""
    return [_row(entry, CURRENCIES[base]) for entry in transaction.entries]


def _row(entry, base):
    amount = amount_text(entry.amount, CURRENCIES[entry.currency])
    if entry.currency != base.code:
        amount = f"{amount} {entry.currency} = {amount_text(entry.base_amount, base)}"
    sides = (amount, "") if entry.entry_type is EntryType.DEBIT else ("", amount)
    return (entry.account_id[4:], *sides)


def opened(item):
    """What is open of an item, in its currency and in base, both with two decimals here."""
    return (item.open_amount / 100, item.open_base / 100)

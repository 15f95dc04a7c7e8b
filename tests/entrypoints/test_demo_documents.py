"""The demo company's invoices and bills: who owes what, and how it is settled, on whatever day."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from fractions import Fraction

import pytest
from demo_story import SALES, TODAYS, balances, documents, having, lines_on, made, total
from demo_story import whole_months as months_of

from entrypoints.demo.catalogue import CATEGORIES, CATEGORY_OF, GOODS, TAXES
from entrypoints.demo.chart import accounts
from entrypoints.demo.contacts import CUSTOMERS, PEOPLE, STAFF, VENDORS
from entrypoints.demo.figures import at_rate, rate_on, share
from entrypoints.demo.steps import Applied, Cancelled, Carried, Entered, Issued, Paid, Row, Viewed
from ledger.documents import DocumentKind

INVOICE, BILL = DocumentKind.INVOICE, DocumentKind.BILL


@pytest.fixture(params=TODAYS, ids=str)
def today(request):
    return request.param


@pytest.fixture
def story(today):
    return made(today).steps


def paid(story, kind) -> list[Paid]:
    return [step for step in story if isinstance(step, Paid) and step.kind is kind]


def left_open(story, kind) -> dict[str, int]:
    """What is open of each document of a kind, in cents of its currency."""
    left: Counter[str] = Counter()
    for step in story:
        if isinstance(step, Issued | Carried) and step.kind is kind:
            left[step.name] += 0 if isinstance(step, Issued) and step.is_draft else step.total
        if isinstance(step, Issued) and step.corrects is not None and step.kind.side is kind.side:
            left[step.corrects] -= step.total
        if isinstance(step, Applied):
            left[step.document] -= step.cents
        if isinstance(step, Paid):
            for part in step.parts:
                left[part.document] -= part.cents
        if isinstance(step, Cancelled):
            left[step.name] = 0
    known = {s.name for s in story if isinstance(s, Issued | Carried) and s.kind is kind}
    return {name: cents for name, cents in left.items() if cents and name in known}


def test_a_dozen_customers_and_nine_vendors_have_documents(story):
    assert {step.contact for step in documents(story, INVOICE)} == set(CUSTOMERS)
    assert {step.contact for step in documents(story, BILL)} == set(VENDORS)
    assert (len(CUSTOMERS), len(VENDORS), len(STAFF)) == (12, 9, 1)
    assert 155 <= len(documents(story, INVOICE)) <= 180
    assert 60 <= len(documents(story, BILL)) <= 80


def test_invoices_are_numbered_without_a_gap_behind_those_carried_forward(story):
    numbers = [int(step.name[4:]) for step in documents(story, INVOICE)]
    assert numbers == list(range(1040, 1040 + len(numbers)))
    carried = [s.name for s in story if isinstance(s, Carried) and s.kind is INVOICE]
    assert carried == ["INV-1036", "INV-1037", "INV-1039"]


def test_all_that_is_sold_and_bought_is_in_the_catalogue_and_the_chart(story):
    codes = {account["code"] for account in accounts()}
    rows = [row for step in story if isinstance(step, Issued) for row in step.rows]
    assert {row.item for row in rows} == {*GOODS, None}
    assert {row.tax for row in rows} == {*TAXES, None}
    assert {good.account for good in GOODS.values()} | set(CATEGORY_OF) <= codes
    assert {branch.parent for branch in CATEGORIES.values()} <= {*CATEGORIES, None}
    assert {line.code for step in story for line in step.lines} <= codes


def test_no_two_things_of_different_kinds_share_a_name(story):
    codes = {account["code"] for account in accounts()}
    entered = {step.reference for step in story if isinstance(step, Entered)}
    numbered = [s.name for s in story if isinstance(s, Issued | Carried | Paid)]
    assert len(set(numbered)) == len(numbered)
    names = [*PEOPLE, *GOODS, *TAXES, *CATEGORIES, *codes, *entered, *numbered]
    assert [name for name, often in Counter(names).items() if often > 1] == []


@pytest.mark.parametrize(
    ("row", "net", "taxes"),
    [
        (Row(2, 8_500, "4040", "sales-tax-lincoln"), 17_000, 935 + 298),
        (Row(1, 8_500, "4040", "sales-tax-state"), 8_500, 468),
        (Row(64, 5_800, "4030", "exempt", discount=5), 352_640, 0),
        (Row(8, 6_500, "4120"), 52_000, 0),
    ],
)
def test_each_part_of_a_tax_is_rounded_by_itself(row, net, taxes):
    assert (row.net, row.taxes) == (net, taxes)


def test_a_tax_that_we_owe_is_part_of_the_cost_and_not_of_the_bill(story):
    parts = next(s for s in documents(story, BILL) if s.contact == "emmerich")
    first, grinders = parts.rows
    assert parts.total == first.net + grinders.net
    found = balances([parts])
    assert found == {
        "2000": -parts.total,
        "6100": first.net + first.taxes,
        "1230": 5 * 415_00,
        "2200": -first.taxes,
    }
    repair = next(s for s in documents(story, BILL) if s.contact == "espresso-service")
    assert balances([repair]) == {"2000": -repair.total, "6100": repair.total}


def test_nothing_is_paid_twice_and_no_more_than_is_owed(story):
    assert min([*left_open(story, INVOICE).values(), *left_open(story, BILL).values()]) > 0


def test_what_is_open_is_what_the_control_accounts_say(story):
    rates = {s.name: s.rate for s in story if isinstance(s, Issued | Carried)}
    for kind, code, sign in ((INVOICE, "1100", 1), (BILL, "2000", -1)):
        left = left_open(story, kind)
        owed = sum(at_rate(cents, rates[name]) for name, cents in left.items())
        advances = sum(step.cents for step in paid(story, kind) if not step.parts)
        unused = sum(
            step.total
            for step in documents(story, DocumentKind.VENDOR_CREDIT)
            if not any(isinstance(s, Applied) and s.credit == step.name for s in story)
        )
        credits_ = advances if kind is INVOICE else unused
        assert sign * balances(story)[code] == owed - credits_


def test_customers_owe_about_a_month_of_what_they_buy(today, story):
    year: Counter[str] = Counter()
    for month in months_of(story, today):
        year.update(month)
    bought = Fraction(-total(year, *SALES) + total(year, "4010", "4020"), 12)
    assert Fraction(60, 100) < balances(story)["1100"] / bought < Fraction(160, 100)


def test_on_every_day_something_is_open_overdue_and_paid_in_part(today, story):
    invoices = {step.name: step for step in documents(story, INVOICE)}
    left = left_open(story, INVOICE)
    late = [n for n in left if invoices[n].date < today - timedelta(days=45)]
    assert any(invoices[name].contact == "saltillo" for name in late)
    (hall,) = (invoices[name] for name in left if invoices[name].contact == "cottonwood")
    assert 0 < left[hall.name] < hall.total
    seen = {step.name for step in story if isinstance(step, Viewed)}
    assert seen & left.keys() - {hall.name}
    fresh = [n for n in left if invoices[n].date >= today - timedelta(days=29)]
    assert len(fresh) >= 3
    bills = {step.name: step for step in documents(story, BILL)}
    left = left_open(story, BILL)
    assert [n for n in left if bills[n].due < today and bills[n].contact == "espresso-service"]
    assert len(left) >= 3


def test_most_invoices_are_paid_on_time(story):
    invoices = {step.name: step for step in documents(story, INVOICE)}
    by_statement = {"platte-valley", "hotel-cornelia"}
    late = in_all = 0
    for step in paid(story, INVOICE):
        for part in step.parts:
            invoice = invoices.get(part.document)
            if invoice is None or step.contact == "cottonwood":
                continue
            in_all += 1
            late += (step.date - invoice.date).days > (45 if step.contact in by_statement else 30)
    assert in_all > 120
    assert Fraction(late, in_all) < Fraction(30, 100)


def test_a_customer_in_canada_pays_at_the_rate_of_the_day(story):
    for kind, contact, currency in ((INVOICE, "wascana", "CAD"), (BILL, "speicherstadt", "EUR")):
        rates = {
            s.name: s.rate for s in story if isinstance(s, Issued | Carried) and s.kind is kind
        }
        payments = [step for step in paid(story, kind) if step.contact == contact]
        assert len(payments) >= 5
        for step in payments:
            (part,) = step.parts
            assert (step.currency, part.rate) == (currency, rates[part.document])
            bank = at_rate(step.cents, rate_on(step.date, currency))
            settled = at_rate(step.cents, part.rate)
            sign = 1 if kind is INVOICE else -1
            found = balances([step])
            assert found["1010"] == sign * bank
            assert found["4900"] + found["7800"] == sign * (settled - bank)
        assert {1, -1} == {
            (total > 0) - (total < 0)
            for total in (balances([s])["4900"] + balances([s])["7800"] for s in payments)
            if total
        }


def test_early_payment_is_rewarded_with_two_per_cent(story):
    early = [step for step in paid(story, INVOICE) if step.deducted]
    assert len(early) >= 11
    for step in early:
        (part,) = step.parts
        assert step.deducted == share(part.cents, 200) == balances([step])["4200"]
        assert step.cents == part.cents - step.deducted


def test_what_was_paid_too_much_is_kept_and_set_against_the_next_invoice(story):
    (over,) = [s for s in paid(story, INVOICE) if s.notes and s.notes.startswith("Paid too much")]
    extra = over.cents - sum(part.cents for part in over.parts)
    (applied,) = [s for s in story if isinstance(s, Applied) and s.credit == over.name]
    assert (extra, applied.cents) == (25_00, 25_00)
    assert applied.date >= over.date
    assert applied.document not in left_open(story, INVOICE)


def test_one_payment_settles_several_bills_of_a_vendor(story):
    batches = [step for step in paid(story, BILL) if len(step.parts) > 1]
    assert {step.contact for step in batches} == {"branched-oak"}
    assert {len(step.parts) for step in batches} == {2}


def test_what_goes_wrong_in_a_year_is_there(story):
    (burst,) = documents(story, DocumentKind.CREDIT_NOTE)
    assert (burst.contact, burst.total) == ("hotel-cornelia", 2 * 62_00)
    (short,) = documents(story, DocumentKind.VENDOR_CREDIT)
    assert (short.contact, balances([short])["1210"]) == ("prairie-green", -626_24)
    invoice, bill = (
        next(s for s in story if isinstance(s, Cancelled) and s.kind is kind)
        for kind in (INVOICE, BILL)
    )
    assert lines_on([invoice], "1100")[0].side == "credit"
    twin = next(s for s in documents(story, BILL) if s.name == f"LA-{bill.name[2:]}")
    assert bill.reason == f"The same bill as {twin.name}"
    (lost,) = having(story, "Bad debt written off")
    set_off = [s for s in story if isinstance(s, Applied) and s.credit == f"{lost.reference}/1"]
    assert len(set_off) == 2
    assert sum(step.cents for step in set_off) == balances([lost])["6300"]


def test_a_draft_of_each_side_waits(today, story):
    drafts = [step for step in story if isinstance(step, Issued) and step.is_draft]
    assert [(step.kind, step.date) for step in drafts] == [(INVOICE, today), (BILL, today)]
    assert story[-2:] == drafts
    assert all(step.lines == () and step.total > 0 for step in drafts)

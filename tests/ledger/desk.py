"""A desk to test with: where documents and payments are dealt with, and what was decided is kept.

What is refused leaves nothing behind. Days are text such as 2025-03-01.
"""

from dataclasses import dataclass, field, replace

from books import NOW, USD_BOOKS, drafts
from documented import CATALOGUE, CHART, CUSTOMER, VENDOR, R, day, draft, entries

from ledger import posting
from ledger.chart import Chart
from ledger.direct_items import control_entries, items_of
from ledger.document_drafting import draft_document
from ledger.documents import Document
from ledger.drafting import draw_up
from ledger.issuing import Numbering, cancel, copies_of, issue, series_of
from ledger.line_drafting import Catalogue
from ledger.open_items import Application, OpenItem
from ledger.organizations import Organization
from ledger.paying import DraftDeduction, DraftPayment, record, settling_direction, void
from ledger.payments import Direction, Payment
from ledger.settling import Occasion, apply_credit, earliest_day, end, take_back
from ledger.transactions import Transaction


@dataclass
class Desk:
    """Where documents and payments are dealt with: all that was decided so far, by id."""

    organization: Organization = USD_BOOKS
    chart: Chart = CHART
    moment: object = NOW
    catalogue: Catalogue = CATALOGUE
    documents: dict[str, Document] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    items: dict[str, OpenItem] = field(default_factory=dict)
    applications: dict[str, Application] = field(default_factory=dict)
    transactions: dict[str, Transaction] = field(default_factory=dict)

    @property
    def occasion(self):
        return Occasion(self.organization, self.chart, self.moment)

    def new_id(self, prefix):
        count = sum(map(len, (self.documents, self.payments, self.applications)))
        return f"{prefix}{count + len(self.transactions) + 1:04}"

    def draw(self, kind, *lines, contact=None, corrects=None, **more: object):
        """A draft, which is not kept."""
        usual = CUSTOMER if kind.side is R else VENDOR
        given = draft(kind, *lines, contact=contact, **more)
        return draft_document(
            self.occasion,
            contact or usual,
            self.catalogue,
            given,
            self.new_id(kind.prefix),
            corrects,
        )

    def issue(self, kind, *lines, **more: object):
        """A document, drawn up and issued at once."""
        return self.send(self.draw(kind, *lines, **more))

    def open_existing(self, kind, total, number="A-1", *, posted_on=None, **more: object):
        """A document of a former system."""
        drawn = self.draw(kind, f"3900 {total}", **more)
        known = replace(drawn, is_opening=True, number=number)
        return self.send(known, posted_on=posted_on)

    def send(self, document, *, posted_on=None):
        """A draft, issued."""
        series = series_of(self.occasion, document.kind, document.date)
        place = None
        if series is not None and not document.is_opening:
            ours = [each for each in self.documents.values() if each.kind is document.kind]
            place = Numbering(series[1], sum(each.sequence is not None for each in ours) + 1)
        issued, posted = issue(
            self.occasion,
            document,
            copies_of(self.organization, CUSTOMER, None),
            transaction_id=self.new_id("txn_"),
            numbering=place,
            posted_on=None if posted_on is None else day(posted_on),
        )
        self._keep(posted)
        self.documents[issued.id] = issued
        self.items[issued.id] = issued.item
        return issued

    def pay(self, amount, *, side=R, refund=False, contact=None, on="2025-03-01", **more: object):
        """A payment that settles, or a refund; a deduction is `account amount`."""
        way = settling_direction(side)
        if refund:
            way = next(each for each in Direction if each is not way)
        contact = contact or (CUSTOMER if side is R else VENDOR)
        given = {"currency": "USD", "account_id": "act_1010"} | more
        deductions = [each.split() for each in given.pop("deductions", ())]
        payment, posted = record(
            self.occasion,
            contact,
            DraftPayment(
                side,
                way,
                contact.id,
                day(on),
                amount,
                deductions=[DraftDeduction(f"act_{code}", part) for code, part in deductions],
                **given,
            ),
            ids=(self.new_id("pay_"), self.new_id("txn_")),
        )
        self._keep(posted)
        self.payments[payment.id] = payment
        self.items[payment.id] = payment.item
        return payment

    def enter(self, journal, contact=CUSTOMER):
        """The transactions of a journal, posted; with a contact they are open items."""
        contact_id = None if contact is None else contact.id
        for each in drafts(journal):
            drawn = draw_up(
                self.organization,
                self.chart,
                replace(each, contact_id=contact_id),
                self.new_id("txn_"),
                self.moment,
            )
            posted = posting.post(self.organization, self.chart, drawn, self.moment)
            self._keep(posted)
            self.items |= {item.id: item for item in items_of(self.chart, posted)}
        return posted

    def apply(self, source, target, amount=None, on=None):
        """A credit set against what is owed, by default as much as can be and as early."""
        one, other = self.items[source.id], self.items[target.id]
        settled = apply_credit(
            self.occasion,
            one,
            other,
            amount=min(-one.open_amount, other.open_amount)
            if amount is None
            else round(float(amount) * 100),
            day=earliest_day(one, other) if on is None else day(on),
            ids=(self.new_id("app_"), self.new_id("txn_")),
        )
        self._keep(settled.difference)
        self._settle(settled)
        return settled.application

    def take_back(self, application, on=None):
        """An application taken back; gives it as ended."""
        known = self.applications[application.id]
        settled, reversal = take_back(
            self.occasion,
            known,
            self.items[known.from_id],
            self.items[known.to_id],
            difference=self.transactions.get(known.transaction_id),
            day=None if on is None else day(on),
            reversal_id=self.new_id("txn_"),
        )
        self._keep(settled.difference, reversal)
        self._settle(settled)
        return settled.application

    def void(self, payment, on=None, reason=None):
        """A payment as voided."""
        known = replace(self.payments[payment.id], item=self.items[payment.id])
        posted = self.transactions[known.transaction_id]
        undone = {"day": None if on is None else day(on), "reason": reason}
        voided, reversed_, reversal = void(
            self.occasion, known, posted, reversal_id=self.new_id("txn_"), **undone
        )
        self._keep(reversed_, reversal)
        self.payments[voided.id], self.items[voided.id] = voided, voided.item
        return voided

    def cancel(self, document, on=None, reason=None):
        """A document as cancelled."""
        known = replace(self.documents[document.id], item=self.items[document.id])
        posted = self.transactions.get(known.transaction_id)
        undone = {"day": None if on is None else day(on), "reason": reason}
        cancelled, reversed_, reversal = cancel(
            self.occasion, known, posted, reversal_id=self.new_id("txn_"), **undone
        )
        self._keep(reversed_, reversal)
        self.documents[cancelled.id], self.items[cancelled.id] = cancelled, cancelled.item
        return cancelled

    def reverse(self, transaction, on=None):
        """A direct transaction turned round, and what it had opened ended; gives the reversal."""
        reversed_, reversal = posting.reverse(
            self.organization,
            self.chart,
            self.transactions[transaction.id],
            reversal_id=self.new_id("txn_"),
            now=self.moment,
            on=None if on is None else day(on),
        )
        opened_by_it = control_entries(self.chart, transaction).keys() & self.items.keys()
        ended = {key: end(self.items[key], reversal.date) for key in opened_by_it}
        self._keep(reversed_, reversal)
        self.items |= ended
        return reversal

    def posted(self, fact):
        """The entries that were posted for a fact, if any were."""
        return entries(self.transactions[fact.transaction_id], self.organization.base_currency)

    def undone(self, fact):
        """The entries by which that was turned round."""
        original = self.transactions[fact.transaction_id]
        reversal = self.transactions[original.reversed_by]
        return entries(reversal, self.organization.base_currency)

    def _keep(self, *transactions):
        self.transactions |= {each.id: each for each in transactions if each is not None}

    def _settle(self, settled):
        self.applications[settled.application.id] = settled.application
        for item in (settled.from_item, settled.to_item):
            self.items[item.id] = item

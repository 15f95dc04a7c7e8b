"""Whatever happens to documents and payments, the control accounts are what is open."""

from dataclasses import replace
from datetime import date, timedelta

from desk import Desk
from documented import BILL, CREDIT_NOTE, CUSTOMER, INVOICE, VENDOR, VENDOR_CREDIT, P, R
from hypothesis import given, settings
from hypothesis import strategies as st
from tying import tie_out

from ledger.errors import LedgerError, Reason

KINDS = [INVOICE, INVOICE, BILL, BILL, CREDIT_NOTE, VENDOR_CREDIT]
FIRST, LAST = date(2025, 5, 1), date(2025, 8, 31)
EXPECTED = {Reason.APPLIED, Reason.INVALID_DATE, Reason.INVALID_AMOUNT}
"""Why what happens at random may be refused: settled still, too early, money worth nothing."""

days = st.dates(FIRST, LAST).map(date.isoformat)
amounts = st.integers(1, 900_00).map(lambda cents: f"{cents / 100:.2f}")
contacts = st.sampled_from([CUSTOMER, CUSTOMER, VENDOR])
currencies = st.sampled_from(
    [
        {"currency": "USD"},
        {"currency": "EUR", "exchange_rate": "1.10"},
        {"currency": "EUR", "exchange_rate": "1.0833"},
        {"currency": "EUR", "exchange_rate": "0.0004"},
    ]
)


def _issue(desk, draw):
    kind = draw(st.sampled_from(KINDS))
    account = "4000" if kind.side is R else "5100"
    rates = draw(st.lists(st.sampled_from(["", "vat", "canada", "abroad"]), max_size=2))
    lines = [f"{account} {draw(amounts)} {rate}" for rate in ["", *rates]]
    desk.issue(kind, *lines, on=draw(days), contact=draw(contacts), **draw(currencies))


def _pay(desk, draw):
    deductions = [f"5900 {each}" for each in draw(st.lists(amounts, max_size=2))]
    desk.pay(
        draw(amounts),
        side=draw(st.sampled_from([R, P])),
        refund=draw(st.sampled_from([False, False, True])),
        on=draw(days),
        contact=draw(contacts),
        deductions=deductions,
        account_id=draw(st.sampled_from(["act_1010", "act_1030"])),
        **draw(currencies),
    )


def _apply(desk, draw):
    pairs = [
        (credit, owed)
        for credit in desk.items.values()
        for owed in desk.items.values()
        if credit.open_amount < 0 < owed.open_amount
        and (credit.side, credit.contact_id, credit.currency)
        == (owed.side, owed.contact_id, owed.currency)
    ]
    if not pairs:
        return
    credit, owed = draw(st.sampled_from(pairs))
    most = min(-credit.open_amount, owed.open_amount)
    part = draw(st.one_of(st.none(), st.integers(1, most).map(lambda cents: f"{cents / 100:.2f}")))
    desk.apply(credit, owed, part, draw(st.one_of(st.none(), days)))


def _take_back(desk, draw):
    found = [each for each in desk.applications.values() if each.ended_on is None]
    if found:
        chosen = draw(st.sampled_from(found))
        desk.take_back(chosen, draw(st.one_of(st.none(), days)))


def _void(desk, draw):
    found = [each for each in desk.payments.values() if each.voided_on is None]
    if found:
        desk.void(draw(st.sampled_from(found)), draw(st.one_of(st.none(), days)))


def _cancel(desk, draw):
    found = [each for each in desk.documents.values() if each.cancelled_on is None]
    if found:
        desk.cancel(draw(st.sampled_from(found)), draw(st.one_of(st.none(), days)))


def _enter(desk, draw):
    one, other = draw(st.permutations(["1100", "2000", "3000"]))[:2]
    money = draw(st.sampled_from(["", " EUR @ 1.05"]))
    amount = draw(amounts)
    desk.enter(
        f"{draw(days)}: Moved\n    debit {one} {amount}{money}\n    credit {other} {amount}{money}",
        draw(st.one_of(st.none(), contacts)),
    )


def _reverse(desk, draw):
    found = [
        each
        for each in desk.transactions.values()
        if each.source_id is None and each.reversed_by is None and each.reversal_of is None
    ]
    if found:
        chosen = draw(st.sampled_from(found))
        later = draw(st.one_of(st.none(), st.integers(0, 60)))
        on = None if later is None else (chosen.date + timedelta(later)).isoformat()
        desk.reverse(chosen, on)


BEGIN = [_issue, _issue, _pay, _issue, _pay, _apply, _enter]
STEPS = [_issue, _pay, _apply, _apply, _apply, _take_back, _take_back]
STEPS += [_void, _cancel, _enter, _reverse]


KEPT = ("documents", "payments", "items", "applications", "transactions")
"""What a desk keeps, and a refusal leaves as it was."""


def _is_done(step, desk, draw):
    """Whether a step was allowed; it may be refused for one of the expected reasons alone."""
    try:
        step(desk, draw)
    except LedgerError as refused:
        if refused.reason not in EXPECTED:
            raise
        return False
    return True


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_whatever_happens_the_control_accounts_are_what_is_open_as_of_every_day(data):
    desk = Desk()
    steps = data.draw(st.lists(st.sampled_from(STEPS), max_size=12))
    for step in [*BEGIN, *steps]:
        before = replace(desk, **{name: dict(getattr(desk, name)) for name in KEPT})
        if _is_done(step, desk, data.draw):
            tie_out(desk)
        else:
            assert desk == before

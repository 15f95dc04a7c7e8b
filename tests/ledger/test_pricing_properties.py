"""What holds of any document, whatever its lines, rates, discounts and way of rounding."""

from fractions import Fraction

import pytest
from books import answer
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from taxed import DOCUMENT, LINE, RATES, priced

from ledger.currencies import CURRENCIES
from ledger.errors import LedgerError, Reason
from ledger.money import MAX_AMOUNT
from ledger.pricing import DraftLine, tax_totals
from ledger.taxes import parts_of

# A shared machine may be slow at any moment: no property has a deadline.
undisturbed = settings(deadline=None, max_examples=1_000)
HALF = Fraction(1, 2)
rate_ids = st.sampled_from([None, *RATES])


def decimals(least, most, places):
    """Numbers as text, with so many decimals."""
    return st.integers(least, most).map(lambda units: f"{units}e-{places}").map(_plain)


def _plain(text):
    units, places = text.split("e-")
    digits = units.lstrip("-").zfill(int(places) + 1)
    sign = "-" if units.startswith("-") else ""
    cut = len(digits) - int(places)
    return f"{sign}{digits[:cut]}.{digits[cut:]}" if int(places) else f"{sign}{digits}"


percents = st.none() | decimals(0, 1_000_000, 4)
prices = st.one_of(
    decimals(0, 999, 2),
    decimals(0, 99_999_999, 2),
    decimals(0, 10**12, 6),
    decimals(-9_999, -1, 2),
)
quantities = st.one_of(decimals(1, 20, 0), decimals(1, 10**10, 6))


@st.composite
def draft_lines(draw):
    return DraftLine(
        "Any",
        draw(quantities),
        draw(prices),
        "act_4000",
        discount_percent=draw(percents),
        tax_rate_id=draw(rate_ids),
    )


@st.composite
def documents(draw):
    """A priced document of any kind, with what it was priced by."""
    terms = {
        "currency": draw(st.sampled_from(["USD", "JPY", "KWD"])),
        "inclusive": draw(st.booleans()),
        "rounding": draw(st.sampled_from([LINE, DOCUMENT])),
        "sale": draw(st.booleans()),
        "discount_percent": draw(percents),
    }
    lines = draw(st.lists(draft_lines(), min_size=1, max_size=6))
    document = answer(lambda: priced(*lines, **terms))
    if isinstance(document, LedgerError):
        assert document.reason is Reason.INVALID_AMOUNT
        assume(False)
    return lines, terms, document


@undisturbed
@given(documents())
def test_any_document_adds_up_to_the_last_unit(made):
    _, terms, document = made
    lines = document.lines
    assert document.subtotal + document.tax == document.total
    assert document.subtotal == sum(line.net for line in lines)
    assert document.tax == sum(line.tax for line in lines)
    assert document.discount == sum(line.discount for line in lines)
    assert 0 <= document.total <= MAX_AMOUNT
    for line in lines:
        contained = line.tax if terms["inclusive"] else 0
        assert line.amount - line.discount == line.net + contained
        charged = [each.amount for each in line.taxes if not each.is_reverse_charge]
        assert line.tax == sum(charged)
    shown = [each.amount for each in tax_totals(lines) if not each.is_reverse_charge]
    assert sum(shown) == document.tax


@undisturbed
@given(documents())
def test_any_discount_is_allotted_exactly_and_near_its_proportion(made):
    lines, terms, document = made
    for said, line in zip(lines, document.lines, strict=True):
        exact = Fraction(said.quantity) * Fraction(said.unit_price)
        exact *= 10 ** CURRENCIES[terms["currency"]].decimals
        kept = 1 - Fraction(said.discount_percent or 0) / 100
        assert abs(line.amount - exact * kept) <= 1
    whole = max(0, sum(line.amount for line in document.lines))
    exact = whole * Fraction(terms["discount_percent"] or 0) / 100
    assert abs(document.discount - exact) <= HALF
    positive = sum(max(0, line.amount) for line in document.lines) or 1
    for line in document.lines:
        assert 0 <= line.discount <= max(0, line.amount)
        share = Fraction(document.discount * max(0, line.amount), positive)
        assert abs(line.discount - share) < 1


@undisturbed
@given(documents())
def test_any_tax_is_within_a_unit_of_its_exact_value(made):
    _, terms, document = made
    by_rate = {}
    for line in document.lines:
        if line.tax_rate_id is not None:
            by_rate.setdefault(line.tax_rate_id, []).append(line)
    for rate_id, lines in by_rate.items():
        groups = [lines] if terms["rounding"] is DOCUMENT else [[line] for line in lines]
        for group in groups:
            check = _contained if terms["inclusive"] else _added
            if RATES[rate_id].is_reverse_charge:
                check = _nothing if terms["sale"] else _added
            check(RATES[rate_id], group)


def _nothing(_, group):
    for line in group:
        assert {(each.base, each.amount) for each in line.taxes} == {(line.net, 0)}


def _added(rate, group):
    """Each component is its percentage of the bases shown, rounded once on the group."""
    for index, component in enumerate(rate.components):
        rows = [line.taxes[index] for line in group]
        exact = [each.base * Fraction(component.percent) / 100 for each in rows]
        for line, row, value in zip(group, rows, exact, strict=True):
            before = sum(each.amount for each in line.taxes[:index])
            assert row.base == line.net + (before if component.is_compound else 0)
            assert abs(row.amount - value) < 1
        assert abs(sum(each.amount for each in rows) - sum(exact)) <= HALF


def _contained(rate, group):
    """The whole tax is rounded once; components, and their parts of a line, are within a unit."""
    grosses = [line.amount - line.discount for line in group]
    parts = parts_of(rate)
    whole = sum(parts)
    assert abs(sum(line.tax for line in group) - sum(grosses) * whole / (1 + whole)) <= HALF
    for line, gross in zip(group, grosses, strict=True):
        assert abs(line.tax - gross * whole / (1 + whole)) < len(parts)
        for part, row in zip(parts, line.taxes, strict=True):
            assert abs(row.amount - gross * part / (1 + whole)) < 1
    for index, part in enumerate(parts):
        total = sum(line.taxes[index].amount for line in group)
        assert abs(total - sum(grosses) * part / (1 + whole)) < 1


SINGLE = [id for id, rate in RATES.items() if len(rate.components) == 1]


@pytest.mark.parametrize("rounding", [LINE, DOCUMENT])
@settings(deadline=None)
@given(st.lists(decimals(0, 10**6, 2), min_size=1, max_size=20), st.sampled_from(SINGLE))
def test_any_tax_is_half_a_unit_off_at_most_for_each_time_it_was_rounded(rounding, listed, rate):
    document = priced(*(f"{each} {rate}" for each in listed), rounding=rounding, sale=False)
    exact = sum(map(Fraction, listed)) * 100 * sum(parts_of(RATES[rate]))
    shown = sum(each.amount for each in tax_totals(document.lines))
    assert abs(shown - exact) <= HALF * (1 if rounding is DOCUMENT else len(listed))

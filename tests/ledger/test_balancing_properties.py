"""What holds of any draft, and of any reversal."""

from dataclasses import replace
from decimal import Decimal

from books import LATER, NOW, STANDARD, USD_BOOKS, answer, chart_of
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.accounts import EntryType
from ledger.balances import fold, fold_currencies
from ledger.currencies import CURRENCIES
from ledger.drafting import draw_up, redraft
from ledger.errors import LedgerError
from ledger.money import MAX_AMOUNT, amount_text, convert
from ledger.posting import post, reverse
from ledger.transactions import Draft, DraftEntry

SEK_BOOKS = replace(USD_BOOKS, base_currency="SEK")
SEK_CHART = chart_of(currency="SEK")
DAY = NOW.date()

# A shared machine may be slow at any moment: no property has a deadline.
undisturbed = settings(deadline=None)
amounts = st.one_of(
    st.integers(min_value=1, max_value=300), st.integers(min_value=1, max_value=MAX_AMOUNT)
)
rates = st.sampled_from([None, "0.0001", "0.5", "0.9", "1", "1.0825", "150.1234567891"])
bases = st.none() | st.integers(min_value=1, max_value=500)


@st.composite
def drafts(draw, currencies):
    """Entries that often balance in their currencies: equal totals, divided differently."""
    entries = []
    for currency in draw(st.lists(st.sampled_from(currencies), min_size=1, max_size=3)):
        debits = draw(st.lists(amounts, min_size=1, max_size=4))
        credits_ = debits if draw(st.booleans()) else [sum(debits)]
        shared = None if currency == "SEK" else draw(rates)
        given_bases = bases if currency != "SEK" and draw(st.booleans()) else st.none()
        for side, parts in ((EntryType.DEBIT, debits), (EntryType.CREDIT, credits_)):
            entries += [
                DraftEntry(
                    "act_1010",
                    side,
                    _text(part, currency),
                    currency,
                    shared,
                    _base(draw(given_bases)),
                )
                for part in parts
            ]
    return Draft("Any", DAY, entries)


def _text(minor, currency):
    return amount_text(minor, CURRENCIES[currency])


def _base(minor):
    return None if minor is None else _text(minor, "SEK")


@undisturbed
@given(drafts(["EUR"]) | drafts(["JPY"]) | drafts(["SEK", "EUR", "JPY", "KWD"]))
def test_any_draft_is_refused_or_sums_to_zero_exactly_in_base(draft):
    drawn = answer(draw_up, SEK_BOOKS, SEK_CHART, draft, "txn_1", NOW)
    if isinstance(drawn, LedgerError):
        assert drawn.suggestion
        return
    assert sum(each.base_signed for each in drawn.entries) == 0
    assert all(each.base_amount >= 0 for each in drawn.entries)
    given, made = len(draft.entries), len(drawn.entries)
    converted = sum(each.exchange_rate is not None for each in draft.entries)
    if len({each.currency for each in draft.entries}) == 1:
        assert made == given
    elif made > given:
        assert made == given + 1
        assert drawn.entries[-1].account_id == SEK_CHART.by_code["7900"].id
        assert 1 <= drawn.entries[-1].base_amount <= converted


@undisturbed
@given(drafts(["EUR"]) | drafts(["JPY"]) | drafts(["SEK", "EUR", "JPY", "KWD"]))
def test_what_is_drawn_up_and_drafted_again_draws_up_the_same(draft):
    drawn = answer(draw_up, SEK_BOOKS, SEK_CHART, draft, "txn_1", NOW)
    if isinstance(drawn, LedgerError):
        return
    again = redraft(SEK_BOOKS, drawn)
    assert draw_up(SEK_BOOKS, SEK_CHART, again, "txn_1", NOW) == drawn


@undisturbed
@given(
    st.lists(st.integers(min_value=1, max_value=10**9), min_size=1, max_size=20),
    rates.filter(bool),
)
def test_one_currency_at_one_rate_balances_with_each_share_near_its_own(parts, rate):
    sides = [(EntryType.DEBIT, part) for part in parts] + [(EntryType.CREDIT, sum(parts))]
    entries = [DraftEntry("act_1010", s, _text(part, "EUR"), "EUR", rate) for s, part in sides]
    drawn = draw_up(USD_BOOKS, STANDARD, Draft("Any", DAY, entries), "txn_1", NOW)
    assert len(drawn.entries) == len(entries)
    for each in drawn.entries:
        own = convert(each.amount, Decimal(rate), CURRENCIES["EUR"], CURRENCIES["USD"])
        assert abs(each.base_amount - own) <= 1


@undisturbed
@given(drafts(["EUR"]) | drafts(["SEK", "EUR", "JPY"]))
def test_a_reversal_offsets_its_original_exactly_in_every_currency(draft):
    drawn = answer(draw_up, SEK_BOOKS, SEK_CHART, draft, "txn_1", NOW)
    if isinstance(drawn, LedgerError):
        return
    original = post(SEK_BOOKS, SEK_CHART, drawn, NOW)
    pair = reverse(SEK_BOOKS, SEK_CHART, original, reversal_id="txn_2", now=LATER)
    assert {each.net for each in fold(pair).values()} == {0}
    assert {(each.net, each.base_net) for each in fold_currencies(pair).values()} == {(0, 0)}

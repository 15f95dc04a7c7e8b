"""Whether sub-ledgers and ledger tie out: what holds of a desk after whatever was done at it."""

from dataclasses import replace

from documented import day, opened, table

from ledger.accounts import EntryType
from ledger.aging import Standing, aging, outstanding_dues, standings
from ledger.balances import NOTHING, CurrencyTotal, fold, fold_currencies
from ledger.lifecycle import status_of
from ledger.open_items import Side
from ledger.trial_balance import trial_balance


def posted(desk, fact, rows):
    """What was posted for a fact; and the books agree."""
    assert desk.posted(fact) == table(rows)
    tie_out(desk)


def shown(desk, document, on):
    """The status on a day, and what is open in the document's currency and in base."""
    current = replace(desk.documents[document.id], item=desk.items[document.id])
    return (status_of(current, day(on)), *opened(current.item))


def balances(desk, *codes):
    """The balances of accounts, debit-positive, in base."""
    totals = fold(desk.transactions.values())
    return tuple(totals.get(f"act_{code}", NOTHING).net / 100 for code in codes)


def tie_out(desk):
    """After whatever was done: as of every day, the control accounts are what is open."""
    for each in desk.transactions.values():
        assert sum(entry.base_signed for entry in each.entries) == 0
        if len({entry.currency for entry in each.entries}) == 1:
            debits = [e.amount for e in each.entries if e.entry_type is EntryType.DEBIT]
            assert 2 * sum(debits) == sum(entry.amount for entry in each.entries)
    for item in desk.items.values():
        _require_true_to_itself(item)
    days = _days(desk)
    for on in days:
        accounts = list(desk.chart.by_id.values())
        totals = fold(desk.transactions.values(), through=on)
        assert trial_balance(accounts, totals, on).is_balanced
        open_then = standings(desk.items.values(), desk.applications.values(), on)
        for side in Side:
            _require_agreement(desk, side, on, open_then)
        if on == days[-1]:
            for key, item in desk.items.items():
                assert open_then[key] == Standing(item.open_amount, item.open_base)


def _days(desk):
    """Every day on which something changed."""
    facts = [*desk.items.values(), *desk.applications.values()]
    found = {each.date for each in (*facts, *desk.transactions.values())}
    return sorted(found | {each.ended_on for each in facts if each.ended_on})


def _require_true_to_itself(item):
    """What was settled and what is left make up the whole, and the first that is left is due."""
    left = [] if item.ended_on else [item.open_amount]
    assert sum(map(abs, left)) + item.paid + item.credited == (abs(item.amount) if left else 0)
    dues = outstanding_dues(item, item.open_amount)
    assert item.next_due == (dues[0].date if dues else None)


def _require_agreement(desk, side, on, open_then):
    ours = [each for each in desk.items.values() if each.side is side]
    for each in ours:
        left, sign = open_then[each.id], 1 if each.amount > 0 else -1
        assert 0 <= sign * left.amount <= sign * each.amount
        assert 0 <= sign * left.base_amount <= sign * each.base_amount
        assert left.amount or not left.base_amount
    control = desk.chart.by_role[side.role]
    for contact_id in {None, *(each.contact_id for each in desk.transactions.values())}:
        theirs = [e for e in desk.transactions.values() if e.contact_id == contact_id]
        balance = control.type.natural(fold(theirs, through=on).get(control.id, NOTHING).net)
        if contact_id is None:
            unassigned = balance
        else:
            items = [each.id for each in ours if each.contact_id == contact_id]
            assert balance == sum(open_then[key].base_amount for key in items)
    posted = desk.transactions.values()
    balance = control.type.natural(fold(posted, through=on).get(control.id, NOTHING).net)
    report = aging(side, ours, desk.applications.values(), balance, on)
    assert (report.total, report.unassigned) == (balance, unassigned)
    _require_currencies(desk, control, on, {each.id: open_then[each.id] for each in ours})


def _require_currencies(desk, control, on, open_then):
    """In each foreign currency, what stands on the control account is what is open in it."""
    found = fold_currencies(desk.transactions.values(), through=on)
    direct = fold_currencies(
        [each for each in desk.transactions.values() if each.contact_id is None], through=on
    )
    for currency in {each.currency for each in desk.items.values()}:
        if currency == desk.organization.base_currency:
            continue
        of_all, of_none = (
            control.type.natural(each.get((control.id, currency), CurrencyTotal()).net)
            for each in (found, direct)
        )
        ours = [key for key in open_then if desk.items[key].currency == currency]
        assert of_all == of_none + sum(open_then[key].amount for key in ours)

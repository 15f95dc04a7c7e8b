"""The till: what the payers of a batch have left, while its commands take from it.

A command that is decided takes its price, so that those after it see what is left; one that finds
too few is refused, and the rest go on. Nothing is held meanwhile: what was taken is put down at
once for all, and where somebody else has spent it by then, the batch is read and decided anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import Connection

from ledger.credits import Charge, payer_of, require_credits
from ledger.organizations import Organization
from resolvers.books import Call, Command, Decision
from store import credits
from store.credits import Dues, Use


class Till:
    """What payers have left, by organization; sandboxes have none and pay nothing."""

    def __init__(
        self, payers: Mapping[str, str], days: Mapping[str, date], balances: Mapping[str, int]
    ) -> None:
        self._payers = payers
        self._days = days
        self._left = dict(balances)
        self._charges: Counter[str] = Counter()
        self._uses: dict[tuple[str, str, str], Counter[str]] = {}

    def take(self, call: Call, decision: Decision) -> None:
        """Give back what a decision returns, and take what it costs; a dry run only looks.

        Raises `insufficient_credits`.
        """
        payer = self._payers.get(call.organization_id)
        if payer is None:
            return
        back, cost = decision.returned, cost_of(call, decision)
        left = self._left.get(payer, 0) + (0 if back is None else back.credits)
        if cost:
            require_credits(payer, cost, left)
        if call.dry_run:
            return
        self._left[payer] = left - cost
        if back is not None:
            self._note(call, Charge(back.operation, -back.credits, back.key_id), -1)
        if cost:
            key_id = call.origin.key_id or call.origin.actor
            self._note(call, Charge(call.price.operation, cost, key_id), 1)

    def _note(self, call: Call, charge: Charge, count: int) -> None:
        self._charges[self._payers[call.organization_id]] += charge.credits
        use = (call.organization_id, charge.operation, charge.key_id)
        used = self._uses.setdefault(use, Counter())
        used["count"] += count
        used["credits"] += charge.credits

    def dues(self) -> Dues | None:
        """What was taken in all, if anything was."""
        if not self._uses:
            return None
        uses = [
            Use(organization, self._days[organization], operation, key, **used)
            for (organization, operation, key), used in self._uses.items()
        ]
        return Dues(self._charges, uses)


def cost_of(call: Call, decision: Decision) -> int:
    """What a decision costs: the price of its call, for each item that it has made."""
    return 0 if decision.refusal is not None else call.price.credits * decision.items


def open_till(
    connection: Connection,
    calls: Iterable[tuple[Call, Command]],
    organizations: Mapping[str, Organization],
    now: datetime,
    *,
    lock: bool = False,
) -> Till:
    """The till of a metered batch.

    With `lock` all accounts are held: for a batch that holds version rows from its beginning,
    and must not wait for an account then.
    """
    used = {key: payer_of(each) for key, each in organizations.items()}
    payers = {key: payer for key, payer in used.items() if payer is not None}
    priced = {call.organization_id for call, _ in calls if lock or call.price.credits}
    asked = {payers[key] for key in priced if key in payers}
    found = credits.accounts(connection, asked, lock=lock) if asked else {}
    return Till(
        payers,
        {key: organizations[key].today(now) for key in payers},
        {payer: account.balance for payer, account in found.items()},
    )

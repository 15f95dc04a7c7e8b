"""Every write refused by three doors, GraphQL, REST, and REST queued: for one reason, no trace.

Each write is asked for something that is not there, of a version that is none, by a key that may
only read, and by who has no credits left; and besides it has a row of its own in `REFUSED`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
import pytest_asyncio
from asking import key_of
from crediting import grant, left, metered
from entering import contents
from twins import DOORS, GRAPHQL, WRITES, Asked, Twin, ask, furnished, root_of, usual

from entrypoints.rest.examples import filled as with_ids
from ledger.errors import Code, Reason
from ledger.keys import Scope
from schema.operation import OPERATIONS

together = pytest.mark.asyncio(loop_scope="module")
NEVER = "0000000000000000zzzz"
NO_ONE = f"con_{NEVER}"


@dataclass(frozen=True)
class Refused:
    """What is asked in the place of the usual, and the reason for which that is refused.

    `of` is what it is about, `given` what the body has in the place of what it usually has.
    """

    reason: str
    given: dict[str, Any] | None = None
    of: str | None = None


LINES = [
    {"account_id": "{account}", "entry_type": "debit", "amount": "1.00"},
    {"account_id": "{revenue_account}", "entry_type": "credit", "amount": "2.00"},
]
UNEVEN = {"description": "Sale", "date": "2026-01-05", "entries": LINES}
FOR_NO_ONE = Refused("unknown_reference", {"contact_id": NO_ONE})

REFUSED = {
    "UpdateOrganization": Refused("invalid_date", {"fiscal_year_start_month": 13}),
    "UpdateSettings": Refused("invalid_value", {"number_digits": 99}),
    "UpdateSetting": Refused("invalid_text", {"value": "x" * 1_000}),
    "CreateAccount": Refused("duplicate", {"code": "1000"}),
    "CreateAccounts": Refused(
        "duplicate", {"accounts": [{"code": "1000", "name": "Till", "account_type": "asset"}]}
    ),
    "UpdateAccount": Refused("duplicate", {"code": "4000"}),
    "DeleteAccount": Refused("in_use", of="account"),
    "CreateTransaction": Refused("unbalanced", {"entries": LINES}),
    "CreateTransactions": Refused(
        "unbalanced", {"transactions": [UNEVEN], "continue_on_error": False}
    ),
    "UpdateTransaction": Refused("wrong_status", {"date": "2026-02-02"}, of="transaction"),
    "DeleteTransaction": Refused("wrong_status", of="transaction"),
    "PostTransaction": Refused("wrong_status", of="transaction"),
    "ReverseTransaction": Refused("wrong_status", of="plan"),
    "ImportBooks": Refused("invalid_value", {"data": "number,date\n"}),
    "ExportEvents": Refused("invalid_value", {"date_range": "last_year", "from": "2026-01-01"}),
    "CreateContact": Refused("invalid_value", {"email": "nowhere"}),
    "UpdateContact": Refused("invalid_value", {"email": "nowhere"}),
    "DeleteContact": Refused("in_use", of="customer"),
    "EraseContact": Refused("not_found", of="vendor_that_never_was"),
    "CreateInvoice": FOR_NO_ONE,
    "CreateOpeningInvoice": Refused("duplicate", {"invoice_number": "OLD-7"}),
    "UpdateInvoice": Refused("wrong_status", {"notes": "Late"}, of="invoice"),
    "DeleteInvoice": Refused("wrong_status", of="invoice"),
    "SendInvoice": Refused("wrong_status", of="invoice"),
    "DeliverInvoice": Refused("wrong_status", of="draft_invoice"),
    "CancelInvoice": Refused("applied", of="invoice"),
    "RecordInvoicePayment": Refused("overpayment", {"amount": "900.00"}),
    "CreateBill": Refused("duplicate", {"bill_number": "R-17"}),
    "CreateOpeningBill": Refused("duplicate", {"bill_number": "R-17"}),
    "UpdateBill": Refused("wrong_status", {"items": []}, of="bill"),
    "DeleteBill": Refused("wrong_status", of="bill"),
    "ReceiveBill": Refused("wrong_status", of="bill"),
    "CancelBill": Refused("wrong_status", of="draft_bill"),
    "RecordBillPayment": Refused("overpayment", {"amount": "900.00"}),
    "CreateCreditNote": FOR_NO_ONE,
    "UpdateCreditNote": Refused("wrong_status", {"notes": "Late"}, of="credit_note"),
    "DeleteCreditNote": Refused("wrong_status", of="credit_note"),
    "IssueCreditNote": Refused("wrong_status", of="credit_note"),
    "CancelCreditNote": Refused("wrong_status", of="draft_credit_note"),
    "CreatePayment": FOR_NO_ONE,
    "VoidPayment": Refused("invalid_date", {"voided_on": "1066-01-01"}),
    "RefundCredit": Refused("overpayment", {"amount": "900.00"}),
    "ApplyCredit": Refused("overpayment", {"amount": "900.00"}),
    "UnapplyCredit": Refused("invalid_date", {"date": "1066-01-01"}),
    "CreateCategory": Refused("duplicate", {"name": "Workshops"}),
    "UpdateCategory": Refused("invalid_parent", {"parent_id": "{category}"}),
    "DeleteCategory": Refused("in_use", of="category"),
    "CreateItem": Refused("unknown_reference", {"tax_rate_id": f"tax_{NEVER}"}),
    "UpdateItem": Refused("unknown_reference", {"tax_rate_id": f"tax_{NEVER}"}),
    "DeleteItem": Refused("in_use", of="item"),
    "CreateTaxRate": Refused("invalid_amount", {"rate": "1000"}),
    "UpdateTaxRate": Refused("invalid_amount", {"rate": "1000"}),
    "DeleteTaxRate": Refused("in_use", of="tax_rate"),
    "DeleteAttachment": Refused("not_found", of="file_that_never_was"),
    "CancelJob": Refused("not_found", of="job_that_never_was"),
    "PrioritizeJob": Refused("invalid_request", {"priority": "urgent"}),
    "CreateApiKey": Refused("invalid_text", {"name": ""}),
    "ChangeApiKey": Refused("invalid_text", {"name": ""}),
    "RotateApiKey": Refused("not_found", of="key_that_never_was"),
    "RevokeApiKey": Refused("not_found", of="key_that_never_was"),
    "PurchaseCredits": Refused("invalid_value", {"credit_amount": -1}),
    "UpdateBilling": Refused("invalid_value", {"billing_email": "nowhere"}),
}
"""A refusal of each write; of a new row the test says that it has none."""


class Desk:
    """An organization that can pay, one that cannot, a key that only reads; and what is there."""

    def __init__(self, house, made, broke, reader):
        self.house, self.made, self.broke, self.reader = house, made, broke, reader
        self.seen = None

    async def require_refused(self, door, asked_of, client, made, reason):
        """Assert that all doors refuse for the same reason, and leave everything as it was."""
        self.seen = self.seen or await contents(self.house)
        reasons = {}
        for name in DOORS:
            told = await ask(Twin(client, made, name), asked_of)
            reasons[name] = told.reason
            assert told.reason is not None, (name, asked_of)
            assert name == GRAPHQL or told.status == Reason[told.reason.upper()].status
        alike = {_class(each) for each in reasons.values()}
        assert alike == {_class(reason)}, (door.row, asked_of, reasons)
        assert reasons[DOORS[1]] == reasons[DOORS[2]] == reason, (door.row, asked_of, reasons)

    async def require_untouched(self):
        assert await contents(self.house) == self.seen


def _class(reason):
    """What tells of a refusal at every door: what is not there is `not_found` in a path alone."""
    code = Reason[reason.upper()].code
    return code.value if code is Code.NOT_FOUND else reason


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["sqlite", "postgresql"])
async def desk(request, databases, tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    places = {name: str(folder / name) for name in ("files", "mailer")}
    async with metered(await databases.new(request.param), **places) as house:
        rich, broke = await house.organization(), await house.organization()
        await grant(house, rich, 1_000)
        made = await furnished(house, rich)
        await grant(house, broke, 1_000 - await left(rich))
        words = await furnished(house, broke)
        assert await left(broke) == 0
        reader = await key_of(rich, house, Scope.READ)
        yield Desk(house, (rich, made), (broke, words), reader)


def test_every_write_has_a_refusal():
    missing = WRITES.keys() - REFUSED.keys()
    assert missing == set(), f"Say in REFUSED what these refuse, and why: {sorted(missing)}"
    assert REFUSED.keys() - WRITES.keys() == set()


@together
@pytest.mark.parametrize("name", REFUSED)
async def test_every_door_refuses_for_the_same_reason_and_writes_nothing(desk, name):
    door, row = WRITES[name], REFUSED[name]
    client, made = desk.made
    asked = usual(door, made)
    key = asked.id if row.of is None else made.get(row.of, f"{str(asked.id)[:4]}{NEVER}")
    body = None if asked.body is None else {**asked.body, **with_ids(row.given or {}, made)}
    await desk.require_refused(door, Asked(door, key, body), client, made, row.reason)
    if asked.id is not None:
        unknown = replace(asked, id=asked.id[:4] + NEVER)
        await desk.require_refused(door, unknown, client, made, "not_found")
    if "version" in door.document.slots:
        stale = replace(asked, version=99)
        await desk.require_refused(door, stale, client, made, "version_conflict")
    await desk.require_refused(door, asked, desk.reader, made, "forbidden")
    if OPERATIONS[root_of(door)].credits:
        broke, words = desk.broke
        poor = usual(door, words)
        await desk.require_refused(door, poor, broke, words, "insufficient_credits")
    await desk.require_untouched()

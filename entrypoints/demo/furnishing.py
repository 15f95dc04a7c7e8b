"""What the demo company has before the first entry: settings, chart, catalogue and contacts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from entrypoints.demo.catalogue import CATEGORIES, GOODS, TAXES, Good, Tax
from entrypoints.demo.contacts import PEOPLE, Person
from entrypoints.demo.desk import Desk
from entrypoints.demo.figures import decimal_text
from entrypoints.demo.letterhead import DOCUMENTS, LOGO_NAME, SETTINGS, logo
from ledger.accounts import AccountType, Subtype
from ledger.file_types import content_key, content_type
from ledger.taxes import TaxComponent, TaxType
from resolvers import accounts, attachments, catalogue, contacts, organizations
from store.files import Files

_BANK = "1010"
Given = dict[str, Any]


def furnish(desk: Desk, chart: Sequence[Given], files: Files | None) -> None:
    """Make all that the story's steps name; each thing's key is its external id too."""
    desk.learn_accounts()
    missing = [_account(row) for row in chart if row["code"] not in desk.ids]
    desk.do("create_accounts", accounts.create_many(missing))
    desk.clear()
    desk.learn_accounts()
    for key, tax in TAXES.items():
        given = _tax_rate(tax) | {"external_id": key}
        desk.do("create_tax_rate", catalogue.create_tax_rate(given), key)
    _categories(desk)
    for key, good in GOODS.items():
        given = _item(good, desk.ids) | {"sku": key}
        desk.do("create_item", catalogue.create_item(given), key)
    for key, person in PEOPLE.items():
        given = _contact(person, desk.ids) | {"external_id": key}
        desk.do("create_contact", contacts.create(given), key)
    desk.clear()
    _settings(desk, files)


def _account(row: Given) -> accounts.NewAccount:
    return accounts.NewAccount(
        code=row["code"],
        name=row["name"],
        type=AccountType(row["type"]),
        subtype=Subtype(row["subtype"]),
        currency=row["currency"],
        parent_code=row.get("parent_code"),
        description=row.get("description"),
    )


def _tax_rate(tax: Tax) -> Given:
    parts = [
        TaxComponent(name, Decimal(decimal_text(percent, 2)), is_recoverable=not tax.is_cost)
        for name, percent in tax.parts
    ]
    return {
        "name": tax.name,
        "type": TaxType.SALES_TAX,
        "description": tax.told,
        "components": tuple(parts),
        "is_reverse_charge": tax.is_reverse_charge,
    }


def _categories(desk: Desk) -> None:
    """The tree, the top first."""
    for level in (False, True):
        desk.clear()
        for key, branch in CATEGORIES.items():
            if (branch.parent is not None) is level:
                given = {
                    "name": branch.name,
                    "type": branch.type,
                    "color": branch.color,
                    "parent_id": None if branch.parent is None else desk.ids[branch.parent],
                    "external_id": key,
                }
                desk.do("create_category", catalogue.create_category(given), key)
    desk.clear()


def _item(good: Good, ids: dict[str, str]) -> Given:
    is_sold = good.price is not None
    side = "revenue_account_id" if is_sold else "expense_account_id"
    return {
        "name": good.name,
        "type": good.type,
        "description": good.told,
        "price": _price(good.price),
        "purchase_price": _price(good.cost),
        "currency": good.currency,
        "unit": good.unit,
        side: ids[good.account],
        "tax_rate_id": None if good.tax is None else ids[good.tax],
        "category_id": None if good.category is None else ids[good.category],
    }


def _price(cents: int | None) -> Decimal | None:
    return None if cents is None else Decimal(decimal_text(cents, 2))


def _contact(person: Person, ids: dict[str, str]) -> Given:
    return {
        "name": person.name,
        "types": (person.type,),
        "email": person.email,
        "phone": person.phone,
        "tax_number": person.tax_number,
        "reference": person.reference,
        "currency": person.currency,
        "billing_address": person.address,
        "shipping_address": person.delivery,
        "terms": person.terms,
        "expense_account_id": None if person.account is None else ids[person.account],
        "tax_rate_id": None if person.tax is None else ids[person.tax],
    }


def _settings(desk: Desk, files: Files | None) -> None:
    """The organization's settings, and those of its documents with the logo."""
    desk.do("update_organization", organizations.update(SETTINGS, version=None))
    desk.clear()
    given = DOCUMENTS | {"payment_account_id": desk.ids[_BANK]}
    if files is not None:
        given["logo_id"] = _logo(desk, files)
    desk.do("update_document_settings", organizations.update_documents(given, version=None))
    desk.clear()


def _logo(desk: Desk, files: Files) -> str:
    """Attach the logo; its content is kept before it is told of."""
    content = logo()
    sha256 = hashlib.sha256(content).hexdigest()
    files.put(content_key(desk.organization_id, sha256), content)
    given = {
        "subject_id": desk.organization_id,
        "name": LOGO_NAME,
        "content_type": content_type(content),
        "size": len(content),
        "sha256": sha256,
    }
    desk.do("create_attachment", attachments.create(given, held=0), LOGO_NAME)
    desk.clear()
    return desk.ids[LOGO_NAME]

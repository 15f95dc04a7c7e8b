"""A walk through the schema: every field that takes arguments, and good values to ask it with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
    is_required_input_field,
)
from graphql import get_nullable_type as nullable

from schema import core

Path = tuple[str | int, ...]
"""Where a value stands in arguments: names, and zero for the first of a list."""

AROUND = {
    "Query": ("query", "{ %s }", None),
    "Mutation": ("mutation", "{ %s }", None),
    "OrganizationNode": ("query", "{ organization { %s } }", None),
    "AccountNode": ("query", "{ account(id: $above) { %s } }", "account"),
    "ContactNode": ("query", "{ contact(id: $above) { %s } }", "customer"),
    "CategoryNode": ("query", "{ category(id: $above) { %s } }", "category"),
}
"""The operation and the fields around a field of each type, and what (see `filling`) it is of."""

ID_OF = {
    "account updateAccount": "account",
    "deleteAccount": "spare_account",
    "transaction reverseTransaction": "transaction",
    "updateTransaction deleteTransaction postTransaction": "plan",
    "contact updateContact eraseContact": "customer",
    "deleteContact": "stranger",
    "attachment deleteAttachment": "attachment",
    "invoice deliverInvoice": "invoice",
    "updateInvoice deleteInvoice sendInvoice": "draft_invoice",
    "cancelInvoice": "opening_invoice",
    "bill cancelBill": "bill",
    "updateBill deleteBill receiveBill": "draft_bill",
    "creditNote cancelCreditNote": "credit_note",
    "updateCreditNote deleteCreditNote issueCreditNote": "draft_credit_note",
    "payment voidPayment": "payment",
    "unapplyCredit": "application",
    "category updateCategory": "category",
    "deleteCategory": "spare_category",
    "item updateItem": "item",
    "deleteItem": "spare_item",
    "taxRate": "tax_rate",
    "updateTaxRate deleteTaxRate": "spare_tax_rate",
    "organization organizationById": "organization",
    "node": "entry",
    "apiKey changeApiKey rotateApiKey revokeApiKey": "api_key",
    "job cancelJob prioritizeJob": "job",
}
"""What the argument `id` of some fields is of."""

IDS = {
    "accountId paymentAccountId": "account",
    "parentAccountId": "spare_account",
    "defaultRevenueAccountId": "revenue_account",
    "defaultExpenseAccountId": "expense_account",
    "contactId": "customer",
    "categoryId": "category",
    "parentId": "spare_category",
    "itemId": "item",
    "taxRateId defaultTaxRateId": "tax_rate",
    "invoiceId documentId correctsId subjectId entityId": "invoice",
    "billId": "bill",
    "creditId": "credit_note",
    "logoId": "logo",
    "apiKeyId": "api_key",
    "organizationId": "organization",
    "ids": "entry",
}
"""What an argument, or a field of an input, that takes an id is of, by its name."""

DAYS = "date invoiceDate billDate creditNoteDate paymentDate"
LINE = {"description": "Work", "quantity": 1, "unitPrice": "5.00"}
VALUES = {
    **dict.fromkeys(DAYS.split(), "2026-01-08"),
    "name": "New",
    "description": "New",
    "code": "1-1",
    "accountType": "ASSET",
    "contactType": "CUSTOMER",
    "categoryType": "INCOME",
    "itemType": "SERVICE",
    "taxType": "VAT",
    "direction": "RECEIVED",
    "scope": "READ",
    "priority": "HIGH",
    "entryType": "DEBIT",
    "invoiceNumber": "OLD-8",
    "billNumber": "R-18",
    "amount": "1.00",
    "quantity": 1,
    "percent": "10",
    "days": 30,
    "items": [LINE],
    "source": "CSV",
    "data": "number,date,account,debit,credit,description\n"
    "1,2026-01-08,1000,1.00,,New\n1,,4000,,1.00,\n",
    "components": [{"name": "State", "percent": "10"}],
    "paymentTerms": [{"percent": "100", "days": 30}],
}
"""Good values by the name of an argument, or of a field of an input."""

ELSE = {
    "createTaxRate": {"components": VALUES["components"]},
    "currency": {"code": "USD"},
    "purchaseCredits": {"creditAmount": 1_000},
}
"""Good values that some fields need besides, or in the place of these."""


def _each(table: Mapping[str, str]) -> dict[str, str]:
    return {name: word for names, word in table.items() for name in names.split()}


@dataclass(frozen=True, slots=True)
class Asked:
    """A field with each of its arguments as a variable of the same name, in a document."""

    parent: str
    name: str
    arguments: Mapping[str, GraphQLArgument]
    document: str
    above: str | None

    def places(self) -> Iterator[tuple[Path, Any]]:
        """Every place of a value in the arguments, and the type that stands there."""
        for key, argument in self.arguments.items():
            yield from _places(argument.type, (key,))


def _places(kind: Any, path: Path, above: tuple[Any, ...] = ()) -> Iterator[tuple[Path, Any]]:
    kind = nullable(kind)
    yield path, kind
    if is_list_type(kind):
        yield from _places(kind.of_type, (*path, 0), above)
    elif isinstance(kind, GraphQLInputObjectType) and kind not in above:
        for name, field in kind.fields.items():
            yield from _places(field.type, (*path, name), (*above, kind))


def fields_asked() -> Iterator[Asked]:
    """Every field of the schema that takes arguments, asked with all of them."""
    for kind in core.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for name, field in kind.fields.items():
                if field.args:
                    yield _asked(kind.name, name, field)


def _asked(parent: str, name: str, field: GraphQLField) -> Asked:
    operation, around, above = AROUND[parent]
    given = ", ".join(f"{each}: ${each}" for each in field.args)
    variables = ["$above: ID!"] if above else []
    for key, argument in field.args.items():
        # A variable may be left out where the argument may.
        kind = argument.type if is_required_argument(argument) else nullable(argument.type)
        variables.append(f"${key}: {kind}")
    named = get_named_type(field.type)
    rows = " { nodes { __typename } }" if named.name.endswith("Connection") else " { __typename }"
    below = "" if is_leaf_type(named) else rows
    text = around % f"{name}({given}){below}"
    return Asked(parent, name, field.args, f"{operation} Ask({', '.join(variables)}) {text}", above)


class Good:
    """Good values for the arguments of every field, in an organization that is `filled`."""

    def __init__(self, made: Mapping[str, str]) -> None:
        self._made = made
        self._values = VALUES | {name: made[word] for name, word in _each(IDS).items()}
        self._values["ids"] = [made["entry"]]
        self._values["entries"] = [
            {"accountId": made["account"], "entryType": "DEBIT", "amount": "1.00"},
            {"accountId": made["revenue_account"], "entryType": "CREDIT", "amount": "1.00"},
        ]

    def variables(self, asked: Asked, *, dry: bool = True) -> dict[str, Any]:
        """What a field must be given; a mutation is told to store nothing, unless `dry` is not."""
        given = {
            name: self._made[word_of(asked, (name,))] if name == "id" else self._of(name, each.type)
            for name, each in asked.arguments.items()
            if is_required_argument(each)
        }
        given |= ELSE.get(asked.name, {})
        given |= {"dryRun": dry} if "dryRun" in asked.arguments else {}
        return given | ({"above": self._made[asked.above]} if asked.above else {})

    def placed(self, asked: Asked, path: Path, value: Any, *, dry: bool = True) -> dict[str, Any]:
        """The variables with a value at a place, and good ones for what leads there."""
        given, key = self.variables(asked, dry=dry), str(path[0])
        now = given.get(key, self._values.get(key))
        return given | {key: self._placed(asked.arguments[key].type, now, path[1:], value)}

    def _placed(self, kind: Any, given: Any, path: Path, value: Any) -> Any:
        if not path:
            return value
        step, kind = path[0], nullable(kind)
        if is_list_type(kind):
            first, *rest = given if isinstance(given, list) and given else [None]
            return [self._placed(kind.of_type, first, path[1:], value), *rest]
        made = given if isinstance(given, dict) else self._required(kind)
        now = made.get(step, self._values.get(str(step)))
        return made | {step: self._placed(kind.fields[step].type, now, path[1:], value)}

    def _of(self, name: str, kind: Any) -> Any:
        if name in self._values:
            return self._values[name]
        return [self._required(nullable(kind).of_type)]

    def _required(self, kind: Any) -> dict[str, Any]:
        fields = nullable(kind).fields.items()
        return {
            name: self._of(name, field.type)
            for name, field in fields
            if is_required_input_field(field)
        }


def name_at(path: Path) -> str:
    """The name of the argument, or of the field of an input, that a place is or is the first in."""
    return str(next(step for step in reversed(path) if step != 0))


def word_of(asked: Asked, path: Path) -> str:
    """What the id at a place is of; a place that no table knows is a KeyError."""
    if path == ("id",):
        return _each(ID_OF)[asked.name]
    return _each(IDS)[name_at(path)]

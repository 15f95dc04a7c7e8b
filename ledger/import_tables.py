"""Journals as tables: comma-separated values, of our own form and as QuickBooks exports them.

Our own has a line for each entry, with the columns `date`, `account` (a code), `debit` and
`credit`, and `number` or `reference`, by which lines belong to one transaction; `description`,
`currency`, `exchange_rate` and `base_amount` may be there. A cell that is blank continues the
line above. The journal report of QuickBooks is read as it is exported, titles and totals
included: `Trans #`, `Type`, `Date`, `Num`, `Name`, `Memo`, `Account`, `Debit`, `Credit`.

Columns are found by their names, in any order, whether commas, semicolons or tabs part them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import dropwhile, islice

from ledger.accounts import EntryType
from ledger.errors import LedgerError, Reason
from ledger.importing import (
    DateOrder,
    Faults,
    ImportSource,
    Journal,
    Told,
    ToldEntry,
    require_fitting,
    require_lines,
    wrong,
)

MOST_COLUMNS = 100
_TITLES = 10
"""How many lines may stand above the names of the columns."""

_LONGEST_SHOWN = 40
_PARTED_BY = ",;\t"
_NEEDED = {"date", "account", "debit", "credit"}
_OPTIONAL = ("number", "reference", "description", "currency", "exchange_rate", "base_amount")
_KNOWN = {*_NEEDED, *_OPTIONAL}
_QUICKBOOKS = {
    **dict.fromkeys(("trans #", "trans no", "trans no."), "number"),
    **dict.fromkeys(("type", "transaction type"), "kind"),
    **dict.fromkeys(("num", "num.", "no."), "reference"),
    **dict.fromkeys(("memo", "memo/description", "description"), "description"),
    **dict.fromkeys(("account", "account full name"), "account"),
    **{name: name for name in ("date", "name", "debit", "credit")},
}
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+\.\d{2}", re.ASCII)
_ZERO = re.compile(r"0+(?:\.0*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Line:
    """The cells of a line by our names of their columns, without blanks around them."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


def read_csv(text: str) -> Journal:
    """A journal of our own form; raises what is wrong with it, by lines."""
    names, rows = _table(text, {name: name for name in _KNOWN}, _NEEDED, titles=1)
    if unknown := [name for name in names if name and name not in _KNOWN]:
        raise wrong(
            f"There is no column {unknown[0][:_LONGEST_SHOWN]!r}.",
            f"Leave it out; there are: {', '.join(sorted(_KNOWN))}.",
        )
    key = "number" if "number" in names else "reference"
    if key not in names:
        raise wrong(
            "Neither a column `number` nor `reference` says which lines belong together.",
            "Add the column `number`, with the same number on all lines of a transaction.",
        )
    faults = Faults()
    groups = _gathered(_lines(rows, names, faults), key, faults)
    found = [_told(number, lines, faults) for number, lines in groups.items()]
    return _journal(ImportSource.CSV, [told for told in found if told], faults, 0)


def read_quickbooks(text: str, order: DateOrder = DateOrder.MDY) -> Journal:
    """The journal report of QuickBooks; raises what is wrong with it, by lines."""
    names, rows = _table(text, _QUICKBOOKS, {*_NEEDED, "number"}, titles=_TITLES)
    faults = Faults()
    named = [_QUICKBOOKS.get(name, "") for name in names]
    lines = [_without_zeros(line) for line in _lines(rows, named, faults)]
    groups = _gathered(dropwhile(_is_total, lines), "number", faults)
    found = []
    for number, told in groups.items():
        moving = [line for line in told if line["account"] and (line["debit"] or line["credit"])]
        stray = [line for line in told if not line["account"] and not _sums_up(line)]
        if moving or stray:
            lines_of_it = [line for line in told if not _is_total(line)]
            found.append(_told_by_quickbooks(number, lines_of_it, [*moving, *stray], order, faults))
    kept = [told for told in found if told]
    moved = sum(len(told.entries) for told in kept)
    return _journal(ImportSource.QUICKBOOKS, kept, faults, len(lines) - moved)


def _journal(
    source: ImportSource, transactions: Sequence[Told], faults: Faults, ignored: int
) -> Journal:
    faults.require_none()
    require_fitting(transactions)
    return Journal(source, transactions, ignored=ignored)


# Lines


def _table(
    text: str, known: Mapping[str, str], needed: set[str], titles: int
) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The names of the columns, in small letters, and the rows below them."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    unreadable: list[LedgerError] = []
    for mark in _PARTED_BY:
        rows = _rows(text, mark)
        try:
            for _, row in islice(rows, titles):
                names = [_column(cell) for cell in row[: MOST_COLUMNS + 1]]
                if needed <= {known[name] for name in names if name in known}:
                    _require_columns(names, known)
                    return names, rows
        except _UnreadableError as error:
            unreadable.append(error)
    if len(unreadable) == len(_PARTED_BY):
        raise unreadable[0]
    missing = ", ".join(sorted(needed))
    raise wrong(
        "The first lines of the file do not name all of the columns that it must have.",
        f"Let its first line name them: {missing}.",
    )


class _UnreadableError(LedgerError):
    """A cell cannot be read, if it is this mark that parts them."""


def _column(cell: str) -> str:
    return " ".join(cell.split()).lower()


def _require_columns(names: Sequence[str], known: Mapping[str, str]) -> None:
    if len(names) > MOST_COLUMNS:
        raise wrong(
            f"The file has more than {MOST_COLUMNS} columns.", "Leave out what is not needed."
        )
    meant = [known[name] for name in names if name in known]
    if twice := [name for name in meant if meant.count(name) > 1]:
        raise wrong(f"The column {twice[0]!r} is there twice.", "Leave one of the two out.")


def _rows(text: str, mark: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with the number of the line on which it begins."""
    reader = csv.reader((f"{line}\n" for line in text.split("\n")), delimiter=mark, strict=True)
    before = 0
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise _UnreadableError(
                Reason.INVALID_VALUE,
                f"Line {before + 1}: a cell cannot be read: {error}.",
                'Close every quotation mark, and write one inside of a cell twice: "".',
                {"lines": [{"line": before + 1, "reason": Reason.INVALID_VALUE.slug}]},
                "data",
            ) from None
        if row is None:
            return
        if any(cell and not cell.isspace() for cell in row):
            yield before + 1, row
        before = reader.line_num


def _lines(
    rows: Iterator[tuple[int, list[str]]], names: Sequence[str], faults: Faults
) -> Iterator[Line]:
    for count, (number, row) in enumerate(rows, 1):
        require_lines(count)
        cells = [cell.strip() for cell in row]
        if any(cells[len(names) :]):
            cause = f"It has {len(cells)} cells, and there are {len(names)} columns."
            faults.note(number, wrong(cause, "Quote cells that have a comma in them."))
            continue
        yield Line(number, dict(zip(names, cells, strict=False)))


def _gathered(lines: Iterable[Line], key: str, faults: Faults) -> dict[str, list[Line]]:
    """The lines of each transaction by its number; one without continues the line above."""
    groups: dict[str, list[Line]] = {}
    current = ""
    for line in lines:
        current = line[key] or current
        if not current:
            cause = "It belongs to no transaction: no number stands in it, or above it."
            faults.note(line.number, wrong(cause, "Give its transaction a number."))
            continue
        groups.setdefault(current, []).append(line)
    return groups


def _without_zeros(line: Line) -> Line:
    """A line of QuickBooks, whose figures of zero say no more than blanks do."""
    zeros = {n: "" for n in ("debit", "credit") if _ZERO.fullmatch(line[n])}
    return Line(line.number, {**line.cells, **zeros}) if zeros else line


def _sums_up(line: Line) -> bool:
    """Whether both figures stand in a line, or none: so it is with totals."""
    return bool(line["debit"]) is bool(line["credit"])


def _is_total(line: Line) -> bool:
    """Whether a line of QuickBooks is no part of a transaction, but only sums up."""
    return not line["account"] and not line["number"] and _sums_up(line)


# Transactions


def _told(number: str, lines: Sequence[Line], faults: Faults) -> Told | None:
    first = lines[0]
    described = next((line["description"] for line in lines if line["description"]), "")
    reference = next((line["reference"] for line in lines if line["reference"]), None)
    entries = _noted(lines, faults)
    day = _day_of(lines, None, faults)
    if day is None:
        return None
    plain = [_entry_of(line, side, amount, described) for line, (side, amount) in entries]
    return Told(first.number, number, day, described, plain, reference)


def _told_by_quickbooks(
    number: str, lines: Sequence[Line], moving: Sequence[Line], order: DateOrder, faults: Faults
) -> Told | None:
    said = {
        name: next((line[name] for line in lines if line[name]), "")
        for name in ("kind", "name", "reference", "description")
    }
    entries = _noted(moving, faults)
    day = _day_of(lines, order, faults)
    if day is None:
        return None
    kind = " ".join(filter(None, (said["kind"], said["reference"])))
    plain = [
        ToldEntry(line.number, line["account"], side, _ungrouped(amount), description=_about(line))
        for line, (side, amount) in entries
    ]
    return Told(
        lines[0].number,
        number,
        day,
        said["description"] or kind or f"QuickBooks {number}",
        plain,
        said["reference"] or None,
        metadata={f"quickbooks_{n}": said[n] for n in ("kind", "name") if said[n]},
    )


def _about(line: Line) -> str | None:
    """What a line of QuickBooks says: whom it is about, and what for."""
    return ": ".join(filter(None, (line["name"], line["description"]))) or None


def _entry_of(line: Line, side: EntryType, amount: str, described: str) -> ToldEntry:
    about = line["description"]
    return ToldEntry(
        line.number,
        line["account"],
        side,
        amount,
        line["currency"] or None,
        line["exchange_rate"] or None,
        line["base_amount"] or None,
        None if about in {"", described} else about,
    )


def _noted(lines: Sequence[Line], faults: Faults) -> list[tuple[Line, tuple[EntryType, str]]]:
    """The lines, each with its side and amount, but for those that are noted as faults."""
    found = []
    for line in lines:
        try:
            found.append((line, _moved(line)))
        except LedgerError as error:
            faults.note(line.number, error)
    return found


def _moved(line: Line) -> tuple[EntryType, str]:
    debit, credit = line["debit"], line["credit"]
    if not line["account"]:
        raise wrong("It names no account.", "Give each line its account.")
    if bool(debit) is bool(credit):
        has = "both a debit and a credit" if debit else "neither a debit nor a credit"
        raise wrong(f"It has {has}.", "Give each line one of the two.")
    return EntryType.DEBIT if debit else EntryType.CREDIT, debit or credit


def _ungrouped(amount: str) -> str:
    """An amount without the commas that QuickBooks writes between thousands: 1,234.50."""
    return amount.replace(",", "") if _GROUPED.fullmatch(amount) else amount


def _day_of(lines: Sequence[Line], order: DateOrder | None, faults: Faults) -> date | None:
    """The one date of a transaction; None where that is noted as a fault."""
    said = [line for line in lines if line["date"]]
    if not said:
        cure = "Give the first line of each transaction its date."
        faults.note(lines[0].number, wrong("It has no date.", cure, Reason.INVALID_DATE))
        return None
    first = said[0]
    for line in said[1:]:
        if line["date"] != first["date"]:
            cause = (
                f"It is of {line['date'][:_LONGEST_SHOWN]}, and line {first.number} of the same "
                f"transaction of {first['date'][:_LONGEST_SHOWN]}."
            )
            cure = "Give lines of different dates different numbers."
            faults.note(line.number, wrong(cause, cure, Reason.INVALID_DATE))
    try:
        return day_of(first["date"], order)
    except LedgerError as error:
        faults.note(first.number, error)
        return None


def day_of(text: str, order: DateOrder | None = None) -> date:
    """The day that a text names: 2026-01-31, or by an `order` with slashes. No other is taken."""
    found, parts = _ISO.fullmatch(text), (0, 1, 2)
    if found is None and order is not None:
        found, parts = _SLASHED.fullmatch(text), (2, 0, 1) if order is DateOrder.MDY else (2, 1, 0)
    try:
        if found is not None:
            year, month, day = (int(found.groups()[part]) for part in parts)
            return date(year, month, day)
    except ValueError:
        pass
    forms = {None: "2026-01-31", DateOrder.MDY: "1/31/2026", DateOrder.DMY: "31/1/2026"}
    raise wrong(
        f"{text[:_LONGEST_SHOWN]!r} is not a date that exists.",
        f"Write dates as {forms[order]}"
        + ("." if order is None else ", or say by `dateOrder` how they are written."),
        Reason.INVALID_DATE,
    )

"""Numbers of documents: the next place in a series, and who has the numbers that come next."""

from __future__ import annotations

from datetime import date

from ledger.documents import Document, DocumentKind
from ledger.issuing import Numbering, number_of, place_of, series_of
from resolvers.books import Books
from resolvers.wants import Wants, number_key, wants

_AHEAD = 16
"""How many free numbers are looked for ahead: a former system may have given some out.

A batch that needs more and meets one of those is refused it by the database, and runs apart.
"""


def next_place(books: Books, document: Document) -> Numbering | None:
    """The next free place of the document's series; a number that came with an opening is left."""
    series = series_of(books.occasion, document.kind, document.date)
    if series is None:
        return None
    numbering = Numbering(series[1], books.found.numbers[series] + 1)
    while _is_taken(books, document, number_of(books.occasion, document.kind, numbering)):
        numbering = Numbering(series[1], numbering.sequence + 1)
    return numbering


def _is_taken(books: Books, document: Document, number: str) -> bool:
    return number_key(document.kind, document.contact_id, number) in books.found.taken


def ahead(books: Books, kind: DocumentKind, day: date) -> Wants:
    """The series of a document, and who has the numbers that come next in it."""
    series = series_of(books.occasion, kind, day)
    if series is None:
        return Wants()
    last = books.found.numbers.get(series)
    if last is None:
        return wants(series=[series])
    numbers: list[str] = []
    free = 0
    while free < _AHEAD:
        place = Numbering(series[1], last + 1 + len(numbers))
        numbers.append(number_of(books.occasion, kind, place))
        free += number_key(kind, "", numbers[-1]) not in books.found.taken
    return wants(series=[series], numbers=numbers)


def former_place(books: Books, document: Document) -> Numbering | None:
    """The place of a former system's number in our own series, which then goes on behind it."""
    series = series_of(books.occasion, document.kind, document.date)
    place = place_of(books.occasion, document.kind, document.number or "")
    if series is None or place is None or place.year != series[1]:
        return None
    return place if place.sequence > books.found.numbers[series] else None

"""Elements of a Cross Industry Invoice, built from the inside out."""

from __future__ import annotations

from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from ledger.open_items import Day

_STANDARD = "urn:un:unece:uncefact:data:standard"
_SPACES = {
    "rsm": f"{_STANDARD}:CrossIndustryInvoice:100",
    "ram": f"{_STANDARD}:ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_STANDARD}:UnqualifiedDataType:100",
}

for _prefix, _space in _SPACES.items():
    ET.register_namespace(_prefix, _space)


def element(name: str, *content: Element | str | None, **attributes: str) -> Element:
    """An element with its text and its children; those that are None are left out.

    A name without a prefix is of the vocabulary that nearly all are of (`ram`).
    """
    prefix, _, local = name.rpartition(":")
    made = Element(f"{{{_SPACES[prefix or 'ram']}}}{local}", attributes)
    for part in content:
        if isinstance(part, str):
            made.text = part
        elif part is not None:
            made.append(part)
    return made


def some(name: str, text: str | None, **attributes: str) -> Element | None:
    """An element with a text, or none where there is no text."""
    return element(name, text, **attributes) if text and not text.isspace() else None


def date_element(day: Day) -> Element:
    """A date, in the one format that the profile allows."""
    return element("udt:DateTimeString", f"{day:%Y%m%d}", format="102")


def serialized(root: Element) -> bytes:
    """The document of a root element, in UTF-8."""
    written: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written

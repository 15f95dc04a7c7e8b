"""Who sells and who buys, as the Cross Industry Invoice of EN 16931 has them."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from ledger.contacts import Address
from ledger.documents import Party
from resolvers.paper.elements import element, some
from resolvers.paper.vat import vat_number


def seller_party(seller: Party, organization_id: str) -> Element:
    """The seller; one without a VAT number is identified otherwise (BR-CO-26)."""
    made = _party("SellerTradeParty", seller, vat_number(seller.tax_number))
    if vat_number(seller.tax_number) is None:
        made.insert(0, element("ID", seller.tax_number or organization_id))
        if seller.tax_number:
            number = element("ID", seller.tax_number, schemeID="FC")
            made.append(element("SpecifiedTaxRegistration", number))
    return made


def buyer_party(buyer: Party, *, is_taxed: bool) -> Element:
    """The buyer, with its VAT number when the document is one of VAT."""
    return _party("BuyerTradeParty", buyer, vat_number(buyer.tax_number) if is_taxed else None)


def place_of_delivery(buyer: Party) -> Element:
    """Where it was delivered, when that is not where the buyer is and its country is known."""
    place = buyer.shipping_address
    if place is None or place == buyer.address or not place.country:
        return element("ApplicableHeaderTradeDelivery")
    taker = element("ShipToTradeParty", element("Name", _name(buyer)), _address(place))
    return element("ApplicableHeaderTradeDelivery", taker)


def _name(party: Party) -> str:
    return " ".join(party.name.split())


def _party(role: str, party: Party, number: str | None) -> Element:
    registration, mail = some("ID", number, schemeID="VA"), _mail(party)
    return element(
        role,
        element("Name", _name(party)),
        _contact(party),
        _address(party.address),
        None if mail is None else element("URIUniversalCommunication", mail),
        None if registration is None else element("SpecifiedTaxRegistration", registration),
    )


def _mail(party: Party) -> Element | None:
    return some("URIID", party.email, schemeID="EM")


def _contact(party: Party) -> Element | None:
    phone, mail = some("CompleteNumber", party.phone), _mail(party)
    if phone is None and mail is None:
        return None
    return element(
        "DefinedTradeContact",
        element("PersonName", _name(party)),
        None if phone is None else element("TelephoneUniversalCommunication", phone),
        None if mail is None else element("EmailURIUniversalCommunication", mail),
    )


def _address(address: Address | None) -> Element:
    address = address or Address()
    return element(
        "PostalTradeAddress",
        some("PostcodeCode", address.postal_code),
        some("LineOne", address.line1),
        some("LineTwo", address.line2),
        some("CityName", address.city),
        some("CountryID", address.country),
        some("CountrySubDivisionName", address.state),
    )

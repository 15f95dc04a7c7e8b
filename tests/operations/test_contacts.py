"""Contacts: taken in, found, changed, erased, deleted; and what history remembers of them."""

from __future__ import annotations

CREATE = """
mutation Create($name: String!, $type: ContactType!, $email: String) {
  createContact(name: $name, contactType: $type, email: $email, taxId: "123456789",
    billingAddress: {line1: "1 Main St", country: "us"}, phone: "+1-555-0123") {
    id name contactType contactTypes email phone taxId isActive version
    billingAddress { line1 country } paymentTerms { percent days }
  }
}
"""


async def test_a_contact_is_taken_in_and_found_again(books):
    made = (await books.ask(CREATE, name="Jane", type="CUSTOMER", email="jane@example.com"))[
        "createContact"
    ]
    assert made["billingAddress"] == {"line1": "1 Main St", "country": "US"}
    found = await books.ask(
        "query Find($id: ID!) { contact(id: $id) { name email transactions { id } } }",
        id=made["id"],
    )
    assert found["contact"] == {"name": "Jane", "email": "jane@example.com", "transactions": []}
    listed = await books.ask(
        "{ contacts(where: {contactType: {eq: CUSTOMER}}) { id }"
        "  vendors: contacts(where: {contactType: {eq: VENDOR}}) { id } }"
    )
    assert listed == {"contacts": [{"id": made["id"]}], "vendors": []}

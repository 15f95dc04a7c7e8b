"""The published operations on contacts, invoices and bills, with their arguments and fields."""

CONTACT = """
query GetContact($id: ID!) {
  contact(id: $id) {
    id name contactType email phone
    transactions(limit: 5) { id description amount }
    invoices { id invoiceNumber total status }
    bills { id billNumber total status }
  }
}"""
CONTACTS = """
query {
  organization { contacts { id name contactType email phone taxId createdAt } }
}"""
CREATE_CONTACT = """
mutation CreateContact($name: String!, $type: ContactType!, $email: String) {
  createContact(
    name: $name, contactType: $type, email: $email, phone: "+1-555-0199", taxId: "987654321"
  ) { id name contactType email phone createdAt }
}"""
CREATE_SHORT_CONTACT = """
mutation CreateContact($name: String!, $type: ContactType!, $email: String) {
  createContact(name: $name, contactType: $type, email: $email) {
    id name contactType email createdAt
  }
}"""
UPDATE_CONTACT = """
mutation UpdateContact($id: ID!, $email: String, $phone: String) {
  updateContact(id: $id, email: $email, phone: $phone) { id name email phone updatedAt }
}"""
DELETE_CONTACT = "mutation DeleteContact($id: ID!) { deleteContact(id: $id) }"
LINES = "items { description quantity unitPrice lineTotal }"
PAYMENTS = "payments { amount paymentDate paymentMethod }"
INVOICE = f"""
query GetInvoice($id: ID!) {{
  invoice(id: $id) {{
    id invoiceNumber status total currency {{ code }} contactId invoiceDate dueDate
    {LINES} {PAYMENTS} pdfUrl
  }}
}}"""
BILL = f"""
query GetBill($id: ID!) {{
  bill(id: $id) {{
    id billNumber status total currency {{ code }} contactId billDate dueDate
    {LINES} {PAYMENTS} pdfUrl
  }}
}}"""
INVOICES = """
query {
  organization {
    invoices {
      id invoiceNumber contactId invoiceDate dueDate status subtotal taxAmount total
      currency { code symbol } createdAt
    }
  }
}"""
BILLS = """
query {
  organization {
    bills {
      id billNumber contactId billDate dueDate status subtotal taxAmount total
      currency { code symbol } createdAt
    }
  }
}"""
CREATE_INVOICE = f"""
mutation CreateInvoice(
  $contactId: ID! $invoiceDate: DateTime! $dueDate: DateTime! $items: [InvoiceItemInput!]!
) {{
  createInvoice(
    contactId: $contactId invoiceDate: $invoiceDate dueDate: $dueDate items: $items
    notes: "Thank you."
  ) {{
    id invoiceNumber contactId invoiceDate dueDate status subtotal taxAmount total {LINES}
  }}
}}"""
CREATE_BILL = f"""
mutation CreateBill(
  $contactId: ID! $billDate: DateTime! $dueDate: DateTime! $items: [BillItemInput!]!
) {{
  createBill(
    contactId: $contactId billDate: $billDate dueDate: $dueDate items: $items
    notes: "For the office."
  ) {{
    id billNumber contactId billDate dueDate status subtotal taxAmount total {LINES}
  }}
}}"""
PAY_INVOICE = """
mutation RecordInvoicePayment(
  $invoiceId: ID! $amount: Decimal! $paymentDate: DateTime! $paymentMethod: String!
) {
  recordInvoicePayment(
    invoiceId: $invoiceId amount: $amount paymentDate: $paymentDate paymentMethod: $paymentMethod
  ) { id amount paymentDate paymentMethod }
}"""
PAY_BILL = """
mutation RecordBillPayment(
  $billId: ID! $amount: Decimal! $paymentDate: DateTime! $paymentMethod: String!
) {
  recordBillPayment(
    billId: $billId amount: $amount paymentDate: $paymentDate paymentMethod: $paymentMethod
  ) { id amount paymentDate paymentMethod }
}"""

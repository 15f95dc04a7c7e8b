"""What accounting means: the rules of double entry, as plain values and pure functions.

Nothing here reads a file, a clock or a socket, and nothing imports more than the
standard library. A caller brings the facts (accounts, transactions, today's date), asks a
question, and gets an answer or a `LedgerError`; what it then stores is its own affair.

The books, in the order in which to read them: `errors` lists everything that can be refused.
`money`, `currencies` and `dates` say what an amount and a day are, `texts` and `ids` what may be
written and how it is named, `organizations` and `keys` whose it is, `accounts`, `chart` and
`templates` what it stands in, `transactions`, `drafting`, `balancing` and `posting` how it moves,
`balances` and `reports` (with `trial_balance`, `balance_sheet` and `income_statement`) what it
adds up to.

Documents are built on them. `contacts`, `items`, `categories`, `taxes` and `document_settings`
are what they are made of, which `references` keeps to the books. `quantities`, `pricing` and
`taxing` say what they come to, `documents`, `line_drafting` and `document_drafting` how one is
drawn up. `open_items` makes up the control accounts: `converting`, `document_entries` and
`issuing` tell how a document becomes one, `payments`, `payment_entries` and `paying` how a
payment does, and `direct_items` how an entry does; `settling` and `carrying` set one against
another, and `lifecycle` says what status that gives. `aging`, `contact_statement`, `sales`,
`tax_report` and `category_report` are what is reported of it all.

Beside them, `attachments` and `file_types` are the files, `events` seals history, `erasure` lets
it forget a person, and `health` recomputes what must always hold. `facts` makes quickly what is
made by the thousand.
"""

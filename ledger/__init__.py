"""What accounting means: the rules of double entry, as plain values and pure functions.

Nothing here reads a file, a clock or a socket, and nothing imports more than the
standard library. A caller brings the facts (accounts, transactions, today's date), asks a
question, and gets an answer or a `LedgerError`; what it then stores is its own affair.

`money` and `currencies` say what an amount is, `accounts`, `chart` and `templates` what it
stands in, `transactions`, `drafting`, `balancing` and `posting` how it moves, `balances` and
`reports` (with a file for each report) what it adds up to, `organizations` and `keys` whose it
is, `texts` and `ids` what may be written and how it is named, `events` how history is sealed,
and `errors` lists everything that can be refused.
"""

"""What accounting means: the rules of double entry, as plain values and pure functions.

Nothing here reads a file, a clock or a socket, and nothing imports more than the
standard library. A caller brings the facts (accounts, transactions, today's date), asks a
question, and gets an answer or a `LedgerError`; what it then stores is its own affair.

`money` and `currencies` say what an amount is, `accounts` and `charts` what it stands in,
`transactions` and `posting` how it moves, `balances` and `reports` what it adds up to,
`events` how history is sealed, and `errors` lists everything that can be refused.
"""

"""How a call runs: who asks, what it needs, what the ledger says, what is written.

Every operation of every protocol passes one gate (`gate`): key, organization, scope, rate
limit, idempotency, credits. A query then reads one snapshot. A mutation becomes a `Command`:
what it must read, and a decision over the `Books` read for it. The `writer` gathers the
commands that wait while a commit is under way, reads for all of them, lets each decide, and
writes what was decided in one transaction with events and idempotency records: a constant
number of statements for any number of commands. The files by noun hold the decisions.
"""

"""The bench: what the service costs, beside what the machine could do at best.

`python -m bench` starts servers as `crane serve` does, asks them over HTTP from a process of its
own, and runs beside them, in turn and in the same minute, the limit of each: pgbench and a bare
sqlite3 loop with the statements that the store was seen to execute, PostGraphile on the same
database, Strawberry's own execution, an empty route, hledger and beancount on the same entries.
Only ratios of one run mean anything; absolute figures are those of one machine and hour.

`load` asks, `serving` and `postgraphile` answer, `places` keeps databases, `books` fills them and
`filling` fills large ones, `limits` are those of posting, `stock` is Strawberry as it comes.
`posting`, `jobs`, `beside`, `executing`, `reading`, `journals` and `paper` are the parts;
`checking` runs `crane check` after them. `results` holds medians, ratios, verdicts and the tables,
`plot` draws. `bench.crash` is a proof and no measurement.
"""

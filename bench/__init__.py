"""The bench: what the service costs, beside what the machine could do at best.

`python -m bench` starts servers as `crane serve` does, asks them over HTTP from a process of its
own, and runs beside them, in turn and in the same minute, the limit of each: pgbench and a bare
sqlite3 loop with the statements that the store was seen to execute, an empty route, an empty
field. Only ratios of one run mean anything; absolute figures are those of one machine and hour.

`load` asks, `serving` answers, `places` keeps databases, `books` fills them, `limits` are the
limits, `posting` and `reading` are the parts, `results` holds medians, ratios and the table.
`bench.crash` is a proof and no measurement.
"""

"""The tables of figures: what the processes have counted of requests, for `metrics`.

`request_figure` has a row for an organization, a span of time, an operation, how it ended, and a
bucket of how long it took; `span` is 1 for a minute and 60 for an hour, `minute` when that began,
counted from 1970. `request_total` is what all organizations have ever asked, all in all. Neither
refers to anything: counting waits for nobody, and nobody for it.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint

from store.columns import column, table
from store.credit_tables import metadata
from store.dialects import Count, Word

__all__ = ["metadata"]  # that of all tables: this page follows on `credit_tables`

request_figure = table(
    "request_figure",
    column("organization_id", Word),
    column("span", Count),
    column("minute", Count),
    column("operation", Word),
    column("kind", Word),
    column("code", Word),
    column("bucket", Count),
    column("requests", Count),
    column("microseconds", Count),
    PrimaryKeyConstraint(
        "organization_id", "span", "minute", "operation", "kind", "code", "bucket"
    ),
    CheckConstraint("span IN (1, 60)", name="span"),
)

request_total = table(
    "request_total",
    column("operation", Word),
    column("kind", Word),
    column("code", Word),
    column("bucket", Count),
    column("requests", Count),
    column("microseconds", Count),
    PrimaryKeyConstraint("operation", "kind", "code", "bucket"),
)

"""Where the books are kept: the only package that knows SQL.

`tables` and `document_tables` are the pages with every table; `engines` holds every difference
between SQLite and PostgreSQL; the other files are one per noun, their functions named as
questions (`listed`, `existing`) or as what they put down (`insert`, `add`). All of them are
plain functions of a connection: they run inside one transaction that somebody else opened, and
never commit. On PostgreSQL they run in a greenlet over asyncpg, on SQLite over aiosqlite, and
read the same. `nouns` makes rows of facts and facts of rows, where no more is to be done.

Every table of an organization's data begins its keys with `organization_id`, and every
statement filters by it: that is what keeps tenants apart, and what lets a cluster shard.
"""

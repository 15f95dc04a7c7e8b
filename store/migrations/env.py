"""Run by Alembic: the steps go through the connection that `upgrade` was given."""

from alembic import context

from store.figure_tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=False)
context.run_migrations()

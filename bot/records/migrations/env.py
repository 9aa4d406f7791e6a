"""How Alembic runs here: on the connection, and in the transaction, of `bot.records.upgrade`."""

from alembic import context

from bot.records.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
context.run_migrations()

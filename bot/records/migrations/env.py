"""How Alembic runs here: on the connection, and in the transaction, of `bot.records.upgrade`."""

from alembic import context

from bot.records import flow_log_tables, staff_tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=(flow_log_tables.flow_log_lines.metadata, staff_tables.staff.metadata),
    transactional_ddl=True,
)
context.run_migrations()

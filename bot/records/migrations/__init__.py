"""The history of the tables, for Alembic. Never change a version that was released: add one."""

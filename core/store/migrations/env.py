"""Alembic's entry: uses the connection it is given, inside the transaction that is open on it."""

from __future__ import annotations

from alembic import context

from core.store.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()

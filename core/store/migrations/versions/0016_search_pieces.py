"""The search index is written in larger pieces, and more of them wait before they are merged."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SETTINGS = {"hashsize": 8 * 1024 * 1024, "automerge": 8}
"""Bytes gathered before a piece is written, so that a batch of an import is one; pieces of a size before a merge."""


def upgrade() -> None:
    """Set both, where the index is SQLite's."""
    if op.get_bind().dialect.name == "sqlite":
        for name, value in SETTINGS.items():
            op.execute(f"INSERT INTO search(search, rank) VALUES ('{name}', {value})")  # noqa: S608 - our own

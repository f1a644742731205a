"""Second opinions, what waits for them, and the audit stream; the queue gets the sort keys they bring."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

EXPECTED = {
    "": [],
    "policy_": ["policy_id"],
    "state_": ["state"],
    "policy_state_": ["policy_id", "state"],
    "apart_": ["disagrees"],
    "apart_policy_": ["disagrees", "policy_id"],
}
"""The columns before `expected` in each index of that order."""


def upgrade() -> None:
    """Add columns and indexes to the queue, then make the tables."""
    op.add_column("queue_entry", sa.Column("opinion", sa.Float(), nullable=False, server_default="-1"))
    op.add_column("queue_entry", sa.Column("expected", sa.Float(), nullable=False, server_default="-1"))
    op.add_column("queue_entry", sa.Column("waits", sa.Integer(), nullable=False, server_default="0"))
    for name, columns in EXPECTED.items():
        where = sa.text("disagrees = 1") if name.startswith("apart") else None
        op.create_index(
            f"ix_entry_{name}expected",
            "queue_entry",
            [*columns, sa.text("expected DESC"), "id"],
            sqlite_where=where,
            postgresql_where=where,
        )
    waiting = sa.text("waits > 0")
    op.create_index(
        "ix_entry_waits", "queue_entry", ["policy_id", "waits", "id"], sqlite_where=waiting, postgresql_where=waiting
    )
    _make_opinions()
    _make_audit_stream()


def _make_opinions() -> None:
    op.create_table(
        "second_opinion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("model", sa.LargeBinary(), nullable=True),
        sa.Column("model_sha256", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("policy_id", "version"),
    )
    op.create_table(
        "deferral",
        sa.Column("policy_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("guarantee", sa.Text(), nullable=False),
        sa.Column("audit_percent", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("policy_id"),
    )


def _make_audit_stream() -> None:
    op.create_table(
        "audit_draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.String(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("up_to", sa.Integer(), nullable=False),
        sa.Column("strata", sa.Text(), nullable=False),
        sa.Column("drawn_by", sa.String(), nullable=False),
        sa.Column("drawn_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_audit_draw_policy", "audit_draw", ["policy_id", "id"], unique=False)
    op.create_table(
        "audit_sample",
        sa.Column("draw", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("layer", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["draw"], ["audit_draw.id"]),
        sa.ForeignKeyConstraint(["entry_key"], ["queue_entry.id"]),
        sa.PrimaryKeyConstraint("draw", "entry_key"),
    )

"""What a lead watches over: rules of review, golden items, skips for one reviewer, second reviews."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and let nobody change an independent decision."""
    op.create_table(
        "review_rules",
        sa.Column("policy_id", sa.String(), nullable=False),
        sa.Column("blind_percent", sa.Integer(), nullable=False),
        sa.Column("second_percent", sa.Integer(), nullable=False),
        sa.Column("cause_when", sa.String(), nullable=False),
        sa.Column("note_when", sa.String(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("policy_id"),
    )
    op.create_table(
        "golden",
        _entry_key(),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("added_at", sa.String(), nullable=False),
        sa.Column("after_decision", sa.Integer(), nullable=False),
        sa.Column("after_independent", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry_key"], ["queue_entry.id"]),
        sa.PrimaryKeyConstraint("entry_key"),
    )
    op.create_table(
        "skip",
        _entry_key(),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["entry_key"], ["queue_entry.id"]),
        sa.PrimaryKeyConstraint("entry_key", "reviewer"),
    )
    _make_second_reviews()


def _entry_key() -> sa.Column[int]:
    return sa.Column("entry_key", sa.Integer(), autoincrement=False, nullable=False)


def _make_second_reviews() -> None:
    op.create_table(
        "independent_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_key", sa.Integer(), nullable=False),
        sa.Column("item_key", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.String(), nullable=False),
        sa.Column("policy_hash", sa.String(), nullable=False),
        sa.Column("verdict_key", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("violates", sa.Boolean(), nullable=True),
        sa.Column("agrees", sa.Boolean(), nullable=True),
        sa.Column("cause", sa.String(), nullable=True),
        sa.Column("rule_id", sa.String(), nullable=True),
        sa.Column("remark", sa.Integer(), nullable=True),
        sa.Column("reviewer", sa.String(), nullable=False),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["entry_key"], ["queue_entry.id"]),
        sa.ForeignKeyConstraint(["item_key"], ["item.id"]),
        sa.ForeignKeyConstraint(["policy_hash"], ["policy_version.hash"]),
        sa.ForeignKeyConstraint(["verdict_key"], ["verdict.id"]),
        sa.ForeignKeyConstraint(["remark"], ["remark.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_independent_entry", "independent_decision", ["entry_key", "reviewer", "id"], unique=False)
    op.create_table(
        "second_review",
        _entry_key(),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("first_key", sa.Integer(), nullable=False),
        sa.Column("first_reviewer", sa.String(), nullable=False),
        sa.Column("second_key", sa.Integer(), nullable=True),
        sa.Column("adjudicated_key", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["entry_key"], ["queue_entry.id"]),
        sa.ForeignKeyConstraint(["first_key"], ["decision.id"]),
        sa.ForeignKeyConstraint(["second_key"], ["independent_decision.id"]),
        sa.ForeignKeyConstraint(["adjudicated_key"], ["decision.id"]),
        sa.PrimaryKeyConstraint("entry_key"),
    )
    op.create_index("ix_second_review_state", "second_review", ["state", "entry_key"], unique=False)
    name = "independent_decision"
    refuse = f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
    there = f"WHEN EXISTS (SELECT 1 FROM {name} WHERE id = NEW.id)"  # noqa: S608 - our own names
    op.execute(f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} {refuse}")
    op.execute(f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} {refuse}")
    op.execute(f"CREATE TRIGGER {name}_no_replace BEFORE INSERT ON {name} {there} {refuse}")

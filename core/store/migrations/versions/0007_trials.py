"""Drafts of policies, case sets, verdicts of texts on trial, and the runs made of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

APPEND_ONLY = {"case_set": ("id", "name"), "case_entry": ("id",), "trial_run": ("id",)}
"""The tables that are never changed, each with the columns no two rows share."""


def upgrade() -> None:
    """Make the tables and the triggers that keep cases and runs as they are."""
    op.create_table(
        "policy_draft",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("policy_id", sa.String(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("base_hash", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("updated_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "case_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "case_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("set_key", sa.Integer(), nullable=False),
        sa.Column("item_key", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("violates", sa.Boolean(), nullable=False),
        sa.Column("rule_id", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("decision_key", sa.Integer(), nullable=True),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("added_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["set_key"], ["case_set.id"]),
        sa.ForeignKeyConstraint(["item_key"], ["item.id"]),
        sa.ForeignKeyConstraint(["decision_key"], ["decision.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("set_key", "item_key", "policy_id"),
    )
    op.create_index("ix_case_policy", "case_entry", ["set_key", "policy_id", "id"], unique=False)
    op.create_table(
        "trial_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.String(), nullable=False),
        sa.Column("draft_hash", sa.String(), nullable=False),
        sa.Column("against_hash", sa.String(), nullable=False),
        sa.Column("set_key", sa.Integer(), nullable=False),
        sa.Column("cases_sha256", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("model_sha256", sa.String(), nullable=False),
        sa.Column("effort", sa.String(), nullable=False),
        sa.Column("fast", sa.Boolean(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("started_at", sa.String(), nullable=False),
        sa.Column("finished_at", sa.String(), nullable=False),
        sa.Column("flips", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["set_key"], ["case_set.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_trial_draft", "trial_run", ["draft_hash", "id"], unique=False)
    op.create_index("ix_trial_policy", "trial_run", ["policy_id", "id"], unique=False)
    op.create_table(
        "trial_verdict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_key", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.String(), nullable=False),
        sa.Column("policy_hash", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("violates", sa.Boolean(), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("reasoning", sa.Text(), nullable=False),
        sa.Column("rule_ids", sa.Text(), nullable=False),
        sa.Column("quotes", sa.Text(), nullable=False),
        sa.Column("invented", sa.Text(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("model_sha256", sa.String(), nullable=False),
        sa.Column("prompt_sha256", sa.String(), nullable=False),
        sa.Column("prompt_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("effort", sa.String(), nullable=True),
        sa.Column("raw_output", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("label_mass", sa.Float(), nullable=True),
        sa.Column("reasoning_cut", sa.Boolean(), nullable=False),
        sa.Column("rationale_cut", sa.Boolean(), nullable=False),
        sa.Column("fast", sa.Boolean(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["item_key"], ["item.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("policy_hash", "item_key", "model_sha256", "model", "effort", "fast"),
    )
    op.create_index("ix_trial_verdict_item", "trial_verdict", ["item_key", "id"], unique=False)
    for table, unique in APPEND_ONLY.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        same = " OR ".join(f"{column} = NEW.{column}" for column in unique)
        there = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - our own names
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} {there} {refuse}")

"""A search index over content, reasoning and notes, and counts of the queue; triggers keep both in step."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SEARCH = (
    "CREATE VIRTUAL TABLE search USING fts5(text, item_key UNINDEXED, content='', contentless_delete=1,"
    " contentless_unindexed=1, tokenize='trigram')",
    "INSERT INTO search(search, rank) VALUES ('pgsz', 3950)",
    "CREATE VIRTUAL TABLE search_trigram USING fts5vocab(search, instance)",
)
# Of each record: its number in the index, what is found of it, when there is anything, and its item's key.
RECORDS = {
    "item": (
        0,
        "{0}.item_id || char(10) || coalesce((SELECT group_concat(json_extract(value, '$[1]'), char(10))"
        " FROM json_each({0}.messages)), {0}.content) || char(10) || coalesce({0}.parent, '') || char(10, 10)",
        "",
        "id",
    ),
    "verdict": (
        1,
        "{0}.reasoning || char(10) || {0}.rationale || char(10, 10)",
        "{0}.reasoning <> '' OR {0}.rationale <> ''",
        "item_key",
    ),
    "decision": (2, "{0}.note || char(10, 10)", "{0}.note <> ''", "item_key"),
    "remark": (3, "{0}.reason || char(10, 10)", "{0}.reason <> ''", "item_key"),
}
COUNT = (
    "INSERT INTO queue_count (policy_id, state, apart, entries)"
    " VALUES (coalesce({0}.policy_id, ''), {0}.state, {0}.disagrees = 1, {1})"
    " ON CONFLICT (policy_id, state, apart) DO UPDATE SET entries = entries + excluded.entries;"
)


def upgrade() -> None:
    """Make both, fill them from what is there, then put the triggers in place."""
    op.create_table(
        "queue_count",
        sa.Column("policy_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("apart", sa.Boolean(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("policy_id", "state", "apart"),
    )
    if op.get_bind().dialect.name != "sqlite":  # a server has its own: migrations.server
        return
    for statement in SEARCH:
        op.execute(statement)
    for table, (number, text, when, owner) in RECORDS.items():
        entry = "INSERT INTO search(rowid, text, item_key)"
        values = f"{{0}}.id * 4 + {number}, {text}, {{0}}.{owner}"
        only = f" WHERE {when.format(table)}" if when else ""
        op.execute(f"{entry} SELECT {values.format(table)} FROM {table}{only}")  # noqa: S608 - our own names
        insert = f"{entry} VALUES ({values.format('NEW')});"
        unless = f"WHEN {when.format('NEW')} " if when else ""
        forget = f"DELETE FROM search WHERE rowid = OLD.id * 4 + {number};"  # noqa: S608 - our own names
        again = insert if table == "item" else ""
        op.execute(f"CREATE TRIGGER search_{table} AFTER INSERT ON {table} {unless}BEGIN {insert} END")
        op.execute(f"CREATE TRIGGER search_{table}_purged AFTER UPDATE ON {table} BEGIN {forget} {again} END")
    _count()


def _count() -> None:
    op.execute(
        "INSERT INTO queue_count (policy_id, state, apart, entries)"
        " SELECT coalesce(policy_id, ''), state, disagrees = 1, count(*) FROM queue_entry GROUP BY 1, 2, 3"
    )
    less, more = COUNT.format("OLD", -1), COUNT.format("NEW", 1)
    moved = "(NEW.policy_id, NEW.state, NEW.disagrees = 1) IS NOT (OLD.policy_id, OLD.state, OLD.disagrees = 1)"
    op.execute(f"CREATE TRIGGER count_added AFTER INSERT ON queue_entry BEGIN {more} END")
    op.execute(
        "CREATE TRIGGER count_moved AFTER UPDATE OF policy_id, state, disagrees ON queue_entry"
        f" WHEN {moved} BEGIN {less} {more} END"
    )
    op.execute(f"CREATE TRIGGER count_removed AFTER DELETE ON queue_entry BEGIN {less} END")

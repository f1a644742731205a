"""Room on a server for the size and time of a model file and for the seed of a draw, which do not fit in 32 bits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

WIDER = {"model_file": ("size_bytes", "mtime_ns"), "audit_draw": ("seed",)}


def upgrade() -> None:
    """Widen the columns; in a file an integer has 64 bits already."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, columns in WIDER.items():
        for column in columns:
            op.alter_column(table, column, type_=sa.BigInteger(), existing_type=sa.Integer(), existing_nullable=False)

"""What checks asked the services and were answered, for a while."""

import sqlalchemy as sa
from alembic import op

from storage.kinds import TEXT

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A new table, empty."""
    op.create_table(
        "exchanges",
        *(
            sa.Column(name, TEXT, primary_key=True, nullable=False)
            for name in ("report_id", "check_id")
        ),
        *(sa.Column(name, TEXT, nullable=False) for name in ("made", "kept_at")),
        sqlite_strict=True,
    )

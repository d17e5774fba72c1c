"""The account service's documents, and the demo inbox."""

import sqlalchemy as sa
from alembic import op

from assistant.store.tables import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "account_documents",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_account_documents"),
    )
    op.create_table(
        "account_lookups",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("document", sa.String(64), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "document", name="pk_account_lookups"),
    )
    op.create_index("ix_account_lookups_document", "account_lookups", ["document"])
    op.create_table(
        "account_records",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("inputs", sa.String(64), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_account_records"),
    )
    op.create_index("ix_account_records_at", "account_records", ["at"])
    op.create_table(
        "demo_inbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_demo_inbox"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("demo_inbox", "account_records", "account_lookups", "account_documents"):
        op.drop_table(table)

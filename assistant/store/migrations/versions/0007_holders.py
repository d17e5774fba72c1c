"""Whose conversation it is, by digest, and further tokens for the same conversation on other devices."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the table."""
    with op.batch_alter_table("conversations") as batch:
        batch.add_column(sa.Column("holder", sa.String(64), nullable=True))
    op.create_index("ix_conversations_holder_updated_at", "conversations", ["holder", "updated_at"])
    op.create_table(
        "conversation_tokens",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_conversation_tokens"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_conversation_tokens_conversation_id", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("conversation_tokens")
    op.drop_index("ix_conversations_holder_updated_at", "conversations")
    with op.batch_alter_table("conversations") as batch:
        batch.drop_column("holder")

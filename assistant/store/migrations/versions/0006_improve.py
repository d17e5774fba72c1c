"""Improving the knowledge base: added phrasings, drafts, question states, what turns came to, steps of flows walked."""

import sqlalchemy as sa
from alembic import op

from assistant.store.tables import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TURN_COLUMNS: tuple[tuple[str, sa.Float[float] | sa.String], ...] = (
    ("confidence", sa.Float()),
    ("flow", sa.String(64)),
    ("act", sa.String(16)),
)


def upgrade() -> None:
    """Create the tables, and widen the turns."""
    op.create_table(
        "added_phrasings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(128), nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("added_by", sa.String(128), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime()),
        sa.Column("promoted_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_added_phrasings"),
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(128), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("drafted_by", sa.String(128), nullable=False),
        sa.Column("drafted_at", UtcDateTime(), nullable=False),
        sa.Column("promoted_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
    )
    op.create_table(
        "question_states",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("set_by", sa.String(128), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_question_states"),
    )
    op.create_table(
        "flow_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("flow", sa.String(64), nullable=False),
        sa.Column("run", sa.String(64), nullable=False),
        sa.Column("step", sa.String(64), nullable=False),
        sa.Column("ended", sa.String(16)),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_flow_steps_conversation_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_flow_steps"),
    )
    op.create_index("ix_flow_steps_at", "flow_steps", ["at"])
    op.create_index("ix_flow_steps_conversation_id", "flow_steps", ["conversation_id"])
    for name, kind in _TURN_COLUMNS:
        op.add_column("turns", sa.Column(name, kind))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("turns") as turns:
        for name, _ in _TURN_COLUMNS:
            turns.drop_column(name)
    for table in ("flow_steps", "question_states", "drafts", "added_phrasings"):
        op.drop_table(table)

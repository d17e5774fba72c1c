"""WeCom: deliveries, members, tokens, and the outbox."""

import sqlalchemy as sa
from alembic import op

from assistant.store.tables import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _create_members()
    for name, key in (("wecom_deliveries", "key"), ("wecom_cards", "task_id")):
        required = name == "wecom_cards"
        op.create_table(
            name,
            sa.Column(key, sa.String(64), nullable=False),
            sa.Column("member_id", sa.Integer(), nullable=False),
            sa.Column("body", sa.Text(), nullable=not required),
            *([] if required else [sa.Column("mode", sa.String(16))]),
            sa.Column("at", UtcDateTime(), nullable=False),
            sa.ForeignKeyConstraint(["member_id"], ["wecom_members.id"], name=f"fk_{name}_member_id", ondelete="CASCADE"),
            sa.PrimaryKeyConstraint(key, name=f"pk_{name}"),
        )
        op.create_index(f"ix_{name}_at", name, ["at"])
        op.create_index(f"ix_{name}_member_id", name, ["member_id"])
    op.create_table(
        "wecom_tokens",
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("token", sa.Text()),
        sa.Column("expires_at", UtcDateTime()),
        sa.Column("refreshing_until", UtcDateTime()),
        sa.PrimaryKeyConstraint("name", name="pk_wecom_tokens"),
    )
    _create_outbox()


def _create_members() -> None:
    op.create_table(
        "wecom_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("corp", sa.String(64), nullable=False),
        sa.Column("chat", sa.String(128), nullable=False),
        sa.Column("user_id", sa.String(128), nullable=False),
        sa.Column("conversation_id", sa.String(32)),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("account", sa.String(64)),
        sa.Column("bound_at", UtcDateTime()),
        sa.Column("unbound_at", UtcDateTime()),
        sa.Column("greeted_at", UtcDateTime()),
        sa.Column("live_cursor", sa.Integer(), nullable=False),
        sa.Column("response_url", sa.Text()),
        sa.Column("response_url_at", UtcDateTime()),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_wecom_members_conversation_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_wecom_members"),
        sa.UniqueConstraint("channel", "corp", "chat", "user_id", name="uq_wecom_members_channel_corp_chat_user_id"),
    )
    op.create_index("ix_wecom_members_conversation_id", "wecom_members", ["conversation_id"])


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("lane", sa.String(200), nullable=False),
        sa.Column("body", sa.Text()),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    op.create_index("ix_outbox_state_due_at", "outbox", ["state", "due_at"])
    op.create_index("ix_outbox_lane_state", "outbox", ["lane", "state"])
    op.create_table(
        "outbox_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("code", sa.Integer()),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name="fk_outbox_log_outbox_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox_log"),
    )
    op.create_index("ix_outbox_log_outbox_id", "outbox_log", ["outbox_id"])


def downgrade() -> None:
    """Drop them."""
    for table in ("outbox_log", "outbox", "wecom_tokens", "wecom_cards", "wecom_deliveries", "wecom_members"):
        op.drop_table(table)

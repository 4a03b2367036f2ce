"""Words that nobody knows yet, and what a youth would rather not do.

Revision: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unknown_word",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("word", sa.String(length=30), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("meant", sa.String(length=60), nullable=True),
        sa.CheckConstraint("days > 0", name=op.f("ck_unknown_word_was_read")),
        sa.ForeignKeyConstraint(["meant"], ["tag.code"], name=op.f("fk_unknown_word_meant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unknown_word")),
        sa.UniqueConstraint("word", "language", name=op.f("uq_unknown_word_word_language")),
    )
    with op.batch_alter_table("unknown_word", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unknown_word_last_on"), ["last_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_unknown_word_days"), ["days"], unique=False)

    # With a default, so that the rows there are keep to it without the table being made anew.
    op.add_column("youth", sa.Column("dislikes", sa.JSON(), nullable=False, server_default=sa.text("'[]'")))

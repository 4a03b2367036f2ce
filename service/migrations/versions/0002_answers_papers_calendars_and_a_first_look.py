"""Answers by link, papers, calendars, and a first look.

Revision: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column(
            "code",
            sa.Enum(
                "nobody_there",
                "message_left",
                "calls_back",
                "will_answer",
                "needs_time",
                "somebody_else",
                "wrong_number",
                "does_not_want",
                "other",
                name="notecode",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=280), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_contact_note_account_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_contact_note_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_note")),
    )
    with op.batch_alter_table("contact_note", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contact_note_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("youth_id", sa.Uuid(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_calendar_feed_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["youth_id"], ["youth.id"], name=op.f("fk_calendar_feed_youth_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("account_id", name=op.f("uq_calendar_feed_account_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
        sa.UniqueConstraint("youth_id", name=op.f("uq_calendar_feed_youth_id")),
    )
    op.create_table(
        "agreement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("clauses", sa.JSON(), nullable=False),
        sa.Column("signatures", sa.JSON(), nullable=False),
        sa.Column("guardian_letter_on", sa.Date(), nullable=True),
        sa.Column("risk_inventory", sa.Boolean(), nullable=False),
        sa.Column("qualification", sa.String(length=5), nullable=True),
        sa.Column("recognised_from", sa.Date(), nullable=True),
        sa.Column("recognised_until", sa.Date(), nullable=True),
        sa.Column("recognition_seen_on", sa.Date(), nullable=True),
        sa.Column("guidance_fails", sa.Boolean(), nullable=False),
        sa.Column("acknowledged_rules", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_agreement_placement_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("placement_id", name=op.f("uq_agreement_placement_id")),
    )
    op.create_table(
        "question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "host_answer",
                "youth_answer",
                "school_papers",
                "offer_holds",
                "contact_holds",
                name="questionkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=True),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("mails_sent", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "answer",
            sa.Enum(
                "yes",
                "no",
                "other_days",
                "never_again",
                "handed_over",
                "silence",
                "not_needed",
                name="answercode",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "placement_id IS NOT NULL OR offer_id IS NOT NULL OR contact_id IS NOT NULL",
            name=op.f("ck_question_about_something"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_question_account_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact_person.id"], name=op.f("fk_question_contact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_question_offer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_question_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_question_placement_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_answered_at"), ["answered_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_offer_id"), ["offer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_placement_id"), ["placement_id"], unique=False)

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("waits_for_check", sa.Boolean(), server_default=sa.false(), nullable=False)
        )

    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("other_starts_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("other_ends_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("calendar_number", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("calendar_due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("is_in_calendars", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.create_index(batch_op.f("ix_placement_calendar_due_at"), ["calendar_due_at"], unique=False)

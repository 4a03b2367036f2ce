"""Free days, and digests for everybody.

Revision: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "free_period",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "region",
            sa.Enum(
                "north",
                "middle",
                "south",
                name="holidayregion",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "(region IS NULL) <> (school_id IS NULL)", name=op.f("ck_free_period_of_a_region_or_of_a_school")
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_free_period_days_in_order")),
        sa.ForeignKeyConstraint(
            ["school_id"], ["organisation.id"], name=op.f("fk_free_period_school_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_free_period")),
    )
    with op.batch_alter_table("free_period", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_free_period_region"), ["region"], unique=False)
        batch_op.create_index(batch_op.f("ix_free_period_school_id"), ["school_id"], unique=False)

    with op.batch_alter_table("digest", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "audience",
                sa.Enum(
                    "school",
                    "class",
                    "programme",
                    "host",
                    name="audience",
                    native_enum=False,
                    create_constraint=True,
                    length=40,
                ),
                server_default="school",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("class_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("programme_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("organisation_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("is_extra", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.alter_column("school_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.alter_column(
            "period", existing_type=sa.String(length=10), type_=sa.String(length=16), existing_nullable=False
        )
        batch_op.create_index(batch_op.f("ix_digest_class_id"), ["class_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_digest_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_digest_programme_id"), ["programme_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_digest_class_id"), "school_class", ["class_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_digest_programme_id"), "programme", ["programme_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_digest_organisation_id"),
            "organisation",
            ["organisation_id"],
            ["id"],
            ondelete="CASCADE",
        )

    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "audience",
                sa.Enum(
                    "school",
                    "class",
                    "programme",
                    "host",
                    name="audience",
                    native_enum=False,
                    create_constraint=True,
                    length=40,
                ),
                server_default="school",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("class_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("programme_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("organisation_id", sa.Uuid(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "rhythm",
                sa.Enum(
                    "daily",
                    "weekly",
                    "fortnightly",
                    "monthly",
                    name="rhythm",
                    native_enum=False,
                    create_constraint=True,
                    length=40,
                ),
                server_default="weekly",
                nullable=False,
            )
        )
        batch_op.alter_column("school_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.create_index(batch_op.f("ix_subscription_class_id"), ["class_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_subscription_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_subscription_programme_id"), ["programme_id"], unique=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_subscription_account_id_class_id"), ["account_id", "class_id"]
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_subscription_account_id_organisation_id"), ["account_id", "organisation_id"]
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_subscription_account_id_programme_id"), ["account_id", "programme_id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_subscription_class_id"), "school_class", ["class_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_subscription_programme_id"),
            "programme",
            ["programme_id"],
            ["id"],
            ondelete="CASCADE",
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_subscription_organisation_id"),
            "organisation",
            ["organisation_id"],
            ["id"],
            ondelete="CASCADE",
        )

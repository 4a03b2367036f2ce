"""Whether other days are possible is a question of its own.

Revision: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KINDS = ("host_answer", "youth_answer", "school_papers", "offer_holds", "contact_holds")
ANSWERS = ("yes", "no", "other_days", "never_again", "handed_over", "silence", "not_needed")
INDEXED = (
    "answered_at",
    "contact_id",
    "due_at",
    "kind",
    "offer_id",
    "organisation_id",
    "placement_id",
)


def one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def reference(column: str, table: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_question_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete=ondelete)


def question_as_it_was() -> sa.Table:
    """Told in full: SQLite makes the table anew, and cannot say itself what its checks are called."""
    return sa.Table(
        "question",
        sa.MetaData(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
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
        sa.Column("answer", sa.String(length=40), nullable=True),
        sa.CheckConstraint(one_of("kind", KINDS), name=op.f("ck_question_questionkind")),
        sa.CheckConstraint(one_of("answer", ANSWERS), name=op.f("ck_question_answercode")),
        sa.CheckConstraint(
            "placement_id IS NOT NULL OR offer_id IS NOT NULL OR contact_id IS NOT NULL",
            name=op.f("ck_question_about_something"),
        ),
        reference("account_id", "account", "SET NULL"),
        reference("contact_id", "contact_person"),
        reference("offer_id", "offer"),
        reference("organisation_id", "organisation"),
        reference("placement_id", "placement"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        *(sa.Index(op.f(f"ix_question_{column}"), column) for column in INDEXED),
    )


def upgrade() -> None:
    with op.batch_alter_table("question", schema=None, copy_from=question_as_it_was()) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_question_questionkind"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_question_questionkind"), one_of("kind", (*KINDS, "other_days"))
        )

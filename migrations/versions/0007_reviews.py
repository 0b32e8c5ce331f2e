"""reviews of the plan; until when the next is owed"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import tmr_app.kernel.db

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "plan_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("next_version_id", sa.Uuid(), nullable=True),
        sa.Column("begun_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("saved_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Uuid(), nullable=False),
        sa.Column("monitored_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("reviewed_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("course", sa.String(length=10), nullable=True),
        sa.Column("asks_reassessment", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("monitoring_enc", sa.LargeBinary(), nullable=True),
        sa.Column("well_being_enc", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "course IN ('better', 'same', 'worse')", name=op.f("ck_plan_review_review_course_known")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_plan_review_case_id")),
        sa.ForeignKeyConstraint(
            ["next_version_id"], ["plan_version.id"], name=op.f("fk_plan_review_next_version_id")
        ),
        sa.ForeignKeyConstraint(["saved_by_id"], ["person.id"], name=op.f("fk_plan_review_saved_by_id")),
        sa.ForeignKeyConstraint(["version_id"], ["plan_version.id"], name=op.f("fk_plan_review_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_review")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_plan_review_meeting_id")),
    )
    with op.batch_alter_table("plan_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_review_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_review_version_id"), ["version_id"], unique=False)

    op.create_table(
        "plan_review_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("action_key", sa.Uuid(), nullable=False),
        sa.Column("status_before", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("progress_enc", sa.LargeBinary(), nullable=True),
        sa.Column("notes_enc", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "status IN ('in_process', 'done', 'not_done')",
            name=op.f("ck_plan_review_item_review_status_known"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_plan_review_item_case_id")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["plan_review.id"], name=op.f("fk_plan_review_item_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_review_item")),
        sa.UniqueConstraint("review_id", "action_key", name="uq_plan_review_item_once"),
    )
    with op.batch_alter_table("plan_review_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_review_item_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_review_item_review_id"), ["review_id"], unique=False)

    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.add_column(sa.Column("review_due_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.drop_column("review_due_on")

    with op.batch_alter_table("plan_review_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_review_item_review_id"))
        batch_op.drop_index(batch_op.f("ix_plan_review_item_case_id"))

    op.drop_table("plan_review_item")
    with op.batch_alter_table("plan_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_review_version_id"))
        batch_op.drop_index(batch_op.f("ix_plan_review_case_id"))

    op.drop_table("plan_review")

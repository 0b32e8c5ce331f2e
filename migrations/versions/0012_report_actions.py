"""reports action by action; personal links to a report form"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import tmr_app.kernel.db

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "report_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("opened_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("sent_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("decided_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.Column("done_enc", sa.LargeBinary(), nullable=True),
        sa.Column("obstacles_enc", sa.LargeBinary(), nullable=True),
        sa.Column("needed_enc", sa.LargeBinary(), nullable=True),
        sa.Column("child_enc", sa.LargeBinary(), nullable=True),
        sa.Column("manager_part_enc", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_report_link_case_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_report_link_decided_by_id")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["person.id"], name=op.f("fk_report_link_issued_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_report_link_person_id")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["report_request.id"], name=op.f("fk_report_link_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_link")),
    )
    with op.batch_alter_table("report_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_link_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_link_request_id"), ["request_id"], unique=False)

    op.create_table(
        "report_action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("action_key", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("measure_enc", sa.LargeBinary(), nullable=True),
        sa.Column("done_enc", sa.LargeBinary(), nullable=True),
        sa.Column("obstacle_enc", sa.LargeBinary(), nullable=True),
        sa.Column("needed_enc", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "status IN ('in_process', 'done', 'not_done')",
            name=op.f("ck_report_action_report_action_status_known"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_report_action_case_id")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["progress_report.id"], name=op.f("fk_report_action_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_action")),
        sa.UniqueConstraint("report_id", "version", "action_key", name="uq_report_action_once"),
    )
    with op.batch_alter_table("report_action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_action_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_action_report_id"), ["report_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("report_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_action_report_id"))
        batch_op.drop_index(batch_op.f("ix_report_action_case_id"))

    op.drop_table("report_action")
    with op.batch_alter_table("report_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_link_request_id"))
        batch_op.drop_index(batch_op.f("ix_report_link_case_id"))

    op.drop_table("report_link")

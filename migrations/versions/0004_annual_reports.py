"""the yearly report, what is asked of it, and the sector a child works in"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import tmr_app.kernel.db

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "annual_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("compiled_by_id", sa.Uuid(), nullable=False),
        sa.Column("compiled_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("adopted_on", sa.Date(), nullable=True),
        sa.Column("adopted_by_id", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("submitted_by_id", sa.Uuid(), nullable=True),
        sa.Column("acknowledged_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("acknowledged_by_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.Column("figures_enc", sa.LargeBinary(), nullable=True),
        sa.Column("adoption_note_enc", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "status IN ('draft', 'adopted', 'submitted', 'acknowledged')",
            name=op.f("ck_annual_report_annual_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["acknowledged_by_id"], ["person.id"], name=op.f("fk_annual_report_acknowledged_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["adopted_by_id"], ["person.id"], name=op.f("fk_annual_report_adopted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["compiled_by_id"], ["person.id"], name=op.f("fk_annual_report_compiled_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_annual_report_municipality_id")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["person.id"], name=op.f("fk_annual_report_published_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["person.id"], name=op.f("fk_annual_report_submitted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annual_report")),
        sa.UniqueConstraint("municipality_id", "year", "version", name="uq_annual_report_version"),
    )
    with op.batch_alter_table("annual_report", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_annual_report_municipality_id"), ["municipality_id"], unique=False
        )

    op.create_table(
        "annual_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.String(length=12), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("once_key", sa.String(length=64), nullable=True),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("body IN ('ministry', 'council')", name=op.f("ck_annual_request_body_known")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_annual_request_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_annual_request_municipality_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_annual_request_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["annual_report.id"], name=op.f("fk_annual_request_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annual_request")),
        sa.UniqueConstraint("once_key", name=op.f("uq_annual_request_once_key")),
    )
    with op.batch_alter_table("annual_request", schema=None) as batch_op:
        batch_op.create_index("ix_annual_request_body", ["body", "answered_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_annual_request_municipality_id"), ["municipality_id"], unique=False
        )

    op.create_table(
        "annual_section",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.Column("edited_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("text_enc", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["edited_by_id"], ["person.id"], name=op.f("fk_annual_section_edited_by_id")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["annual_report.id"], name=op.f("fk_annual_section_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annual_section")),
        sa.UniqueConstraint("report_id", "key", name="uq_annual_section_once"),
    )
    with op.batch_alter_table("annual_section", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_annual_section_report_id"), ["report_id"], unique=False)

    op.create_table(
        "national_figures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("compiled_by_id", sa.Uuid(), nullable=False),
        sa.Column("compiled_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("figures_enc", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["compiled_by_id"], ["person.id"], name=op.f("fk_national_figures_compiled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_national_figures")),
        sa.UniqueConstraint("year", name=op.f("uq_national_figures_year")),
    )
    op.add_column("case_file", sa.Column("labour_sector", sa.String(length=20), nullable=True))


def downgrade() -> None:
    op.drop_column("case_file", "labour_sector")
    op.drop_table("national_figures")

    op.drop_table("annual_section")
    op.drop_table("annual_request")
    op.drop_table("annual_report")
